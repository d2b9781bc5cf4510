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
  /** Monotonic; `undefined` before its first sweep, which its resources ask for themselves. */
  readonly sweptAtMs: number | undefined;
}

export interface Due {
  readonly userPoolId: string | undefined;
  readonly inMs: number;
  /** Age of the oldest sweep, for the metric; 0 without any. */
  readonly oldestMs: number;
}

const CHECK_MS = 1_000;

/** The pool to sweep now, if one is due, and when to ask again. */
export function nextDue(pools: Iterable<SweptPool>, pace: Pace, nowMs: number): Due {
  let oldest: SweptPool | undefined;
  let count = 0;
  for (const pool of pools) {
    if (pool.sweptAtMs === undefined) continue;
    count += 1;
    if (oldest?.sweptAtMs === undefined || pool.sweptAtMs < oldest.sweptAtMs) oldest = pool;
  }
  if (oldest?.sweptAtMs === undefined) {
    return { userPoolId: undefined, inMs: Math.min(CHECK_MS, pace.resyncMs), oldestMs: 0 };
  }
  const oldestMs = nowMs - oldest.sweptAtMs;
  if (oldestMs < pace.resyncMs) {
    const inMs = Math.min(pace.resyncMs - oldestMs, CHECK_MS);
    return { userPoolId: undefined, inMs, oldestMs };
  }
  return { userPoolId: oldest.userPoolId, inMs: gapMs(count, pace), oldestMs };
}

function gapMs(pools: number, { resyncMs, readsPerSecond }: Pace): number {
  return Math.max((0.9 * resyncMs) / pools, 2_000 / readsPerSecond);
}
