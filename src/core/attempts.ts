/**
 * What this process remembers of its mutations of one identity: the last attempt, so that older
 * observations are dropped and late requests waited for; and when it updated, so that a fight
 * with somebody else ends. Pure transitions; what is not remembered is judged from the start of
 * the leader's term.
 */
import type { PendingRecord } from '../api/resource-server.ts';
import type { RecordFate } from './failure.ts';
import type { Observation } from './view.ts';

export interface Attempts {
  readonly last: Attempt | undefined;
  readonly updates: Updates;
  /** Monotonic: when a look last told that a mutation had landed. Those under way may not know. */
  readonly provenAtMs: number;
}

export interface Attempt {
  readonly uid: string;
  /** Of the pending record: names the attempt. */
  readonly startTime: string;
  /** Monotonic; `undefined` while the call is in flight. */
  readonly endedAtMs: number | undefined;
  readonly fate: 'Answered' | RecordFate;
}

/** Updates to one content, for one wish of the user. */
export interface Updates {
  /** Generation, sync request and hash: a new wish starts a new count. */
  readonly wish: string;
  /** Monotonic, oldest first, at most `UPDATES_MAX`. */
  readonly atMs: readonly number[];
  /** That many were made within an hour, and none of the probes since came to rest. */
  readonly fight: boolean;
}

export const NO_ATTEMPTS: Attempts = {
  last: undefined,
  updates: { wish: '', atMs: [], fight: false },
  provenAtMs: Number.NEGATIVE_INFINITY,
};

/** More Updates than this to the same content within the hour is a fight. */
export const UPDATES_MAX = 5;
const HOUR_MS = 60 * 60 * 1_000;

export function begin(attempts: Attempts, uid: string, startTime: string): Attempts {
  return { ...attempts, last: { uid, startTime, endedAtMs: undefined, fate: 'StaysUntilLate' } };
}

export function end(attempts: Attempts, fate: Attempt['fate'], nowMs: number): Attempts {
  if (attempts.last === undefined) return attempts;
  return { ...attempts, last: { ...attempts.last, endedAtMs: nowMs, fate } };
}

/** Nobody knows when it landed: what was asked for before now may have been seen before that. */
export function proven(attempts: Attempts, nowMs: number): Attempts {
  return { ...attempts, provenAtMs: nowMs };
}

/** Asked for after the end of the last mutation of the identity, whichever resource made it. */
export function isValid({ requestedAtMs }: Observation, { last, provenAtMs }: Attempts): boolean {
  if (requestedAtMs < provenAtMs) return false;
  if (last === undefined) return true;
  return last.endedAtMs !== undefined && requestedAtMs >= last.endedAtMs;
}

export interface LateFrom {
  readonly uid: string;
  readonly termStartedAtMs: number;
  readonly lateMs: number;
}

/** Until when the mutation that `pending` records may still land; monotonic. */
export function lateUntilMs(
  { last }: Attempts,
  pending: PendingRecord | undefined,
  { uid, termStartedAtMs, lateMs }: LateFrom,
): number {
  if (pending === undefined) return Number.NEGATIVE_INFINITY;
  const isRemembered = last?.uid === uid && last.startTime === pending.startTime;
  if (!isRemembered) return termStartedAtMs + lateMs;
  if (last.endedAtMs === undefined) return Number.POSITIVE_INFINITY;
  return last.fate === 'StaysUntilLate' ? last.endedAtMs + lateMs : last.endedAtMs;
}

export function updated(attempts: Attempts, wish: string, nowMs: number): Attempts {
  const before = attempts.updates.wish === wish ? attempts.updates : NO_ATTEMPTS.updates;
  const atMs = [...before.atMs, nowMs].slice(-UPDATES_MAX);
  const goesOn = before.fight && nowMs - (before.atMs.at(-1) ?? nowMs) < 2 * HOUR_MS;
  return { ...attempts, updates: { wish, atMs, fight: goesOn || isCrowded(atMs) } };
}

function isCrowded(atMs: readonly number[]): boolean {
  const [first = 0] = atMs;
  return atMs.length === UPDATES_MAX && (atMs.at(-1) ?? 0) - first < HOUR_MS;
}

/**
 * Whether one more Update of this wish is allowed: five in an hour, and once that many were made,
 * one an hour until the user asks anew.
 */
export function converges({ updates }: Attempts, wish: string, nowMs: number): boolean {
  if (updates.wish !== wish || !updates.fight) return true;
  return nowMs - (updates.atMs.at(-1) ?? nowMs) >= HOUR_MS;
}
