/**
 * The real operator in a world of its own: a clock that stands still, chance from a seed, an API
 * server and a Cognito that lose, delay and refuse what a test says, people who come in between.
 *
 *   const world = createWorld();
 *   world.people.apply(aResourceServer().named('a'));
 *   world.start();
 *   await world.advance(5_000);
 *
 * Beside what a test asks, the laws are watched with every change: `world.broken` stays empty.
 */
import { createOperator, type OperatorSettings } from '../../src/operator.ts';
import type { Chance, Clock, Log, Metrics, Notice, Ports } from '../../src/ports.ts';
import { LeaseNetwork, LeaseServer, LOST, SWIFT } from '../controller/lease-server.ts';
import type { Rates } from '../sandbox/cognito/rates.ts';
import { ACCOUNT, LATE_MS, POOL } from '../support/builders.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createLoadedChance, createSeededChance } from '../support/seeded-chance.ts';
import { createSimulatedCluster, type KubernetesRequest, type KubernetesRoad } from './cluster.ts';
import { type CognitoRequest, SimulatedCognito } from './cognito.ts';
import { type Life, never } from './journey.ts';
import { type Ghost, watchLaws } from './laws.ts';
import { Objects } from './objects.ts';
import { createPeople, type People } from './people.ts';
import {
  type CognitoRoad,
  createSimulatedAccount,
  createSimulatedUserPools,
} from './user-pools.ts';

export interface WorldOptions {
  readonly settings?: Partial<OperatorSettings>;
  /** Of the operator; without one, every roll is 0.5. */
  readonly seed?: number;
  readonly pools?: readonly string[];
  readonly rates?: Rates | 'off';
}

/** What befalls a request as it departs; a test sets them, and sets them anew. */
export interface Roads {
  kubernetes: KubernetesRoad;
  cognito: CognitoRoad;
}

export type Timed<T> = T & { readonly atMs: number };

export interface Line {
  readonly atMs: number;
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly clock: FakeClock;
  readonly objects: Objects;
  readonly people: People;
  readonly cognito: SimulatedCognito;
  readonly roads: Roads;
  /** Requests as they departed. */
  readonly calls: Timed<CognitoRequest>[];
  readonly writes: Timed<KubernetesRequest>[];
  readonly events: Timed<Notice>[];
  readonly lines: Line[];
  readonly gauges: ReadonlyMap<string, number>;
  /** Sentences about laws that did not hold. */
  readonly broken: string[];
  readonly ghost: Ghost;
  start(): void;
  /** The process is killed: what it sent may still land, and it learns nothing any more. */
  kill(): void;
  /** All watches are reset. */
  resetWatches(): void;
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export const SETTINGS: OperatorSettings = {
  namespaces: [],
  pageSize: 500,
  listDeadlineMs: 30_000,
  watchList: false,
  watchIdleMs: 80_000,
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2_000,
  lease: 'cognito-operator/cognito-operator',
  labelSelector: [],
  concurrency: 16,
  shutdownGraceMs: 25_000,
  callDeadlineMs: 4_000,
  lateMs: LATE_MS,
  resyncMs: 600_000,
  instance: 'instance-1',
  accountReadsPerSecond: 20,
  accountWritesPerSecond: 15,
  poolCallsPerSecond: 5,
  share: 0.8,
};

const KUBERNETES_WAY = { outMs: 1, backMs: 1 };
const COGNITO_WAY = { outMs: 5, backMs: 5 };
const QUOTA = 25;

export function createWorld(options: WorldOptions = {}): World {
  const { pools = [POOL], rates = 'off', seed } = options;
  const clock = createFakeClock(1_000);
  const objects = new Objects(clock);
  const chance = seed === undefined ? createLoadedChance(0.5) : createSeededChance(seed);
  const cognito = new SimulatedCognito({
    clock,
    chance: createSeededChance(seed ?? 0),
    account: ACCOUNT,
    pools,
    rates,
    serversPerPool: QUOTA,
  });
  return new OneWorld({ clock, objects, cognito, chance }, options);
}

interface Nature {
  readonly clock: FakeClock;
  readonly objects: Objects;
  readonly cognito: SimulatedCognito;
  readonly chance: Chance;
}

interface Process extends Life {
  isOver: boolean;
  readonly stop: AbortController;
}

class OneWorld implements World {
  readonly clock: FakeClock;
  readonly objects: Objects;
  readonly cognito: SimulatedCognito;
  readonly people: People;
  readonly roads: Roads = { kubernetes: () => undefined, cognito: () => undefined };
  readonly calls: Timed<CognitoRequest>[] = [];
  readonly writes: Timed<KubernetesRequest>[] = [];
  readonly events: Timed<Notice>[] = [];
  readonly lines: Line[] = [];
  readonly gauges = new Map<string, number>();
  readonly broken: string[] = [];
  readonly ghost: Ghost;
  readonly #chance: Chance;
  readonly #options: WorldOptions;
  readonly #lease = new LeaseServer();
  readonly #streams = new Set<() => void>();
  #process: Process | undefined;
  #starts = 0;

