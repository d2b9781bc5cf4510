/**
 * A world around a rate gate: keys that climb, a network that keeps a request and its answer as
 * long as it likes within the deadline, a server that writes down what arrives. Time jumps from
 * event to event.
 */
import { Heap } from '../../src/controller/heap.ts';
import {
  createRateGate,
  type ObservableRateGate,
  RATE_GATE_SETTINGS,
} from '../../src/controller/rate-gate.ts';
import type { Lane, Place, PlaceRequest } from '../../src/gate.ts';
import { createSeededChance } from '../support/seeded-chance.ts';

/** What one key wants and what it meets. Milliseconds, whole numbers. */
export interface Climb {
  readonly pool: number;
  readonly lanes: 'read' | 'write' | 'both';
  readonly priority: number;
  readonly startMs: number;
  /** From the wake to the run, and from the place to the call. */
  readonly wakeMs: number;
  readonly thinkMs: number;
  /** From the call to its arrival, and on to its answer or deadline. */
  readonly outMs: number;
  readonly backMs: number;
  /** How often it is throttled before a call goes through. */
  readonly throttles: number;
  /** Its connections break on the way: nobody answers, and the calls arrive all the same. */
  readonly breaks: boolean;
  /** It gives up when it is woken; or it gives the place of its last lane back. */
  readonly ends: 'Calls' | 'GivesUp' | 'SpareLast';
}

export interface Quota {
  readonly pool: number;
  readonly account: number;
}

/** A call as the server saw it. */
export interface Arrival {
  readonly key: string;
  readonly lane: Lane;
  readonly atMs: number;
}

export interface Outcome {
  readonly arrivals: readonly Arrival[];
  /** Keys that neither finished nor gave up. */
  readonly stuck: readonly string[];
  /** What the world saw that must not be, in words. */
  readonly wrongs: readonly string[];
  /** When each key first had its places. */
  readonly placedMs: ReadonlyMap<string, number>;
}

/** The order in which lanes are asked for is that of the calls: a Describe before its Update. */
export function lanesOf(climb: Climb, quota: Quota): readonly Lane[] {
  const categories = climb.lanes === 'both' ? ['read', 'write'] : [climb.lanes];
  return categories.map((category) => ({
    id: `pool-${climb.pool}/${category}`,
    windows: [
      { id: `pool-${climb.pool}/${category}`, nominal: quota.pool },
      { id: `account/${category}`, nominal: quota.account },
    ],
  }));
}

export function play(climbs: readonly Climb[], quota: Quota, seed: number): Outcome {
  const world = new World(seed);
  for (const [index, climb] of climbs.entries()) world.enrol(`key-${index}`, climb, quota);
  return world.run();
}

interface Climber {
  readonly climb: Climb;
  readonly request: PlaceRequest;
  attempts: number;
  phase: 'Running' | 'Aside' | 'Done';
}

interface Happening {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
}

const EVENTS_MAX = 20_000;

