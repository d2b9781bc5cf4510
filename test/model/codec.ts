/**
 * A world as a short string: two worlds get the same string when nothing that can ever be decided
 * or judged tells them apart. Exact: no hash, no collision.
 *
 * Numbers only count by comparison. Versions are ranked for each key; records are numbered as they
 * are met; of a moment only counts on which side of what it will be compared with it lies. What
 * nobody will ever look at again is left out: an observation that a mutation made stale, the end
 * of a mutation whose record is gone, a climb that only waits to be told that its status is there.
 */
import type { ResourceServer } from '../../src/api/parse.ts';
import type { PendingRecord } from '../../src/api/resource-server.ts';
import { isValid } from '../../src/core/attempts.ts';
import { type Outcome, requeueOf } from '../../src/core/outcome.ts';
import type { Observation, Records } from '../../src/core/view.ts';
import type { Budget } from './budget.ts';
import {
  type Climbing,
  type CognitoCall,
  type Doing,
  KEYS,
  type Key,
  type KubernetesWrite,
  LATE_MS,
  type Mind,
  type World,
} from './world.ts';

export type Encode = (world: World) => string;

export function createCodec(): Encode {
  const words = new Map<string, number>();
  const prints = new WeakMap<object, number>();
  const idOf = (word: string): number => {
    const known = words.get(word);
    if (known !== undefined) return known;
    words.set(word, words.size + 1);
    return words.size;
  };
  /** Immutable parts are printed once, however many worlds share them. */
  const printOf = <T extends object>(part: T, print: (part: T) => string): number => {
    const known = prints.get(part);
    if (known !== undefined) return known;
    const id = idOf(print(part));
    prints.set(part, id);
    return id;
  };
  return (world) => new Encoding(world, idOf, printOf).text();
}

type PrintOf = <T extends object>(part: T, print: (part: T) => string) => number;

const CHAR = 0x8000;

class Encoding {
  readonly #world: World;
  readonly #idOf: (word: string) => number;
  readonly #printOf: PrintOf;
  readonly #codes: number[] = [];
  readonly #records = new Map<string, number>();
  readonly #versions: Readonly<Record<Key, readonly number[]>>;
  readonly #late: Deadlines;

  constructor(world: World, idOf: (word: string) => number, printOf: PrintOf) {
    this.#world = world;
    this.#idOf = idOf;
    this.#printOf = printOf;
    this.#versions = { 'n/a': versionsOf(world, 'n/a'), 'n/b': versionsOf(world, 'n/b') };
    this.#late = deadlinesOf(world);
  }

