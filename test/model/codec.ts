/**
 * A world without its budget as a fingerprint: two worlds get the same one when nothing that can
 * ever be decided or judged tells them apart.
 *
 * Numbers only count by comparison. Versions are ranked for each key; records are numbered as they
 * are met; of a moment only counts on which side of what it will be compared with it lies. What
 * nobody will ever look at again is left out: an observation that a mutation made stale, the end
 * of a mutation whose record is gone, a climb that only waits to be told that its status is there.
 * That whatever is taken for the same has the same ways is itself searched: `merging.test.ts`.
 *
 * Resources that begin alike are alike: the older one comes first, whatever it is called, and of
 * uids only counts who is older. Requests that are late have no order.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ResourceServer } from '../../src/api/parse.ts';
import { isValid } from '../../src/core/attempts.ts';
import type { Observation } from '../../src/core/view.ts';
import { birthOf, type Deadlines, deadlinesOf, inOrder } from './deadlines.ts';
import { Code } from './engine/code.ts';
import type { Fingerprint } from './engine/fingerprints.ts';
import { Parts } from './engine/parts.ts';
import { KEY_NUMBERS, type Print, Prints } from './engine/prints.ts';
import type { Play } from './play.ts';
import {
  tellChange,
  tellClimb,
  tellObservation,
  tellOutcome,
  tellRecords,
  tellResource,
  tellSlot,
} from './tellings.ts';
import {
  type Climbing,
  type CognitoCall,
  type Doing,
  KEYS,
  type Key,
  type KubernetesWrite,
  type Mind,
  type Rival,
  type World,
} from './world.ts';

export type Encode = (world: World) => Fingerprint;

/** What may be taken for the same: resources that begin alike, or nothing but numbers. */
export type Merging = 'Alike' | 'Named';

/** @param parts shared with whoever keeps worlds; its own are forgotten now and then */
export function createCodec(play: Play, parts?: Parts, merging: Merging = 'Alike'): Encode {
  const code = new Code();
  let prints = new Prints(parts ?? new Parts());
  const orderOf = merging === 'Alike' && areAlike(play) ? inOrder : () => KEYS;
  return (world) => {
    if (parts === undefined && prints.size > PRINTS_MAX) prints = new Prints(new Parts());
    code.clear();
    new Encoding(world, { code, prints, merging, order: orderOf(world) }).write();
    return code.fingerprint();
  };
}

const PRINTS_MAX = 200_000;

/** Resources differ in name only. */
function areAlike({ spec }: Play): boolean {
  return isDeepStrictEqual(spec['n/a'] ?? {}, spec['n/b'] ?? {});
}

interface Means {
  readonly code: Code;
  readonly prints: Prints;
  readonly merging: Merging;
  /** Of the keys. */
  readonly order: readonly Key[];
}

class Encoding {
  readonly #world: World;
  readonly #code: Code;
  readonly #prints: Prints;
  readonly #order: readonly Key[];
  readonly #late: Deadlines;
  readonly #records: string[] = [];
  readonly #isNamed: boolean;

  constructor(world: World, { code, prints, merging, order }: Means) {
    this.#world = world;
    this.#code = code;
    this.#prints = prints;
    this.#order = order;
    this.#late = deadlinesOf(world);
    this.#isNamed = merging === 'Named';
  }