class World {
  #nowMs = 0;
  readonly #gate: ObservableRateGate;
  readonly #climbers = new Map<string, Climber>();
  readonly #events = new Heap<Happening>(
    (a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order),
  );
  #orders = 0;
  /** When the gate wants to be asked again. */
  #alarmMs = Infinity;
  readonly #arrivals: Arrival[] = [];
  readonly #wrongs: string[] = [];
  readonly #placedMs = new Map<string, number>();

  constructor(seed: number) {
    this.#gate = createRateGate({
      clock: { monotonicMs: () => this.#nowMs },
      chance: createSeededChance(seed),
      settings: RATE_GATE_SETTINGS,
    });
  }

  enrol(key: string, climb: Climb, quota: Quota): void {
    const request = { key, lanes: lanesOf(climb, quota), priority: climb.priority };
    this.#climbers.set(key, { climb, request, attempts: 0, phase: 'Running' });
    this.#after(climb.startMs, () => this.#attempt(key));
  }

  run(): Outcome {
    for (let count = 0; count < EVENTS_MAX; count += 1) {
      const next = this.#events.peek();
      if (next === undefined && this.#alarmMs === Infinity) break;
      this.#nowMs = Math.min(next?.atMs ?? Infinity, this.#alarmMs);
      if (next?.atMs === this.#nowMs) this.#events.pop()?.happen();
      this.#advance();
    }
    const stuck = [...this.#climbers].filter(([, { phase }]) => phase !== 'Done');
    return {
      arrivals: this.#arrivals,
      stuck: stuck.map(([key]) => key),
      wrongs: this.#wrongs,
      placedMs: this.#placedMs,
    };
  }

  #after(ms: number, happen: () => void): void {
    this.#orders += 1;
    this.#events.push({ atMs: this.#nowMs + ms, order: this.#orders, happen });
  }

  #advance(): void {
    const { wake, nextMs } = this.#gate.advance();
    for (const key of wake) this.#wake(key);
    if (nextMs !== undefined && nextMs <= 0) this.#wrongs.push(`next in ${nextMs} ms`);
    this.#alarmMs = nextMs === undefined ? Infinity : this.#nowMs + nextMs;
    for (const { id, n, nominal, held } of this.#gate.snapshot()) {
      if (n > nominal) this.#wrongs.push(`${id}: N is ${n} of ${nominal}`);
      if (held > Math.max(1, nominal)) this.#wrongs.push(`${id}: ${held} held of ${nominal}`);
    }
  }

  #wake(key: string): void {
    const climber = this.#climbers.get(key);
    if (climber?.phase !== 'Aside') this.#wrongs.push(`${key} was woken, but is not aside`);
    if (climber === undefined) return;
    climber.phase = 'Running';
    this.#after(climber.climb.wakeMs, () => this.#attempt(key));
  }

  #attempt(key: string): void {
    const climber = this.#climbers.get(key);
    if (climber === undefined) return;
    if (climber.climb.ends === 'GivesUp' && climber.attempts > 0) return this.#settle(climber);
    climber.attempts += 1;
    const places = this.#gate.take(climber.request);
    if (places === undefined) return void (climber.phase = 'Aside');
    if (!this.#placedMs.has(key)) this.#placedMs.set(key, this.#nowMs);
    this.#check(climber.request, places);
    if (climber.climb.ends === 'SpareLast') places.at(-1)?.giveBack();
    this.#callEach(climber, climber.climb.ends === 'SpareLast' ? places.slice(0, -1) : places);
  }

  #check({ key, lanes }: PlaceRequest, places: readonly Place[]): void {
    const [got, want] = [places.map(({ lane }) => lane), lanes.map(({ id }) => id)];
    if (got.join(' ') !== want.join(' ')) this.#wrongs.push(`${key} got ${got.join(' ')}`);
  }

  /** One call after the other, each somewhat faster at each attempt, so that an end is reached. */
  #callEach(climber: Climber, [place, ...rest]: readonly Place[]): void {
    if (place === undefined) return this.#settle(climber);
    const haste = 2 ** (climber.attempts - 1);
    const { thinkMs, outMs, backMs, breaks } = climber.climb;
    const arrivesMs = Math.floor(outMs / haste);
    const answeredMs = arrivesMs + Math.floor(backMs / haste);
    this.#after(Math.floor(thinkMs / haste), () => {
      if (place.enter() === 'PlaceVoid') return this.#retry(climber, rest);
      this.#after(arrivesMs, () => this.#arrive(climber, place));
      this.#after(breaks ? Math.floor(arrivesMs / 2) : answeredMs, () => {
        this.#leave(climber, place, rest);
      });
    });
  }

  #leave(climber: Climber, place: Place, rest: readonly Place[]): void {
    const { throttles, breaks } = climber.climb;
    const isThrottled = !breaks && climber.attempts <= throttles;
    const otherwise = breaks ? 'Unanswered' : 'Answered';
    place.leave(isThrottled ? 'Throttled' : otherwise);
    if (isThrottled) this.#retry(climber, rest);
    else this.#callEach(climber, rest);
  }

  #arrive({ request }: Climber, place: Place): void {
    const lane = request.lanes.find(({ id }) => id === place.lane);
    if (lane !== undefined) this.#arrivals.push({ key: request.key, lane, atMs: this.#nowMs });
  }

  #retry(climber: Climber, unused: readonly Place[]): void {
    for (const place of unused) place.giveBack();
    this.#gate.stepAside(climber.request);
    climber.phase = 'Aside';
  }

  #settle(climber: Climber): void {
    this.#gate.forget(climber.request.key);
    climber.phase = 'Done';
  }
}
