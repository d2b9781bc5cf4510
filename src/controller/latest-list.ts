/** When the last complete list was asked for, and waiting for one that was asked for later. */

interface Waiter {
  readonly afterMs: number;
  readonly settle: (isListed: boolean) => void;
}

export class LatestList {
  readonly #waiters = new Set<Waiter>();
  #requestedAtMs: number | undefined;
  #closed = false;

  get requestedAtMs(): number | undefined {
    return this.#requestedAtMs;
  }

  applied(requestedAtMs: number): void {
    this.#requestedAtMs = requestedAtMs;
    for (const waiter of this.#waiters) if (requestedAtMs >= waiter.afterMs) waiter.settle(true);
  }

  /** There will be no further list. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.settle(false);
  }

  /** @returns false when `signal` or `close` came first */
  async after(afterMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#requestedAtMs !== undefined && this.#requestedAtMs >= afterMs) return true;
    if (this.#closed || signal.aborted) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { afterMs, settle: resolve };
    const abandon = (): void => resolve(false);
    this.#waiters.add(waiter);
    signal.addEventListener('abort', abandon);
    const isListed = await promise;
    this.#waiters.delete(waiter);
    signal.removeEventListener('abort', abandon);
    return isListed;
  }
}