  constructor({ clock, objects, cognito, chance }: Nature, options: WorldOptions) {
    this.clock = clock;
    this.objects = objects;
    this.cognito = cognito;
    this.people = createPeople(objects);
    this.#chance = chance;
    this.#options = options;
    this.ghost = watchLaws(this);
  }

  start(): void {
    const process = { isOver: false, stop: new AbortController() };
    this.#process = process;
    this.#starts += 1;
    const instance = `instance-${this.#starts}`;
    const settings = { ...SETTINGS, instance, ...this.#options.settings };
    const run = createOperator(this.#portsOf(process), settings).run(process.stop.signal);
    run.catch((error: unknown) => {
      if (!process.isOver) this.broken.push(`the operator threw: ${String(error)}`);
    });
  }

  kill(): void {
    if (this.#process !== undefined) this.#process.isOver = true;
    this.#process = undefined;
  }

  resetWatches(): void {
    for (const snap of this.#streams) snap();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  async stop(): Promise<void> {
    this.#process?.stop.abort();
    await this.advance(60_000);
  }

  #portsOf(life: Process): Ports {
    const clock = mortalClock(this.clock, life);
    return {
      clock,
      chance: this.#chance,
      log: this.#log(),
      metrics: this.#metrics(),
      events: {
        publish: (notice) => void this.events.push({ ...notice, atMs: this.clock.monotonicMs() }),
        flush: async () => {},
      },
      cluster: createSimulatedCluster({
        objects: this.objects,
        clock: this.clock,
        life,
        road: (request) => {
          if (request.verb.startsWith('patch')) this.writes.push(this.#timed(request));
          return this.roads.kubernetes(request);
        },
        journey: KUBERNETES_WAY,
        breaks: this.#streams,
      }),
      leases: new LeaseNetwork(this.#lease, clock, () => (life.isOver ? LOST : SWIFT)),
      userPools: createSimulatedUserPools({
        cognito: this.cognito,
        clock: this.clock,
        life,
        road: (request) => {
          this.calls.push(this.#timed(request));
          return this.roads.cognito(request);
        },
        journey: COGNITO_WAY,
      }),
      account: createSimulatedAccount(ACCOUNT),
    };
  }

  #timed<T extends object>(request: T): Timed<T> {
    return { ...request, atMs: this.clock.monotonicMs() };
  }

  #log(): Log {
    const write =
      (level: keyof Log): Log['info'] =>
      (message, fields = {}) => {
        this.lines.push({ atMs: this.clock.monotonicMs(), level, message, fields });
        if (message.includes('a bug')) this.broken.push(`${message}: ${String(fields['error'])}`);
      };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    };
  }

  #metrics(): Metrics {
    const set = (name: string, _: object, value: number) => void this.gauges.set(name, value);
    return { count: () => {}, observe: () => {}, set };
  }
}

/** Timers of whole milliseconds, one at least, as Node's are; a dead process sleeps for ever. */
function mortalClock(clock: Clock, life: Life): Clock {
  return {
    wallMs: () => clock.wallMs(),
    timestamp: () => clock.timestamp(),
    monotonicMs: () => clock.monotonicMs(),
    deadline: (ms, parent) => clock.deadline(ms, parent),
    sleep: async (ms, signal) => {
      await clock.sleep(Math.max(Math.trunc(ms), 1), signal);
      if (life.isOver) await never();
    },
  };
}
