/**
 * Time as a list of what is still to come. One event is one thing that happens: a timer fires, a
 * request or an answer arrives, a frame comes. After each, every promise that can go on does so,
 * before the next; nothing else ever runs in between.
 *
 *   events:  ──●────────●──●───────────────●──▶   the heap, by moment, then by age
 *   drained:    \promises\  \promises       \promises
 *
 * An event may belong to a life, which is a process: dead, it never happens; frozen, it happens in
 * the moment in which the process is thawed.
 */
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import type { Clock } from '../../src/ports.ts';
import type { FakeClock } from '../support/fake-clock.ts';

/** One process: when it is killed, whatever it still waits for never comes. */
export interface Life {
  readonly isOver: boolean;
  readonly isFrozen: boolean;
  /** What came while it was frozen, in its order. */
  readonly backlog: (() => void)[];
}

/** Takes the event back; harmless after it happened. */
export type Cancel = () => void;

export interface VirtualTime extends FakeClock {
  /** How many events have happened so far. */
  readonly events: number;
  readonly nowMs: number;
  after(ms: number, happen: () => void, life?: Life): Cancel;
  /** The clock of one process: whole milliseconds, one at least, as Node's timers are. */
  clockOf(life: Life): Clock;
}

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly life: Life | undefined;
  /** `undefined`: taken back. */
  happen: (() => void) | undefined;
}

const WALL_START_MS = Date.UTC(2026, 0, 1);
const IMMORTAL: Life = { isOver: false, isFrozen: false, backlog: [] };

export function createVirtualTime(startMs = 0): VirtualTime {
  return new HeapOfTime(startMs);
}

export function aliveLife(): Life {
  return { ...IMMORTAL, backlog: [] };
}

class HeapOfTime implements VirtualTime {
  readonly #heap: Due[] = [];
  readonly #sleepers = new WeakMap<AbortSignal, Set<() => void>>();
  #nowMs: number;
  #set = 0;
  #waiting = 0;
  events = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get timers(): number {
    return this.#waiting;
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

  after(ms: number, happen: () => void, life?: Life): Cancel {
    this.#set += 1;
    const due: Due = { atMs: this.#nowMs + Math.max(ms, 0), order: this.#set, life, happen };
    this.#waiting += 1;
    push(this.#heap, due);
    return () => {
      if (due.happen !== undefined) this.#waiting -= 1;
      due.happen = undefined;
    };
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#sleep(ms, signal, undefined);
  }

  deadline(ms: number, parent: AbortSignal): { signal: AbortSignal; cancel: () => void } {
    return this.#deadline(ms, parent, undefined);
  }

  clockOf(life: Life): Clock {
    return {
      wallMs: () => this.wallMs(),
      timestamp: () => this.timestamp(),
      monotonicMs: () => this.#nowMs,
      sleep: (ms, signal) => this.#sleep(Math.max(Math.trunc(ms), 1), signal, life),
      deadline: (ms, parent) => this.#deadline(ms, parent, life),
    };
  }

  advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          this.#runUntil(endMs);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #runUntil(endMs: number): void {
    drain();
    for (let due = this.#heap[0]; due !== undefined && due.atMs <= endMs; due = this.#heap[0]) {
      pop(this.#heap);
      if (due.happen === undefined) continue;
      this.#nowMs = due.atMs;
      this.#let(due);
      drain();
    }
    this.#nowMs = endMs;
  }

  #let(due: Due): void {
    const { life, happen } = due;
    this.#waiting -= 1;
    due.happen = undefined;
    if (happen === undefined || life?.isOver === true) return;
    this.events += 1;
    if (life?.isFrozen === true) life.backlog.push(happen);
    else happen();
  }

  #sleep(ms: number, signal: AbortSignal, life: Life | undefined): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleepers = this.#sleepersOf(signal);
      const cancel = this.after(ms, () => wake(), life);
      const wake = (): void => {
        sleepers.delete(wake);
        cancel();
        resolve();
      };
      sleepers.add(wake);
    });
  }

  #deadline(ms: number, parent: AbortSignal, life: Life | undefined) {
    const controller = new AbortController();
    if (parent.aborted) controller.abort(parent.reason);
    const sleepers = this.#sleepersOf(parent);
    const cancel = (): void => {
      sleepers.delete(obey);
      takeBack();
    };
    const obey = (): void => {
      cancel();
      controller.abort(parent.reason);
    };
    const takeBack = this.after(
      ms,
      () => {
        cancel();
        controller.abort(TIMED_OUT);
      },
      life,
    );
    if (!parent.aborted) sleepers.add(obey);
    return { signal: controller.signal, cancel };
  }

  /** One listener a signal, however many sleep on it. */
  #sleepersOf(signal: AbortSignal): Set<() => void> {
    const known = this.#sleepers.get(signal);
    if (known !== undefined) return known;
    const sleepers = new Set<() => void>();
    this.#sleepers.set(signal, sleepers);
    signal.addEventListener('abort', () => {
      for (const wake of sleepers) wake();
    });
    return sleepers;
  }
}

const TIMED_OUT = new DOMException('The deadline has passed', 'TimeoutError');

/* ------------------------------------------------------------------ the promises */

/**
 * Runs all promises that can go on, and those that then can. Outside of any promise only: within
 * one V8 does nothing. A macrotask for each event would do the same at a twelfth of the speed.
 */
const drain = checkpoint();

/** The flag stays: V8 compiles when it is first called, and again when it has been idle. */
function checkpoint(): () => void {
  setFlagsFromString('--allow-natives-syntax');
  return runInThisContext('() => %PerformMicrotaskCheckpoint()') as () => void;
}

/* ------------------------------------------------------------------------ the heap */

function isSooner(one: Due, other: Due): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Due;
    if (!isSooner(due, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = due;
}

/** Takes the first away. */
function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    const [left, right] = [heap[below], heap[below + 1]];
    if (left === undefined) break;
    if (right !== undefined && isSooner(right, left)) below += 1;
    const child = heap[below] as Due;
    if (!isSooner(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}
