/** Alarms that can be cancelled together, so that nothing outlives the server that set them. */
import type { Clock } from '../../../src/ports.ts';

export class Alarms {
  readonly #clock: Clock;
  readonly #cancelled = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `task` at once when `ms` is 0, else once after it. */
  after(ms: number, task: () => void): void {
    if (ms <= 0) return task();
    void this.#sleepThen(ms, task);
  }

  /** For good: what is set later never rings. */
  cancelAll(): void {
    this.#cancelled.abort();
  }

  async #sleepThen(ms: number, task: () => void): Promise<void> {
    const { signal } = this.#cancelled;
    await this.#clock.sleep(ms, signal);
    if (!signal.aborted) task();
  }
}
