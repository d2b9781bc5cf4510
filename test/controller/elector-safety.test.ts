/**
 * Replicas on one Lease, over a network that delays and loses what it likes, crashing and
 * restarting as they please. Their clocks run equally fast and show different times.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createElector, type Term } from '../../src/controller/elector.ts';
import type { Clock } from '../../src/ports.ts';
import { createFakeClock, type FakeClock, settled } from '../support/fake-clock.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { type Journey, LeaseNetwork, LeaseServer, LOST, SWIFT } from './lease-server.ts';
import { createWitness } from './witness.ts';

/** With less slack than the defaults, so that a mistake shows. */
const TIMES = { leaseDurationMs: 15_000, renewDeadlineMs: 13_000, retryPeriodMs: 2_000 };
const REPLICAS = 2;
const STEP_MS = 250;
const HEALED_MS = 60_000;

const journeys = fc.record({
  outMs: fc.oneof({ weight: 4, arbitrary: fc.nat(300) }, fc.nat(25_000)),
  backMs: fc.oneof({ weight: 4, arbitrary: fc.nat(300) }, fc.nat(25_000)),
  fate: fc.constantFrom<Journey['fate']>(
    'Arrives',
    'Arrives',
    'Arrives',
    'RequestLost',
    'AnswerLost',
  ),
});

const mishaps = fc.array(
  fc.record({
    afterSteps: fc.nat(160),
    replica: fc.nat(REPLICAS - 1),
    what: fc.constantFrom('Crash', 'Stop', 'Edit', 'Cut', 'Cut', 'Join'),
  }),
  { maxLength: 10, size: 'max' },
);

/** One replica after another in the same place: each with an identity of its own. */
class Seat {
  readonly #clock: Clock;
  readonly #server: LeaseServer;
  readonly #travel: () => Journey;
  readonly #name: string;
  /** Its requests get lost. */
  isCut = false;
  #lives = 0;
  /** Cuts the network of the present life. */
  #power = new AbortController();
  #term: Term | undefined;
  #stop = new AbortController();

  constructor(name: string, clock: FakeClock, server: LeaseServer, travel: () => Journey) {
    this.#name = name;
    this.#clock = shifted(clock, name.length * 1_000_000);
    this.#server = server;
    this.#travel = travel;
    this.start();
  }

  start(): void {
    this.#lives += 1;
    const life = this.#lives;
    const power = new AbortController();
    this.#power = power;
    this.#term = undefined;
    this.#stop = new AbortController();
    const { log, metrics } = createWitness();
    const elector = createElector({
      leases: new LeaseNetwork(this.#server, this.#clock, () =>
        power.signal.aborted || this.isCut ? LOST : this.#travel(),
      ),
      clock: this.#clock,
      chance: createSeededChance(life),
      log,
      metrics,
      identity: `${this.#name}_${life}`,
      lease: 'operators/cognito-operator',
      settings: TIMES,
    });
    void this.#live(life, elector.lead(this.#stop.signal));
  }

  async #live(life: number, leading: Promise<Term | undefined>): Promise<void> {
    const term = await leading;
    if (life !== this.#lives) return;
    this.#term = term;
    term?.lost.addEventListener('abort', () => life === this.#lives && this.start());
  }

  leads(): boolean {
    return this.#term !== undefined && this.#term.assertLeader() === undefined;
  }

  /** The process is gone; requests of it may still arrive. Another is started. */
  crash(): void {
    this.#power.abort();
    this.#stop.abort();
    this.start();
  }

  /** In good order: nothing is done any more under the term when it ends. */
  stop(): void {
    this.#stop.abort();
    void this.#term?.end();
    this.start();
  }
}

function shifted(clock: FakeClock, byMs: number): Clock {
  return {
    wallMs: () => clock.wallMs() - byMs,
    timestamp: () => clock.timestamp(),
    monotonicMs: () => clock.monotonicMs() + byMs,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    deadline: (ms, parent) => clock.deadline(ms, parent),
  };
}

interface Plan {
  readonly journeys: readonly Journey[];
  readonly mishaps: readonly { afterSteps: number; replica: number; what: string }[];
  readonly steps: number;
}

async function play(plan: Plan): Promise<readonly string[]> {
  const clock = createFakeClock();
  const server = new LeaseServer();
  let sent = 0;
  let isHealed = false;
  const travel = (): Journey => {
    sent += 1;
    return isHealed ? SWIFT : (plan.journeys[sent % plan.journeys.length] ?? SWIFT);
  };
  const seats = ['a', 'bb'].map((name) => new Seat(name, clock, server, travel));
  const violations: string[] = [];
  const step = async (): Promise<void> => {
    await clock.advance(STEP_MS);
    const leaders = seats.filter((seat) => seat.leads()).length;
    if (leaders > 1) violations.push(`${leaders} lead at ${clock.monotonicMs()} ms`);
  };
  for (let steps = 0; steps < plan.steps; steps += 1) {
    await step();
    for (const { replica, what } of plan.mishaps.filter((each) => each.afterSteps === steps)) {
      const seat = seats[replica];
      if (what === 'Edit') server.edit({});
      if (what === 'Crash') seat?.crash();
      if (what === 'Stop') seat?.stop();
      if (what === 'Cut' || what === 'Join') seat!.isCut = what === 'Cut';
    }
  }
  isHealed = true;
  for (const seat of seats) seat.isCut = false;
  for (let ms = 0; ms < HEALED_MS; ms += STEP_MS) await step();
  if (!seats.some((seat) => seat.leads())) violations.push('nobody leads on a healthy network');
  await settled();
  return violations;
}

test('two replicas never lead at one instant, and one leads once the network is well', async () => {
  const plans = fc.record({
    journeys: fc.array(journeys, { minLength: 1, maxLength: 40, size: 'max' }),
    mishaps,
    steps: fc.constant(240),
  });
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      expect(await play(plan)).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 60_000);
