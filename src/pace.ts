/**
 * When each pool is swept next: spread evenly over the resync interval, and never with more than
 * half of the reads that are ours. The interval is a goal; where the pools are too many for it, it
 * stretches.
 */

export interface Pace {
  /** How often each pool is to be swept. */
  readonly resyncMs: number;
  /** Reads a second that are ours. */
  readonly readsPerSecond: number;
}

export interface SweptPool {
  readonly userPoolId: string;
  /** Monotonic: when its last complete sweep was asked for, or its next one. */
  readonly sweptAtMs: number;
}

export interface Due {
  readonly userPoolId: string | undefined;
  readonly inMs: number;
}

const CHECK_MS = 1_000;
/** The part of the interval that all sweeps of a round are spread over. */
const SPREAD = 0.9;

/** The pool to sweep now, if one is due, and when to ask again. */
export function nextDue(pools: Iterable<SweptPool>, pace: Pace, nowMs: number): Due {
  const oldestFirst = [...pools].sort((one, other) => one.sweptAtMs - other.sweptAtMs);
  const betweenMs = gapMs(oldestFirst.length, pace);
  const dueAtMs = oldestFirst
    .map(({ sweptAtMs }, ahead) => sweptAtMs + pace.resyncMs - leadMs(ahead * betweenMs, pace))
    .reduce((first, each) => Math.min(first, each), Number.POSITIVE_INFINITY);
  if (nowMs < dueAtMs) {
    return { userPoolId: undefined, inMs: Math.min(dueAtMs - nowMs, CHECK_MS) };
  }
  return { userPoolId: oldestFirst[0]?.userPoolId, inMs: betweenMs };
}

/**
 * The oldest goes so much sooner that the others behind it are not late: after a takeover all are
 * of the same age.
 */
function leadMs(queueMs: number, { resyncMs }: Pace): number {
  return Math.min(queueMs, SPREAD * resyncMs);
}

function gapMs(pools: number, { resyncMs, readsPerSecond }: Pace): number {
  return Math.max((SPREAD * resyncMs) / pools, 2_000 / readsPerSecond);
}
