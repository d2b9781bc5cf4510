/**
 * A clock that stands still until a test moves it. Timers fire in the order of their moments,
 * those of one moment in the order they were set, and after each the promises that hang on it run.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/ports.ts';

export interface FakeClock extends Clock {
  /** Moves time on by `ms`, running what falls due on the way, also what that sets anew. */
  advance(ms: number): Promise<void>;
  /** Timers that have neither fired nor been cancelled. A test that leaves some leaks them. */
  readonly timers: number;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

const WALL_START_MS = Date.UTC(2026, 0, 1);

export function createFakeClock(startMs = 0): FakeClock {
  return new StoppedClock(startMs);
}

/** Lets every promise that can go on do so. No time passes on any fake clock. */
export async function settled(): Promise<void> {
  await setImmediate();
}

class StoppedClock implements FakeClock {
  readonly #timers = new Set<Timer>();
  #nowMs: number;
  #timersSet = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get timers(): number {
    return this.#timers.size;
  }

  wallMs(): number {
    return WALL_START_MS + this.#nowMs;
  }

  timestamp(): string {
    return new Date(this.wallMs()).toISOString();
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    const cancel = this.#set(ms, wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    cancel();
    signal.removeEventListener('abort', wake);
  }

  deadline(ms: number, parent: AbortSignal): { signal: AbortSignal; cancel: () => void } {
    const controller = new AbortController();
    const cancel = this.#set(ms, () =>
      controller.abort(new DOMException('The deadline has passed', 'TimeoutError')),
    );
    return { signal: AbortSignal.any([controller.signal, parent]), cancel };
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.fire();
      await settled();
    }
    this.#nowMs = endMs;
    await settled();
  }

  #set(ms: number, fire: () => void): () => void {
    this.#timersSet += 1;
    const timer = { atMs: this.#nowMs + Math.max(ms, 0), order: this.#timersSet, fire };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  #next(endMs: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.atMs <= endMs);
    return due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}
