/**
 * When a key runs again. `Requeue` is what a reconcile returns and a work queue understands; the
 * delays are pure functions of the failures in a row and a roll of the dice.
 */

/** Delays that grow with each failure in a row. Milliseconds. */
export interface BackoffPolicy {
  readonly kind: 'Doubling';
  readonly baseMs: number;
  readonly maxMs: number;
}

/** A slow timer, spread by `spread` (0.2 is +-20 %) so that keys do not march in step. */
export interface TimerPolicy {
  readonly kind: 'Timer';
  readonly everyMs: number;
  readonly spread: number;
}

export type DelayPolicy = BackoffPolicy | TimerPolicy;

/**
 * What becomes of a key after a run.
 *
 * - `Forget`: the object is gone; nothing of the key is kept.
 * - `Await`: nothing is scheduled; a watch, a sweep or another key wakes it. No failures remain.
 * - `Now`: at once; a run that ends so twice in a row backs off.
 * - `After`: once, in `delayMs`; failures in a row are kept.
 * - `Again`: after the delay that `policy` gives; counts as one more failure in a row.
 * - `StepAside`: a ticket in the rate gate wakes it; once in `reportInMs` too, when given.
 */
export type Requeue =
  | { readonly kind: 'Forget' }
  | { readonly kind: 'Await' }
  | { readonly kind: 'Now' }
  | { readonly kind: 'After'; readonly delayMs: number }
  | { readonly kind: 'Again'; readonly policy: DelayPolicy }
  | { readonly kind: 'StepAside'; readonly reportInMs: number | undefined };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** For whatever may be better in a moment. */
export const RETRY: BackoffPolicy = { kind: 'Doubling', baseMs: 750, maxMs: 15 * MINUTE };
/** For whatever somebody has to put right outside: permissions, a missing pool. */
export const SLOW: BackoffPolicy = { kind: 'Doubling', baseMs: 15 * SECOND, maxMs: 15 * MINUTE };
/** For whatever only the user can change. */
export const HOURLY: TimerPolicy = { kind: 'Timer', everyMs: HOUR, spread: 0.2 };
/** For a pool that is full. */
export const QUOTA: TimerPolicy = { kind: 'Timer', everyMs: 30 * MINUTE, spread: 0.2 };

const DOUBLINGS_MAX = 30;

/**
 * @param failures failures in a row, this one included: 1 or more
 * @param roll chance in [0, 1)
 * @returns milliseconds. Doubling: full jitter under `baseMs * 2^(failures-1)`, capped at `maxMs`,
 * and never below a tenth of that ceiling, so that a lucky roll is no hot loop.
 */
export function delayMs(policy: DelayPolicy, failures: number, roll: number): number {
  if (policy.kind === 'Timer') return policy.everyMs * (1 + policy.spread * (2 * roll - 1));
  const doublings = Math.min(Math.max(failures - 1, 0), DOUBLINGS_MAX);
  const ceiling = Math.min(policy.baseMs * 2 ** doublings, policy.maxMs);
  return ceiling * Math.max(roll, 0.1);
}
