/** What the numbers in a world are compared with. */
import type { PendingRecord } from '../../src/api/resource-server.ts';
import { KEYS, type Key, LATE_MS, type World } from './world.ts';

export interface Deadlines {
  readonly termMs: number;
  /** From when on rivals are worth reading. */
  readonly claimsMs: number;
  /** Until when the last attempt may still land, if anything still speaks of it. */
  readonly attemptMs: number;
  readonly isWaited: boolean;
  /** What was asked for before this is stale. */
  readonly staleMs: number;
  readonly disturbedMs: number;
}

export function deadlinesOf(world: World): Deadlines {
  const { mind, disturbedAtMs = 0 } = world;
  const { termAtMs, unansweredAtMs = 0, attempts } = mind;
  const { last } = attempts;
  const endedAtMs = last === undefined ? 0 : (last.endedAtMs ?? Infinity);
  const isLate = last?.fate === 'StaysUntilLate';
  const isWaited = last !== undefined && isRecorded(world, last.startTime);
  return {
    termMs: termAtMs + LATE_MS,
    claimsMs: Math.max(termAtMs, unansweredAtMs) + LATE_MS,
    attemptMs: isWaited ? endedAtMs + (isLate ? LATE_MS : 0) : 0,
    isWaited,
    staleMs: Math.max(endedAtMs, attempts.provenAtMs),
    disturbedMs: disturbedAtMs,
  };
}

/** Whether anything still speaks of the record that was made then. */
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

/** The older resource first: by whom the API server holds, then by whom the leader knows of. */
export function inOrder(world: World): readonly Key[] {
  const [first, second] = KEYS as readonly [Key, Key];
  return isElder(world, second, first) ? TURNED : KEYS;
}

const TURNED = KEYS.toReversed();

function isElder({ objects, mind }: World, one: Key, other: Key): boolean {
  const { cache, climbs } = mind;
  const held = compare(birthOf(objects[one]?.uid), birthOf(objects[other]?.uid));
  if (held !== 0) return held < 0;
  const known = compare(birthOf(cache[one]?.uid), birthOf(cache[other]?.uid));
  if (known !== 0) return known < 0;
  return birthOf(climbs[one]?.resource.uid) < birthOf(climbs[other]?.resource.uid);
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

/** The uid `b2` was the second of all; who is not there comes last. */
export function birthOf(uid: string | undefined): number {
  return uid === undefined ? Infinity : Number(uid.slice(1));
}
