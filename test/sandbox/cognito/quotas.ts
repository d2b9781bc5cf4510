/**
 * The request-rate quotas of an account: which windows a call has to enter, all or none. A refused
 * call counts against no quota (not documented; the strict windows make it the harsher test).
 */
import type { Clock } from './clock.ts';
import { type Operation, operationModels } from './model.ts';
import { createWindow, type Limit, type RateWindow, type WindowKind } from './rates.ts';

export interface Rates {
  /** Per account and Region, pooled over all operations of the category. */
  readonly perAccount: { readonly read: number; readonly update: number };
  readonly perPool: number;
  /** The two readings of the per-pool quota; which one is enforced is not documented. */
  readonly mode: 'per-operation' | 'per-category';
  /** Of the token bucket; by default each quota's own rate. */
  readonly burst?: number;
}

export const defaultRates: Rates = {
  perAccount: { read: 20, update: 15 },
  perPool: 5,
  mode: 'per-operation',
};

export interface RatedCall {
  readonly operation: Operation;
  readonly region: string;
  /** Absent when the request named none. */
  readonly pool: string | undefined;
}

const windowsMax = 10_000;

export class RateQuotas {
  #rates: Rates | 'off';
  readonly #kind: WindowKind;
  readonly #clock: Clock;
  readonly #windows = new Map<string, RateWindow>();

  constructor(rates: Rates | 'off', kind: WindowKind, clock: Clock) {
    this.#rates = rates;
    this.#kind = kind;
    this.#clock = clock;
  }

  /** Takes effect with the next call; what the last second admitted still counts. */
  set(rates: Rates | 'off'): void {
    this.#rates = rates;
  }

  /** Whether the call is within every quota, and if so, counts it. */
  admit(call: RatedCall): boolean {
    if (this.#rates === 'off') return true;
    const now = this.#clock.now();
    const quotas = quotasOf(call, this.#rates).map(({ key, limit }) => ({
      window: this.#window(key, now, limit),
      limit,
    }));
    if (!quotas.every(({ window, limit }) => window.admits(now, limit))) return false;
    for (const { window, limit } of quotas) window.enter(now, limit);
    return true;
  }

  #window(key: string, now: number, limit: Limit): RateWindow {
    const present = this.#windows.get(key);
    if (present !== undefined) return present;
    if (this.#windows.size >= windowsMax) this.#forgetIdle(now, limit);
    const window = createWindow(this.#kind);
    this.#windows.set(key, window);
    return window;
  }

  #forgetIdle(now: number, limit: Limit): void {
    for (const [key, window] of this.#windows) {
      if (window.isIdle(now, limit)) this.#windows.delete(key);
    }
  }
}

interface Quota {
  readonly key: string;
  readonly limit: Limit;
}

function quotasOf({ operation, region, pool }: RatedCall, rates: Rates): readonly Quota[] {
  const { category } = operationModels[operation];
  const account: Quota = {
    key: `account ${region} ${category}`,
    limit: limitOf(rates.perAccount[category], rates),
  };
  if (pool === undefined) return [account];
  const member = rates.mode === 'per-operation' ? operation : category;
  const key = `pool ${region} ${pool} ${member}`;
  return [account, { key, limit: limitOf(rates.perPool, rates) }];
}

const limitOf = (perSecond: number, { burst }: Rates): Limit => ({
  perSecond,
  burst: burst ?? perSecond,
});