  write(): void {
    const { objects, slot, calls, writes, births, mind, ...rest } = this.#world;
    const { blind, overdue, disturbedAtMs } = rest;
    this.#code.push(2 * bits(blind, overdue, disturbedAtMs !== undefined) + Number(births > 0));
    this.#part(slot, tellSlot);
    for (const key of this.#order) this.#resource(objects[key]);
    this.#code.push(calls.length);
    this.#code.push(writes.length);
    for (const call of unordered(calls)) this.#call(call);
    for (const write of unordered(writes)) this.#write(write);
    this.#mind(mind);
  }

  #mind(mind: Mind): void {
    const { seen, pool, assumed, due, awaiting, confirmedAtMs = 0 } = mind;
    const { nowMs } = this.#world;
    const { termMs, claimsMs } = this.#late;
    this.#code.push(bits(nowMs >= termMs, nowMs >= claimsMs, confirmedAtMs >= claimsMs));
    this.#attempt(mind.attempts);
    this.#observation(seen);
    this.#sweeping(mind);
    this.#word(pool.kind);
    this.#code.push(assumed.length);
    const records = assumed.length < 2 ? assumed : assumed.toSorted(byBirth);
    for (const { uid } of records) this.#uid(uid);
    this.#keys(due);
    this.#keys(awaiting);
    for (const key of this.#order) {
      this.#resource(mind.cache[key]);
      this.#climbing(mind.climbs[key]);
      this.#observation(mind.carried[key]?.observation);
      this.#keys(mind.deserving[key] ?? []);
    }
  }

