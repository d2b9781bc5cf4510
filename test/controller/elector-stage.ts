/** One replica that wants to lead, on a clock that stands still and a network that obeys. */
import { createElector, type Elector, type Term } from '../../src/controller/elector.ts';
import type { LeaseRecord } from '../../src/core/lease.ts';
import type { Clock } from '../../src/ports.ts';
import { createFakeClock, type FakeClock, settled } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';
import { type Call, type Journey, LeaseNetwork, LeaseServer, SWIFT } from './lease-server.ts';
import { createWitness, type Witness } from './witness.ts';

export const TIMES = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

/** As another replica wrote it, renewed long ago by its own clock. */
export const FOREIGN: LeaseRecord = {
  holder: 'other',
  leaseDurationSeconds: 15,
  acquireTime: '2020-01-01T00:00:00.000Z',
  renewTime: '2020-01-01T00:00:00.000Z',
  transitions: 3,
  resourceVersion: '',
};

export interface Replica {
  readonly elector: Elector;
  readonly server: LeaseServer;
  readonly clock: FakeClock;
  readonly witness: Witness;
  readonly calls: readonly Call[];
  readonly stop: AbortController;
  /** The term, once `lead` has resolved. */
  term(): Term | undefined;
  /** Whether `lead` has resolved, and not with a term. */
  hasGivenUp(): boolean;
  /** From now on, this becomes of each request. */
  travel(journey: Journey, verb?: Call['verb']): void;
  /** Time passes while nothing in this process runs. */
  stall(ms: number): void;
}

interface Cast {
  readonly roll?: number;
  readonly watch?: Journey;
}

export async function startReplica(record?: LeaseRecord, cast: Cast = {}): Promise<Replica> {
  const clock = createFakeClock(50_000);
  const server = new LeaseServer();
  if (record !== undefined) server.create(record);
  const journeys = new Map<Call['verb'], Journey>([['watch', cast.watch ?? SWIFT]]);
  const network = new LeaseNetwork(server, clock, (verb) => journeys.get(verb) ?? SWIFT);
  const witness = createWitness();
  let stalledMs = 0;
  const ownClock: Clock = {
    wallMs: () => clock.wallMs(),
    timestamp: () => clock.timestamp(),
    monotonicMs: () => clock.monotonicMs() + stalledMs,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    deadline: (ms, parent) => clock.deadline(ms, parent),
  };
  const elector = createElector({
    leases: network,
    clock: ownClock,
    chance: createLoadedChance(cast.roll ?? 0),
    log: witness.log,
    metrics: witness.metrics,
    identity: 'me',
    lease: 'operators/cognito-operator',
    settings: TIMES,
  });
  const stop = new AbortController();
  let outcome: { readonly term: Term | undefined } | undefined;
  void elector.lead(stop.signal).then((term) => (outcome = { term }));
  await settled();
  return {
    elector,
    server,
    clock,
    witness,
    calls: network.calls,
    stop,
    term: () => outcome?.term,
    hasGivenUp: () => outcome !== undefined && outcome.term === undefined,
    travel: (journey, verb) => {
      const verbs = verb === undefined ? (['get', 'create', 'update', 'watch'] as const) : [verb];
      for (const each of verbs) journeys.set(each, journey);
    },
    stall: (ms) => void (stalledMs += ms),
  };
}

/** A replica that leads since 50 000 ms. */
export async function startLeader(): Promise<Replica & { readonly lead: Term }> {
  const replica = await startReplica();
  return { ...replica, lead: replica.term()! };
}
