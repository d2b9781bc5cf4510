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

/** The pool to sweep now, if one is due, and when to ask again. */
export function nextDue(pools: Iterable<SweptPool>, pace: Pace, nowMs: number): Due {
  const all = [...pools];
  const oldest = all.reduce<SweptPool | undefined>(olderOf, undefined);
  const oldestMs = oldest === undefined ? 0 : nowMs - oldest.sweptAtMs;
  if (oldest === undefined || oldestMs < pace.resyncMs) {
    const inMs = Math.min(pace.resyncMs - oldestMs, CHECK_MS);
    return { userPoolId: undefined, inMs };
  }
  return { userPoolId: oldest.userPoolId, inMs: gapMs(all.length, pace) };
}

function olderOf(one: SweptPool | undefined, other: SweptPool): SweptPool {
  return one === undefined || other.sweptAtMs < one.sweptAtMs ? other : one;
}

function gapMs(pools: number, { resyncMs, readsPerSecond }: Pace): number {
  return Math.max((0.9 * resyncMs) / pools, 2_000 / readsPerSecond);
}