  #sweeping({ sweeping, seen }: Mind): void {
    if (sweeping === undefined) return this.#code.push(0);
    this.#word(sweeping.found ?? '-');
    this.#moment(sweeping.askedAtMs);
    const isYounger = (seen?.requestedAtMs ?? 0) > sweeping.askedAtMs;
    this.#code.push(bits(sweeping.poolAnswers, isYounger));
  }

  /** Remembered for as long as its record is somewhere. */
  #attempt({ last }: Mind['attempts']): void {
    if (last === undefined || !this.#late.isWaited) return this.#code.push(0);
    this.#uid(last.uid);
    this.#word(last.fate);
    this.#record(last.startTime);
    const { nowMs } = this.#world;
    this.#code.push(bits(last.endedAtMs === undefined, nowMs >= this.#late.attemptMs));
  }

  #climbing(climbing: Climbing | undefined): void {
    if (climbing === undefined) return this.#code.push(0);
    this.#doing(climbing.doing);
    if (climbing.doing?.kind === 'Settling' && climbing.climb.effects.length === 0) {
      return this.#code.push(bits(climbing.observation?.kind === 'Absent'));
    }
    this.#resource(climbing.resource);
    this.#part(climbing.records, tellRecords);
    this.#record(climbing.records.pending?.startTime);
    this.#observation(climbing.observation);
    this.#part(climbing.climb, tellClimb);
  }

  #doing(doing: Doing | undefined): void {
    if (doing === undefined) return this.#code.push(0);
    this.#word(doing.kind);
    if ('askedAtMs' in doing) this.#moment(doing.askedAtMs);
    if (doing.kind === 'Looking') this.#look(doing.found ?? '-', doing.askedAtMs);
    if (doing.kind === 'Listing') this.#look(doing.page, doing.askedAtMs);
    if ('rivals' in doing) this.#rivals(doing.rivals);
    if ('call' in doing) this.#call(doing.call);
    if ('write' in doing) this.#write(doing.write);
    if ('as' in doing) this.#word(doing.as);
    if ('leaves' in doing) this.#part(doing.leaves, JSON.stringify);
    if (doing.kind !== 'Settling') return;
    this.#part(doing.outcome, tellOutcome);
    this.#code.push(doing.tries ?? 9);
  }

  /** What it sees is remembered, unless a sweep was asked for later. */
  #look(found: string, askedAtMs: number): void {
    const { sweeping } = this.#world.mind;
    this.#word(found);
    this.#code.push(bits(sweeping !== undefined && askedAtMs > sweeping.askedAtMs));
  }

  #rivals(rivals: readonly Rival[]): void {
    this.#code.push(rivals.length);
    for (const key of this.#order) {
      const rival = rivals.find((each) => each.key === key);
      if (rival !== undefined) this.#uid(rival.uid);
    }
  }

  #call({ operation, uid, wish, seenAtMs, overdue }: CognitoCall): void {
    this.#uid(uid);
    this.#word(operation);
    this.#word(wish);
    this.#code.push(bits(overdue, this.#isNewsSince(seenAtMs)));
  }

  #write({ key, uid, version, change, wish, seenAtMs, overdue }: KubernetesWrite): void {
    this.#keys([key]);
    this.#uid(uid);
    this.#word(wish);
    this.#code.push(bits(overdue, this.#isNewsSince(seenAtMs)));
    this.#version(key, version);
    this.#part(change, tellChange);
    this.#record(change.kind === 'Status' ? change.status.pending?.startTime : undefined);
  }

  #resource(resource: ResourceServer | undefined): void {
    this.#part(resource, tellResource);
    if (resource === undefined) return;
    this.#version(resource.key as Key, resource.resourceVersion);
    this.#record(resource.pending?.startTime);
  }

  #observation(observation: Observation | undefined): void {
    const { attempts } = this.#world.mind;
    if (observation === undefined || !isValid(observation, attempts)) {
      const isNews = this.#isNewsSince(observation?.requestedAtMs ?? 0);
      return this.#code.push(bits(isNews, observation?.kind === 'Absent'));
    }
    this.#part(observation, tellObservation);
    this.#moment(observation.requestedAtMs);
  }

  /* ---------------------------------------------------------------- numbers */

  #version(key: Key, version: string): void {
    this.#code.pushRanked(key === 'n/a' ? VERSIONS_OF_A : VERSIONS_OF_B, Number(version));
  }

  #record(startTime: string | undefined): void {
    if (startTime === undefined) return this.#code.push(0);
    const known = this.#records.indexOf(startTime);
    this.#code.push(known < 0 ? this.#records.push(startTime) : known + 1);
  }

  #moment(moment: number): void {
    const { termMs, claimsMs, attemptMs, staleMs, disturbedMs } = this.#late;
    const isLater = moment >= claimsMs;
    const early = bits(moment >= termMs, isLater, moment >= attemptMs);
    this.#code.push(8 * bits(moment >= staleMs, moment >= disturbedMs) + early);
  }

  /** Whether somebody acted at the console since: it excuses what stands on older evidence. */
  #isNewsSince(moment: number): boolean {
    return this.#late.disturbedMs > moment;
  }

  #uid(uid: string): void {
    this.#birth(birthOf(uid));
  }

  #birth(birth: number): void {
    if (this.#isNamed) this.#code.push(birth);
    else this.#code.pushRanked(BIRTHS, birth);
  }

  #keys(keys: readonly Key[]): void {
    const [first, second] = this.#order as readonly [Key, Key];
    this.#code.push(bits(keys.includes(first), keys.includes(second)));
  }

  #word(word: string): void {
    this.#print(this.#prints.ofWord(word));
  }

  #part<T extends object>(part: T | undefined, tell: (part: T) => string): void {
    if (part === undefined) this.#code.push(0);
    else this.#print(this.#prints.ofPart(part, tell));
  }

  #print({ low, high, names }: Print): void {
    this.#code.push(low);
    this.#code.push(high);
    for (const name of names) {
      if (name >= 0) this.#birth(name);
      else this.#keys([name === KEY_NUMBERS['n/a'] ? 'n/a' : 'n/b']);
    }
  }
}

/** What is ranked. */
const BIRTHS = 0;
const VERSIONS_OF_A = 1;
const VERSIONS_OF_B = 2;

function bits(first: boolean, second = false, third = false): number {
  return 1 + Number(first) + 2 * Number(second) + 4 * Number(third);
}

interface Identified {
  readonly uid: string;
}

function byBirth(one: Identified, other: Identified): number {
  return birthOf(one.uid) - birthOf(other.uid);
}

/** Which was sent first does not matter. */
function unordered<T extends CognitoCall | KubernetesWrite>(requests: readonly T[]): readonly T[] {
  if (requests.length < 2) return requests;
  return requests.toSorted(byBirth);
}