  text(): string {
    const { objects, slot, calls, writes, budget, births, mind, ...rest } = this.#world;
    const { blind, overdue, disturbedAtMs } = rest;
    this.#part(budget, printBudget);
    this.#codes.push(births, bits(blind, overdue, disturbedAtMs !== undefined));
    this.#part(slot, JSON.stringify);
    for (const key of KEYS) this.#resource(objects[key]);
    this.#codes.push(calls.length, writes.length);
    for (const call of calls) this.#call(call);
    for (const write of writes) this.#write(write);
    this.#mind(mind);
    return String.fromCharCode(...this.#codes);
  }

  #mind(mind: Mind): void {
    const { sweeping, seen, pool, assumed, due, awaiting, confirmedAtMs = 0 } = mind;
    const { nowMs } = this.#world;
    const { termMs, claimsMs } = this.#late;
    this.#codes.push(bits(nowMs >= termMs, nowMs >= claimsMs, confirmedAtMs >= claimsMs));
    this.#attempt(mind.attempts);
    this.#observation(seen);
    this.#word(sweeping && `${sweeping.found} ${sweeping.poolAnswers}`);
    if (sweeping !== undefined) {
      this.#moment(sweeping.askedAtMs);
      this.#codes.push(bits((seen?.requestedAtMs ?? 0) > sweeping.askedAtMs));
    }
    this.#word(
      [pool.kind, ...assumed.map(({ uid }) => uid).sort(), '|', ...due, '|', ...awaiting].join(' '),
    );
    for (const key of KEYS) {
      this.#resource(mind.cache[key]);
      this.#climbing(mind.climbs[key]);
      this.#observation(mind.carried[key]?.observation);
      this.#word(mind.deserving[key]?.join(' '));
    }
  }

  /** Remembered for as long as its record is somewhere. */
  #attempt({ last }: Mind['attempts']): void {
    if (last === undefined || !isRecorded(this.#world, last.startTime)) {
      this.#codes.push(0);
      return;
    }
    this.#word(`${last.uid} ${last.fate} ${last.endedAtMs === undefined}`);
    this.#record(last.startTime);
    this.#codes.push(bits(this.#world.nowMs >= this.#late.attemptMs));
  }

  #climbing(climbing: Climbing | undefined): void {
    if (climbing === undefined) {
      this.#codes.push(0);
      return;
    }
    this.#doing(climbing.doing);
    if (climbing.doing?.kind === 'Settling' && climbing.climb.effects.length === 0) return;
    this.#resource(climbing.resource);
    this.#part(climbing.records, printRecords);
    this.#record(climbing.records.pending?.startTime);
    this.#observation(climbing.observation);
    this.#part(climbing.climb, printClimb);
  }

  #doing(doing: Doing | undefined): void {
    if (doing === undefined) {
      this.#codes.push(0);
      return;
    }
    this.#word(doing.kind);
    if ('askedAtMs' in doing) this.#moment(doing.askedAtMs);
    if ('found' in doing) this.#word(doing.found);
    if ('rivals' in doing) this.#word(doing.rivals.map(({ uid }) => uid).join(' '));
    if ('call' in doing) this.#call(doing.call);
    if ('write' in doing) this.#write(doing.write);
    if ('as' in doing) this.#word(doing.as);
    if ('retained' in doing) this.#word(doing.retained);
    if (doing.kind !== 'Settling') return;
    this.#part(doing.outcome, printOutcome);
    this.#codes.push(doing.tries ?? 9);
  }

  #call({ operation, uid, wish, seenAtMs, overdue }: CognitoCall): void {
    this.#word(`${operation} ${uid} ${wish} ${overdue}`);
    this.#moment(seenAtMs);
  }

  #write({ key, uid, version, change, wish, seenAtMs, overdue }: KubernetesWrite): void {
    this.#word(`${key} ${uid} ${wish} ${overdue}`);
    this.#moment(seenAtMs);
    this.#version(key, version);
    this.#part(change, printChange);
    this.#record(change.kind === 'Status' ? change.status.pending?.startTime : undefined);
  }

  #resource(resource: ResourceServer | undefined): void {
    this.#part(resource, printResource);
    if (resource === undefined) return;
    this.#version(resource.key as Key, resource.resourceVersion);
    this.#record(resource.pending?.startTime);
  }

  #observation(observation: Observation | undefined): void {
    if (observation === undefined || !isValid(observation, this.#world.mind.attempts)) {
      this.#codes.push(0);
      return;
    }
    this.#part(observation, printObservation);
    this.#moment(observation.requestedAtMs);
  }

  /* ---------------------------------------------------------------- numbers */

  #version(key: Key, version: string): void {
    this.#codes.push(this.#versions[key].indexOf(Number(version)) + 1);
  }

  #record(startTime: string | undefined): void {
    if (startTime === undefined) {
      this.#codes.push(0);
      return;
    }
    const number = this.#records.get(startTime) ?? this.#records.size + 1;
    this.#records.set(startTime, number);
    this.#codes.push(number);
  }

  #moment(moment: number): void {
    const { termMs, claimsMs, attemptMs, staleMs, disturbedMs } = this.#late;
    const isLater = [termMs, claimsMs, attemptMs, staleMs, disturbedMs].map(
      (each) => moment >= each,
    );
    this.#codes.push(bits(...isLater));
  }

  #word(word: string | undefined): void {
    this.#id(word === undefined ? 0 : this.#idOf(word));
  }

  #part<T extends object>(part: T | undefined, print: (part: T) => string): void {
    this.#id(part === undefined ? 0 : this.#printOf(part, print));
  }

  #id(id: number): void {
    this.#codes.push(id % CHAR, Math.floor(id / CHAR));
  }
}

