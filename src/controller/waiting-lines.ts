/**
 * Who waits for places, and who gets the next one that is free.
 *
 * Tickets that want the same lanes stand in one line. A ticket is served when each window of its
 * lanes has a place. One that cannot be served keeps one place in every window it waits for: so it
 * gets them all in the end, while the rest of the window goes on serving others. Two rounds, so
 * that nobody who waits for a pool keeps what pools share:
 *
 * 1. the lanes' own windows: by priority, first come first served inside one; of each lane the
 *    first that can be served goes on to
 * 2. the windows that lanes share: by priority, lanes take turns inside one.
 *
 * In both, who has waited longest for a window goes before all others once `longestEvery - 1`
 * others were served there. Each round has one order for all windows, so nobody waits in a circle.
 */
import { Heap } from './heap.ts';
import type { OpenLane } from './rate-lanes.ts';
import type { RateWindow } from './rate-window.ts';

export interface Ticket {
  readonly key: string;
  /** Its place among all, for as long as it waits for a call that goes through. */
  readonly order: number;
  readonly sinceMs: number;
  priority: number;
}

interface Line {
  readonly lanes: readonly OpenLane[];
  readonly own: readonly RateWindow[];
  readonly shared: readonly RateWindow[];
  readonly byPriority: Heap<Ticket>;
  readonly byAge: Heap<Ticket>;
}

/** A ticket that could be next, with the line it stands in. */
interface Candidate {
  readonly ticket: Ticket;
  readonly line: Line;
  /** It has waited longest for a window that has served enough others. */
  readonly isElder: boolean;
}

export interface Served {
  readonly ticket: Ticket;
  readonly lanes: readonly OpenLane[];
}

type Order = (a: Candidate, b: Candidate) => number;

export class WaitingLines {
  readonly #longestEvery: number;
  readonly #lines = new Map<string, Line>();
  readonly #standing = new Map<Ticket, string>();
  #turns = 0;

  constructor(longestEvery: number) {
    this.#longestEvery = longestEvery;
  }

  /** Puts a ticket into the line for these lanes; it leaves the one it stands in. */
  join(ticket: Ticket, lanes: readonly OpenLane[], priority: number): void {
    this.leave(ticket);
    const id = lanes.map((lane) => lane.id).join(' ');
    const line = this.#lines.get(id) ?? openLine(lanes);
    ticket.priority = priority;
    line.byPriority.push(ticket);
    line.byAge.push(ticket);
    this.#lines.set(id, line);
    this.#standing.set(ticket, id);
  }

  /** Harmless for a ticket that stands nowhere. */
  leave(ticket: Ticket): void {
    const id = this.#standing.get(ticket);
    const line = id === undefined ? undefined : this.#lines.get(id);
    if (id === undefined || line === undefined) return;
    this.#standing.delete(ticket);
    line.byPriority.remove(ticket);
    line.byAge.remove(ticket);
    if (line.byAge.size === 0) this.#lines.delete(id);
  }

  has(ticket: Ticket): boolean {
    return this.#standing.has(ticket);
  }

