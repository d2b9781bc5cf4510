/**
 * Those who wait for the next item of a source, first come first served, and one alarm for the
 * moment at which the source says it will have one. Without takers no timer runs.
 */
import type { Clock } from '../ports.ts';

/** Something that has an item now, or will have one at a moment (monotonic ms), or cannot say. */
export interface Source<T> {
  next(): T | undefined;
  nextMs(): number | undefined;
}

export class Takers<T> {
  readonly #clock: Clock;
  readonly #source: Source<T>;
  readonly #waiting = new Set<(item: T | undefined) => void>();
  #alarm: { readonly atMs: number; readonly stop: AbortController } | undefined;

  constructor(clock: Clock, source: Source<T>) {
    this.#clock = clock;
    this.#source = source;
  }

  /** The next item that is nobody else's; `undefined` when aborted or sent away. */
  async wait(signal: AbortSignal): Promise<T | undefined> {
    if (signal.aborted) return undefined;
    const { promise, resolve } = Promise.withResolvers<T | undefined>();
    const giveUp = (): void => {
      this.#waiting.delete(resolve);
      this.#setAlarm();
      resolve(undefined);
    };
    this.#waiting.add(resolve);
    signal.addEventListener('abort', giveUp, { once: true });
    this.serve();
    const item = await promise;
    signal.removeEventListener('abort', giveUp);
    return item;
  }

  /** Gives out what the source has; to be called whenever that may have changed. */
  serve(): void {
    for (const resolve of this.#waiting) {
      const item = this.#source.next();
      if (item === undefined) break;
      this.#waiting.delete(resolve);
      resolve(item);
    }
    this.#setAlarm();
  }

  sendAway(): void {
    for (const resolve of this.#waiting) resolve(undefined);
    this.#waiting.clear();
    this.#setAlarm();
  }

  #setAlarm(): void {
    const atMs = this.#waiting.size === 0 ? undefined : this.#source.nextMs();
    if (atMs === this.#alarm?.atMs) return;
    this.#alarm?.stop.abort();
    this.#alarm = atMs === undefined ? undefined : { atMs, stop: new AbortController() };
    if (this.#alarm !== undefined) void this.#ring(this.#alarm.atMs, this.#alarm.stop.signal);
  }

  /** A timer may ring a little early: serving finds nothing then and sets the alarm again. */
  async #ring(atMs: number, stopped: AbortSignal): Promise<void> {
    await this.#clock.sleep(Math.max(0, atMs - this.#clock.monotonicMs()), stopped);
    if (stopped.aborted) return;
    this.#alarm = undefined;
    this.serve();
  }
}
