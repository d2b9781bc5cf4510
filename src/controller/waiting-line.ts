/** The tickets that want places in the same lanes, by priority and by age. */
import { Heap } from './heap.ts';
import type { OpenLane } from './rate-lanes.ts';
import type { RateWindow } from './rate-window.ts';

export interface Ticket {
  readonly key: string;
  /** Its place among all, for as long as it waits for a call that goes through. */
  readonly order: number;
  readonly sinceMs: number;
  /** Changes only while the ticket stands in no line. */
  priority: number;
}

export class WaitingLine {
  readonly lanes: readonly OpenLane[];
  readonly own: readonly RateWindow[];
  readonly shared: readonly RateWindow[];
  readonly windows: readonly RateWindow[];
  readonly #byPriority = new Heap<Ticket>((a, b) => byPriority(a, b) < 0);
  readonly #byAge = new Heap<Ticket>((a, b) => a.order < b.order);

  constructor(lanes: readonly OpenLane[]) {
    this.lanes = lanes;
    this.own = lanes.map((lane) => lane.own);
    this.shared = lanes.flatMap((lane) => lane.shared);
    this.windows = [...this.own, ...this.shared];
  }

  get size(): number {
    return this.#byAge.size;
  }

  /** Of the highest priority the oldest. */
  get first(): Ticket | undefined {
    return this.#byPriority.peek();
  }

  get oldest(): Ticket | undefined {
    return this.#byAge.peek();
  }

  /** When it was last the turn of one of its lanes. */
  get turn(): number {
    return Math.max(...this.own.map((window) => window.turn));
  }

  add(ticket: Ticket): void {
    this.#byPriority.push(ticket);
    this.#byAge.push(ticket);
  }

  remove(ticket: Ticket): void {
    this.#byPriority.remove(ticket);
    this.#byAge.remove(ticket);
  }

  /** How many could be served if it were for their own windows alone. */
  servable(nowMs: number): number {
    return Math.min(this.size, ...this.own.map((window) => window.free(nowMs)));
  }
}

/** Negative when `a` goes first. */
export function byPriority(a: Ticket, b: Ticket): number {
  return b.priority - a.priority || a.order - b.order;
}