function versionsOf({ objects, mind, writes }: World, key: Key): readonly number[] {
  const versions: number[] = [];
  const climbing = mind.climbs[key];
  const doing = climbing?.doing;
  for (const each of [objects[key], mind.cache[key], climbing?.resource]) {
    if (each !== undefined) enter(versions, Number(each.resourceVersion));
  }
  if (doing !== undefined && 'write' in doing) enter(versions, Number(doing.write.version));
  for (const each of writes) if (each.key === key) enter(versions, Number(each.version));
  return versions;
}

/** What moments are compared with. */
interface Deadlines {
  readonly termMs: number;
  /** From when on rivals are worth reading. */
  readonly claimsMs: number;
  /** Until when the last attempt may still land. */
  readonly attemptMs: number;
  /** What was asked for before this is stale. */
  readonly staleMs: number;
  readonly disturbedMs: number;
}

function deadlinesOf({ mind, disturbedAtMs = 0 }: World): Deadlines {
  const { termAtMs, unansweredAtMs = 0, attempts } = mind;
  const endedAtMs = attempts.last === undefined ? 0 : (attempts.last.endedAtMs ?? Infinity);
  const isLate = attempts.last?.fate === 'StaysUntilLate';
  return {
    termMs: termAtMs + LATE_MS,
    claimsMs: Math.max(termAtMs, unansweredAtMs) + LATE_MS,
    attemptMs: isLate ? endedAtMs + LATE_MS : endedAtMs,
    staleMs: Math.max(endedAtMs, attempts.provenAtMs),
    disturbedMs: disturbedAtMs,
  };
}

function isRecorded({ objects, mind, writes }: World, startTime: string): boolean {
  const isIn = (pending: PendingRecord | undefined) => pending?.startTime === startTime;
  const isAbout = (key: Key) => {
    const climbing = mind.climbs[key];
    const inClimb = isIn(climbing?.records.pending) || isIn(climbing?.resource.pending);
    return inClimb || isIn(objects[key]?.pending) || isIn(mind.cache[key]?.pending);
  };
  const isLate = writes.some(
    ({ change }) => change.kind === 'Status' && isIn(change.status.pending),
  );
  return isLate || KEYS.some(isAbout);
}

function bits(...flags: readonly boolean[]): number {
  return flags.reduce((sum, flag, index) => sum + (flag ? 2 ** index : 0), 1);
}

/** Keeps them sorted, each once. */
function enter(numbers: number[], number: number | undefined): void {
  if (number === undefined) return;
  let at = numbers.length;
  while (at > 0 && (numbers[at - 1] ?? 0) >= number) at -= 1;
  if (numbers[at] !== number) numbers.splice(at, 0, number);
}

/* ----------------------------------------------------------------------- prints */

function printBudget(budget: Budget): string {
  return Object.values(budget).join();
}

function printResource({ uid, generation, leaving, finalizers, ...rest }: ResourceServer): string {
  const { paused, deletionPolicy, adoptionPolicy, managementPolicy, desired, status } = rest;
  const spec = [paused, deletionPolicy, adoptionPolicy, managementPolicy, desired?.name];
  const core = [uid, generation, leaving, finalizers.length, ...spec];
  return JSON.stringify([core, { ...status, pending: pendingOf(status.pending) }]);
}

function pendingOf(pending: PendingRecord | undefined) {
  return pending && [pending.operation, pending.hash];
}

function printRecords({ remote, pending }: Records): string {
  return JSON.stringify([remote, pendingOf(pending)]);
}

/** What is for people only is left out; of what was done counts that something was. */
function printClimb({ effects, ...climb }: Climbing['climb']): string {
  return JSON.stringify([{ ...climb, saidBefore: null, looked: null }, effects.length > 0]);
}

function printObservation(observation: Observation): string {
  return JSON.stringify({ ...observation, requestedAtMs: null });
}

function printOutcome(outcome: Outcome): string {
  const requeue = requeueOf(outcome, true).kind;
  return JSON.stringify({ ...outcome, remainingMs: 0, requeue });
}

function printChange(change: KubernetesWrite['change']): string {
  if (change.kind === 'Finalizers') return `finalizers ${change.finalizers.length}`;
  const { status } = change;
  return JSON.stringify({ ...status, pending: pendingOf(status.pending) });
}