  /** Whether a ticket of that priority or above waits in one of these lanes. */
  someoneWaits(lanes: readonly OpenLane[], priority: number): boolean {
    return [...this.#lines.values()].some((line) => {
      const first = line.byPriority.peek();
      const meets = line.own.some((window) => lanes.some((lane) => lane.own === window));
      return meets && first !== undefined && first.priority >= priority;
    });
  }

  /** How many wait for each window. */
  waiting(): ReadonlyMap<RateWindow, number> {
    const waiting = new Map<RateWindow, number>();
    for (const { own, shared, byAge } of this.#lines.values()) {
      for (const window of [...own, ...shared]) {
        waiting.set(window, (waiting.get(window) ?? 0) + byAge.size);
      }
    }
    return waiting;
  }

  /** Takes out the ticket that is next, when it can be served now. */
  serve(nowMs: number): Served | undefined {
    const longest = this.#longest(nowMs);
    const next = this.#next(longest, nowMs);
    if (next === undefined) return undefined;
    const { ticket, line } = next;
    for (const window of [...line.own, ...line.shared]) {
      const others = longest.get(window);
      window.passed = others === undefined || others === ticket ? 0 : window.passed + 1;
    }
    this.#turns += 1;
    for (const window of line.own) window.turn = this.#turns;
    this.leave(ticket);
    return { ticket, lanes: line.lanes };
  }

  #next(longest: ReadonlyMap<RateWindow, Ticket>, nowMs: number): Candidate | undefined {
    const kept = new Set<RateWindow>();
    for (const candidate of this.#ready(longest, nowMs).sort(byTurn)) {
      if (fits(candidate.line.shared, kept, nowMs)) return candidate;
      for (const window of candidate.line.shared) kept.add(window);
    }
    return undefined;
  }

  /** The first round: at most one ticket a lane. */
  #ready(longest: ReadonlyMap<RateWindow, Ticket>, nowMs: number): Candidate[] {
    const kept = new Set<RateWindow>();
    const lanesReady = new Set<RateWindow>();
    const ready: Candidate[] = [];
    for (const candidate of this.#candidates(longest).sort(byOrder)) {
      const { own } = candidate.line;
      if (own.some((window) => lanesReady.has(window))) continue;
      const isReady = fits(own, kept, nowMs);
      if (isReady) ready.push(candidate);
      for (const window of own) (isReady ? lanesReady : kept).add(window);
    }
    return ready;
  }

  /** Of each line the first, and the oldest when it has waited long enough. */
  #candidates(longest: ReadonlyMap<RateWindow, Ticket>): Candidate[] {
    const due = [...longest].filter(([window]) => window.passed >= this.#longestEvery - 1);
    const elders = new Set(due.map(([, ticket]) => ticket));
    return [...this.#lines.values()].flatMap((line) => {
      const first = line.byPriority.peek();
      const oldest = line.byAge.peek();
      const tickets = oldest !== undefined && elders.has(oldest) ? [oldest, first] : [first];
      return [...new Set(tickets)]
        .filter((ticket) => ticket !== undefined)
        .map((ticket) => ({ ticket, line, isElder: elders.has(ticket) }));
    });
  }

  /**
   * Who has waited longest for each window. For a shared one only those count whom no window of
   * their own holds up, and only when it has too few places for all of them: nobody waits for it
   * otherwise.
   */
  #longest(nowMs: number): ReadonlyMap<RateWindow, Ticket> {
    const longest = new Map<RateWindow, Ticket>();
    const lines = [...this.#lines.values()];
    const ready = lines.filter((line) => servable(line, nowMs) > 0);
    const wanted = new Map<RateWindow, number>();
    for (const line of ready) {
      for (const window of line.shared) {
        wanted.set(window, (wanted.get(window) ?? 0) + servable(line, nowMs));
      }
    }
    for (const line of lines) age(longest, line.own, line);
    for (const line of ready) {
      const scarce = line.shared.filter((window) => (wanted.get(window) ?? 0) > window.free(nowMs));
      age(longest, scarce, line);
    }
    return longest;
  }
}

/** How many of a line could be served if it were for their own windows alone. */
function servable(line: Line, nowMs: number): number {
  return Math.min(line.byAge.size, ...line.own.map((window) => window.free(nowMs)));
}

/** Notes the oldest of a line wherever no older one is noted. */
function age(
  longest: Map<RateWindow, Ticket>,
  windows: readonly RateWindow[],
  { byAge }: Line,
): void {
  const oldest = byAge.peek();
  if (oldest === undefined) return;
  for (const window of windows) {
    const other = longest.get(window);
    if (other === undefined || oldest.order < other.order) longest.set(window, oldest);
  }
}

function openLine(lanes: readonly OpenLane[]): Line {
  return {
    lanes,
    own: lanes.map((lane) => lane.own),
    shared: lanes.flatMap((lane) => lane.shared),
    byPriority: new Heap((a, b) => byPriority(a, b) < 0),
    byAge: new Heap((a, b) => a.order < b.order),
  };
}

/** Whether each window has a place, besides the one that it keeps for somebody before. */
function fits(
  windows: readonly RateWindow[],
  kept: ReadonlySet<RateWindow>,
  nowMs: number,
): boolean {
  return windows.every((window) => window.free(nowMs) > (kept.has(window) ? 1 : 0));
}

function byPriority(a: Ticket, b: Ticket): number {
  return b.priority - a.priority || a.order - b.order;
}

const byOrder: Order = (a, b) => byElder(a, b) || byPriority(a.ticket, b.ticket);

const byTurn: Order = (a, b) =>
  byElder(a, b) ||
  b.ticket.priority - a.ticket.priority ||
  turnOf(a.line) - turnOf(b.line) ||
  a.ticket.order - b.ticket.order;

function byElder(a: Candidate, b: Candidate): number {
  if (a.isElder && b.isElder) return a.ticket.order - b.ticket.order;
  return Number(b.isElder) - Number(a.isElder);
}

/** The lane that went longest ago is next. */
function turnOf(line: Line): number {
  return Math.max(...line.own.map((window) => window.turn));
}
