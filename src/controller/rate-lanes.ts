/**
 * The lanes that are in use, opened onto their windows. Windows come to exist with the first lane
 * that names them and are forgotten when they are idle, so that pools may come and go.
 */
import type { Lane } from '../gate.ts';
import { type Hold, RateWindow, type Throttle } from './rate-window.ts';

/** A lane with its windows: the first is its own, the others it shares. Holds all or none. */
export class OpenLane {
  readonly id: string;
  readonly own: RateWindow;
  readonly shared: readonly RateWindow[];
  readonly windows: readonly RateWindow[];

  constructor(id: string, windows: readonly RateWindow[]) {
    const [own, ...shared] = windows;
    if (own === undefined) throw new Error(`a lane has no window: ${id}`);
    this.id = id;
    this.own = own;
    this.shared = shared;
    this.windows = windows;
  }

  hold(hold: Hold): void {
    for (const window of this.windows) window.hold(hold);
  }

  release(hold: Hold): void {
    for (const window of this.windows) window.release(hold);
  }

  close(hold: Hold, overMs: number): void {
    for (const window of this.windows) window.close(hold, overMs);
  }

  /** Its own window slows down and pauses; those it shares when another lane is throttled too. */
  throttle(throttle: Throttle, pauseMs: number): void {
    for (const window of this.windows) window.tick(throttle.nowMs);
    this.own.throttle(throttle, pauseMs);
    for (const window of this.shared) window.throttleShared(throttle, this.own.id);
  }
}

export class RateLanes {
  readonly #windows = new Map<string, RateWindow>();
  readonly #recoveryPerSecond: number;
  #termOpensMs = -Infinity;

  constructor(recoveryPerSecond: number) {
    this.#recoveryPerSecond = recoveryPerSecond;
  }

  get windows(): readonly RateWindow[] {
    return [...this.#windows.values()];
  }

  /** Shuts all windows until then, also those that come to exist before. */
  shutUntil(opensMs: number): void {
    this.#termOpensMs = opensMs;
    for (const window of this.#windows.values()) window.shutUntil(opensMs);
  }

  tick(nowMs: number): void {
    for (const window of this.#windows.values()) window.tick(nowMs);
  }

  /** A forgotten window that is still waited for would live twice: `waitedFor` stay. */
  forgetIdle(nowMs: number, waitedFor: ReadonlyMap<RateWindow, number>): void {
    for (const [id, window] of this.#windows) {
      if (window.isIdle(nowMs) && !waitedFor.has(window)) this.#windows.delete(id);
    }
  }

  /** @throws when two lanes name one window: a call has one place in a window, never two */
  open(lanes: readonly Lane[]): readonly OpenLane[] {
    const openLanes = lanes.map((lane) => {
      const windows = lane.windows.map(({ id, nominal }) => this.#window(id, nominal));
      return new OpenLane(lane.id, windows);
    });
    const windows = openLanes.flatMap((lane) => lane.windows);
    if (new Set(windows).size === windows.length) return openLanes;
    throw new Error(`a window is named twice: ${windows.map(({ id }) => id).join(' ')}`);
  }

  #window(id: string, nominal: number): RateWindow {
    const open = this.#windows.get(id);
    if (open !== undefined) return open;
    const window = new RateWindow({ id, nominal }, this.#recoveryPerSecond);
    window.shutUntil(this.#termOpensMs);
    this.#windows.set(id, window);
    return window;
  }
}
