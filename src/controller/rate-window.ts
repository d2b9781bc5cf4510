/**
 * One window: at most N calls a second, whatever the network does.
 *
 * ```
 *            hold        the call leaves     arrives somewhere here      close
 *   free ---->|---------------->|==================================>|------ 1 s ----->| free
 *             taken           entered                    answered, or its deadline
 * ```
 *
 * Take any second at the server, and of our calls that arrive in it the one that was taken last.
 * At that moment all the others were held too: each was answered after the second began, so none
 * had closed before it ended. As no more than N are ever held at once, no second holds more.
 *
 * N is a real number between 0 and `nominal`. Its whole part is how many may be held; below 1 it is
 * one, for 1/N seconds. Moments are monotonic ms. `tick` comes before each question.
 */
const SECOND_MS = 1_000;

/** Whose place it is, as long as it is somebody's. */
export type Hold = symbol;

export interface Throttle {
  /** When the refused call left. */
  readonly enteredAtMs: number;
  readonly nowMs: number;
}

export interface WindowSnapshot {
  readonly id: string;
  readonly nominal: number;
  /** How many a second for now. */
  readonly n: number;
  /** Places that are taken, reserved, or not yet closed. */
  readonly held: number;
}

export class RateWindow {
  readonly id: string;
  readonly nominal: number;
  /** Places given to others since the one who waits longest here had one. */
  passed = 0;
  /** When it was last this window's turn, as a running number. */
  turn = 0;
  readonly #recoveryPerSecond: number;
  /** Each hold with the moment at which it closes. */
  readonly #closings = new Map<Hold, number>();
  /** Who was throttled in a window that several share, and when. */
  readonly #throttled = new Map<string, number>();
  #n: number;
  #opensMs = -Infinity;
  #decreasedMs = -Infinity;
  #recoversMs = Infinity;

  /** @param recoveryPerSecond as a part of `nominal` */
  constructor(window: { id: string; nominal: number }, recoveryPerSecond: number) {
    this.id = window.id;
    this.nominal = window.nominal;
    this.#n = window.nominal;
    this.#recoveryPerSecond = recoveryPerSecond;
  }

  /** Lets go of what has closed, and recovers a step for each second without a throttle. */
  tick(nowMs: number): void {
    for (const [hold, closesMs] of this.#closings) {
      if (closesMs <= nowMs) this.#closings.delete(hold);
    }
    for (const [id, throttledMs] of this.#throttled) {
      if (throttledMs + SECOND_MS < nowMs) this.#throttled.delete(id);
    }
    for (; this.#n < this.nominal && this.#recoversMs <= nowMs; this.#recoversMs += SECOND_MS) {
      this.#n = Math.min(this.nominal, this.#n + this.nominal * this.#recoveryPerSecond);
    }
  }

  /** Places that can be had now. */
  free(nowMs: number): number {
    if (nowMs < this.#opensMs) return 0;
    return Math.max(0, Math.max(1, Math.floor(this.#n)) - this.#closings.size);
  }

  hold(hold: Hold): void {
    this.#closings.set(hold, Infinity);
  }

  /** The call never left: its place is free at once. */
  release(hold: Hold): void {
    this.#closings.delete(hold);
  }

  /** From `overMs` on the call can arrive no more: it was answered, or its deadline passed. */
  close(hold: Hold, overMs: number): void {
    this.#closings.set(hold, overMs + Math.max(SECOND_MS, SECOND_MS / this.#n));
  }

  /** Nothing can be had before that moment. */
  shutUntil(opensMs: number): void {
    this.#opensMs = Math.max(this.#opensMs, opensMs);
  }

  /** Slows down, and pauses. A call that left before the last decrease says nothing new. */
  throttle({ enteredAtMs, nowMs }: Throttle, pauseMs: number): void {
    if (enteredAtMs <= this.#decreasedMs) return;
    this.shutUntil(nowMs + pauseMs);
    this.#decrease(nowMs);
  }

  /** Slows down once a second one of those who share it is throttled within a second. */
  throttleShared({ enteredAtMs, nowMs }: Throttle, whose: string): void {
    if (enteredAtMs <= this.#decreasedMs) return;
    this.#throttled.set(whose, nowMs);
    if (this.#throttled.size > 1) this.#decrease(nowMs);
  }

  /** The next moment after which more may be free, as far as the clock alone decides it. */
  nextChangeMs(nowMs: number): number {
    const recoversMs = this.#n < this.nominal ? this.#recoversMs : Infinity;
    const opensMs = this.#opensMs > nowMs ? this.#opensMs : Infinity;
    return Math.min(recoversMs, opensMs, ...this.#closings.values());
  }

  /** Whether forgetting it would change nothing: a new one is the same. */
  isIdle(nowMs: number): boolean {
    const isAtRest = this.#n === this.nominal && this.#opensMs <= nowMs;
    return isAtRest && this.#closings.size === 0 && this.#throttled.size === 0;
  }

  snapshot(): WindowSnapshot {
    const { id, nominal } = this;
    return { id, nominal, n: this.#n, held: this.#closings.size };
  }

  #decrease(nowMs: number): void {
    this.#recoversMs = nowMs + SECOND_MS;
    if (nowMs - this.#decreasedMs < SECOND_MS) return;
    this.#decreasedMs = nowMs;
    this.#n /= 2;
    this.#throttled.clear();
  }
}
