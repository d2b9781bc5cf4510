/**
 * The window of one request rate. `admits` asks, `enter` takes: a caller under several rates asks
 * all of them first, so that a refused call counts against none. What the service's window looks
 * like is not documented; `sliding` is the strictest reading, and the default.
 */
export type WindowKind = 'sliding' | 'token-bucket';

export interface Pace {
  readonly perSecond: number;
  /** Only for the token bucket. */
  readonly burst: number;
}

export interface RateWindow {
  admits(now: number, pace: Pace): boolean;
  enter(now: number, pace: Pace): void;
  /** Whether forgetting the window would change no answer. */
  isIdle(now: number): boolean;
}

export const createWindow = (kind: WindowKind): RateWindow =>
  kind === 'sliding' ? new SlidingWindow() : new TokenBucket();

/** No half-open second `[t, t + 1000)` holds more than `perSecond` entries. */
class SlidingWindow implements RateWindow {
  readonly #entered: number[] = [];

  admits(now: number, { perSecond }: Pace): boolean {
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
  #perSecond = 0;

  admits(now: number, pace: Pace): boolean {
    this.#drain(now, pace.perSecond);
    return this.#spent + 1 <= pace.burst;
  }

  enter(now: number, pace: Pace): void {
    this.#drain(now, pace.perSecond);
    this.#spent += 1;
  }

  isIdle(now: number): boolean {
    this.#drain(now, this.#perSecond);
    return this.#spent === 0;
  }

  #drain(now: number, perSecond: number): void {
    this.#spent = Math.max(0, this.#spent - ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    this.#perSecond = perSecond;
  }
}
