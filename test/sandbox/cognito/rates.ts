/**
 * One request-rate quota. `admits` asks, `enter` takes: a caller under several quotas asks all of
 * them first, so that a refused call counts against none. What the service's window looks like is
 * not documented; `sliding` is the strictest reading, and the default.
 */
export type WindowKind = 'sliding' | 'token-bucket';

export interface Limit {
  readonly perSecond: number;
  /** Only for the token bucket. */
  readonly burst: number;
}

export interface RateWindow {
  admits(now: number, limit: Limit): boolean;
  enter(now: number, limit: Limit): void;
  /** An idle window can be forgotten without changing any answer. */
  isIdle(now: number, limit: Limit): boolean;
}

export const createWindow = (kind: WindowKind): RateWindow =>
  kind === 'sliding' ? new SlidingWindow() : new TokenBucket();

/** No half-open second `[t, t + 1000)` holds more than `perSecond` entries. */
class SlidingWindow implements RateWindow {
  readonly #entered: number[] = [];

  admits(now: number, { perSecond }: Limit): boolean {
    this.#forget(now);
    return this.#entered.length < perSecond;
  }

  enter(now: number): void {
    this.#entered.push(now);
  }

  isIdle(now: number): boolean {
    this.#forget(now);
    return this.#entered.length === 0;
  }

  #forget(now: number): void {
    const live = this.#entered.findIndex((at) => now - at < 1000);
    this.#entered.splice(0, live === -1 ? this.#entered.length : live);
  }
}

class TokenBucket implements RateWindow {
  #spent = 0;
  #at = 0;

  admits(now: number, limit: Limit): boolean {
    return this.#spentBy(now, limit) + 1 <= limit.burst;
  }

  enter(now: number, limit: Limit): void {
    this.#spent = this.#spentBy(now, limit) + 1;
    this.#at = now;
  }

  isIdle(now: number, limit: Limit): boolean {
    return this.#spentBy(now, limit) === 0;
  }

  #spentBy(now: number, { perSecond }: Limit): number {
    return Math.max(0, this.#spent - ((now - this.#at) / 1000) * perSecond);
  }
}
