/**
 * Waiting slots in the order in which they go: those that are ready by priority, inside one by
 * turns of their groups; those that are not by their moment. Moments are the caller's, monotonic
 * ms.
 */
import { Heap } from './heap.ts';
import { Turns } from './turns.ts';

/** What the schedule reads and writes of a waiting key. */
export interface Slot {
  readonly group: string;
  priority: number;
  /** When it becomes ready; `Infinity` when only somebody else can say so. */
  dueMs: number;
  /** Whether it stands among the ready ones; only the schedule writes this. */
  ready: boolean;
  /** Its turn among those of its priority, once it is ready; only the schedule writes this. */
  turn: number;
  /** Its place among equals; only the schedule writes this. */
  order: number;
}

export class Schedule<S extends Slot> {
  readonly #ready = new Heap<S>((a, b) => {
    if (a.priority !== b.priority) return a.priority > b.priority;
    return a.turn === b.turn ? a.order < b.order : a.turn < b.turn;
  });
  readonly #later = new Heap<S>(
    (a, b) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order),
  );
  /** By priority. */
  readonly #turns = new Map<number, Turns>();
  readonly #depth = new Map<number, number>();
  readonly #depthChanged: (priority: number, depth: number) => void;
  #orders = 0;

  constructor(depthChanged: (priority: number, depth: number) => void) {
    this.#depthChanged = depthChanged;
  }

  get size(): number {
    return this.#ready.size + this.#later.size;
  }

  get readySize(): number {
    return this.#ready.size;
  }

  /** Ready slots of each priority that was ever seen. */
  get depth(): ReadonlyMap<number, number> {
    return this.#depth;
  }

  /** The moment of the next slot that is not ready. */
  get nextMs(): number | undefined {
    const next = this.#later.peek()?.dueMs;
    return next === Infinity ? undefined : next;
  }

  /** Puts in a slot that is not in, behind its equals. */
  insert(slot: S): void {
    this.#orders += 1;
    slot.order = this.#orders;
    slot.ready = false;
    this.#later.push(slot);
  }

  /** Of both moments the earlier, of both priorities the higher; one that gains neither stays. */
  merge(slot: S, priority: number, dueMs: number): void {
    const isHigher = priority > slot.priority;
    if (slot.ready ? !isHigher : !isHigher && dueMs >= slot.dueMs) return;
    this.remove(slot);
    slot.priority = Math.max(slot.priority, priority);
    slot.dueMs = Math.min(slot.dueMs, dueMs);
    this.insert(slot);
  }

  remove(slot: S): void {
    if (!slot.ready) return this.#later.remove(slot);
    this.#ready.remove(slot);
    this.#count(slot.priority, -1);
  }

  /** Makes ready what has become due, in the order of the moments. */
  ripen(nowMs: number): void {
    for (let next = this.#later.peek(); next !== undefined; next = this.#later.peek()) {
      if (next.dueMs > nowMs) return;
      this.#later.remove(next);
      this.#orders += 1;
      next.order = this.#orders;
      next.turn = this.#turnsOf(next).give(next.group);
      next.ready = true;
      this.#ready.push(next);
      this.#count(next.priority, 1);
    }
  }

  pop(): S | undefined {
    const first = this.#ready.peek();
    if (first === undefined) return undefined;
    this.remove(first);
    this.#turnsOf(first).serve(first.group, first.turn);
    return first;
  }

  #turnsOf({ priority }: S): Turns {
    const turns = this.#turns.get(priority) ?? new Turns();
    this.#turns.set(priority, turns);
    return turns;
  }

  #count(priority: number, by: number): void {
    const depth = (this.#depth.get(priority) ?? 0) + by;
    this.#depth.set(priority, depth);
    if (depth === 0) this.#turns.get(priority)?.rest();
    this.#depthChanged(priority, depth);
  }
}
