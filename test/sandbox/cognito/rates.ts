/**
 * The request rates of an account: which windows a call has to enter, all or none. A refused call
 * enters none; what the service does there is not documented.
 */
import { type Operation, operationModels } from './model.ts';
import { createWindow, type Pace, type RateWindow, type WindowKind } from './window.ts';

export interface Rates {
  /** Per account and Region, pooled over all operations of the category. */
  readonly perAccount: { readonly read: number; readonly update: number };
  readonly perPool: number;
  /** The two readings of the per-pool rate; which one is enforced is not documented. */
  readonly mode: 'per-operation' | 'per-category';
  /** Of the token bucket; by default as many as each rate's own calls per second. */
  readonly burst?: number;
}

/** As documented, none of them adjustable; the mode as the developer guide words it. */
export const defaultRates: Rates = {
  perAccount: { read: 20, update: 15 },
  perPool: 5,
  mode: 'per-operation',
};

export interface RatedCall {
  readonly operation: Operation;
  /** Account and Region. */
  readonly account: string;
  /** Absent when the request names none. */
  readonly pool: string | undefined;
}

interface Lane {
  readonly key: string;
  readonly pace: Pace;
}

/** Idle windows are forgotten when there are more. */
const windowsMax = 10_000;

export class AccountRates {
  #rates: Rates | 'off';
  readonly #kind: WindowKind;
  readonly #windows = new Map<string, RateWindow>();

  constructor(rates: Rates | 'off', kind: WindowKind) {
    this.#rates = rates;
    this.#kind = kind;
  }

  /** From the next call on; what the last second admitted still counts. */
  set(rates: Rates | 'off'): void {
    this.#rates = rates;
  }

  /** Whether the call is within every rate at this moment, and if so, counts it. */
  admit(call: RatedCall, now: number): boolean {
    if (this.#rates === 'off') return true;
    const entries = lanesOf(call, this.#rates).map(({ key, pace }) => ({
      window: this.#window(key, now),
      pace,
    }));
    if (!entries.every(({ window, pace }) => window.admits(now, pace))) return false;
    for (const { window, pace } of entries) window.enter(now, pace);
    return true;
  }

  #window(key: string, now: number): RateWindow {
    const present = this.#windows.get(key);
    if (present !== undefined) return present;
    if (this.#windows.size >= windowsMax) this.#forgetIdle(now);
    const window = createWindow(this.#kind);
    this.#windows.set(key, window);
    return window;
  }

  #forgetIdle(now: number): void {
    for (const [key, window] of this.#windows) {
      if (window.isIdle(now)) this.#windows.delete(key);
    }
  }
}

function lanesOf({ operation, account, pool }: RatedCall, rates: Rates): readonly Lane[] {
  const { category } = operationModels[operation];
  const lane = (perSecond: number, ...key: readonly string[]): Lane => ({
    key: key.join(' '),
    pace: { perSecond, burst: rates.burst ?? perSecond },
  });
  const ofAccount = lane(rates.perAccount[category], account, category);
  if (pool === undefined) return [ofAccount];
  const calls = rates.mode === 'per-operation' ? operation : category;
  return [ofAccount, lane(rates.perPool, account, pool, calls)];
}
