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
import type { OpenLane } from './rate-lanes.ts';
import type { RateWindow } from './rate-window.ts';
import { byPriority, type Ticket, WaitingLine } from './waiting-line.ts';

export interface Served {
  readonly ticket: Ticket;
  readonly lanes: readonly OpenLane[];
}

/** A ticket that could be next, with the line it stands in. */
interface Candidate {
  readonly ticket: Ticket;
  readonly line: WaitingLine;
  /** It has waited longest for a window that has served enough others. */
  readonly isElder: boolean;
}

/** Who has waited longest for each window. */
type Longest = ReadonlyMap<RateWindow, Ticket>;

const NONE: ReadonlySet<RateWindow> = new Set();

export class WaitingLines {
  readonly #longestEvery: number;
  readonly #lines = new Map<string, WaitingLine>();
  readonly #standing = new Map<Ticket, string>();
  readonly #waiting = new Map<RateWindow, number>();
  #turns = 0;

  constructor(longestEvery: number) {
    this.#longestEvery = longestEvery;
  }

  /** How many wait for each window; one for which nobody waits is missing. */
  get waiting(): ReadonlyMap<RateWindow, number> {
    return this.#waiting;
  }

  /** Puts a ticket into the line for these lanes; it leaves the one it stands in. */
  join(ticket: Ticket, lanes: readonly OpenLane[], priority: number): void {
    this.leave(ticket);
    const id = lanes.map((lane) => lane.id).join(' ');
    const line = this.#lines.get(id) ?? new WaitingLine(lanes);
    ticket.priority = priority;
    line.add(ticket);
    this.#lines.set(id, line);
    this.#standing.set(ticket, id);
    this.#count(line, 1);
  }

  /** Harmless for a ticket that stands nowhere. */
  leave(ticket: Ticket): void {
    const id = this.#standing.get(ticket);
    const line = id === undefined ? undefined : this.#lines.get(id);
    if (id === undefined || line === undefined) return;
    this.#standing.delete(ticket);
    line.remove(ticket);
    this.#count(line, -1);
    if (line.size === 0) this.#lines.delete(id);
  }

  has(ticket: Ticket): boolean {
    return this.#standing.has(ticket);
  }

  /** Whether a ticket of that priority or above waits in one of these lanes. */
  someoneWaits(lanes: readonly OpenLane[], priority: number): boolean {
    const own = new Set(lanes.map((lane) => lane.own));
    return [...this.#lines.values()].some(({ first, own: others }) => {
      const isBefore = first !== undefined && first.priority >= priority;
      return isBefore && others.some((window) => own.has(window));
    });
  }

  /** Takes out the ticket that is next, when it can be served now. */
  serve(nowMs: number): Served | undefined {
    if (!this.#someoneFits(nowMs)) return undefined;
    const longest = this.#longest(nowMs);
    const next = this.#next(longest, nowMs);
    if (next === undefined) return undefined;
    const { ticket, line } = next;
    for (const window of line.windows) {
      const oldest = longest.get(window) ?? ticket;
      window.passed = oldest === ticket ? 0 : window.passed + 1;
    }
    this.#turns += 1;
    for (const window of line.own) window.turn = this.#turns;
    this.leave(ticket);
    return { ticket, lanes: line.lanes };
  }

  /** Saves the search while all is full, which is most of the time when there is much to do. */
  #someoneFits(nowMs: number): boolean {
    for (const { shared, own } of this.#lines.values()) {
      if (fits(shared, NONE, nowMs) && fits(own, NONE, nowMs)) return true;
    }
    return false;
  }

  #next(longest: Longest, nowMs: number): Candidate | undefined {
    const kept = new Set<RateWindow>();
    for (const candidate of this.#ready(longest, nowMs).sort(byTurn)) {
      if (fits(candidate.line.shared, kept, nowMs)) return candidate;
      for (const window of candidate.line.shared) kept.add(window);
    }
    return undefined;
  }

  /** The first round: at most one ticket a lane. */
  #ready(longest: Longest, nowMs: number): Candidate[] {
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
  #candidates(longest: Longest): Candidate[] {
    const due = [...longest].filter(([window]) => window.passed >= this.#longestEvery - 1);
    const elders = new Set(due.map(([, ticket]) => ticket));
    return [...this.#lines.values()].flatMap((line) => {
      const { first, oldest } = line;
      const tickets = oldest !== undefined && elders.has(oldest) ? [oldest, first] : [first];
      return [...new Set(tickets)]
        .filter((ticket) => ticket !== undefined)
        .map((ticket) => ({ ticket, line, isElder: elders.has(ticket) }));
    });
  }

  /**
   * For a window that is shared only those count whom no window of their own holds up, and only
   * when it has too few places for all of them: otherwise nobody waits for it.
   */
  #longest(nowMs: number): Longest {
    const longest = new Map<RateWindow, Ticket>();
    const lines = [...this.#lines.values()];
    const ready = lines.filter((line) => line.servable(nowMs) > 0);
    const wanted = new Map<RateWindow, number>();
    for (const line of ready) {
      const servable = line.servable(nowMs);
      for (const window of line.shared) wanted.set(window, (wanted.get(window) ?? 0) + servable);
    }
    for (const { own, oldest } of lines) noteOldest(longest, own, oldest);
    for (const { shared, oldest } of ready) {
      const scarce = shared.filter((window) => (wanted.get(window) ?? 0) > window.free(nowMs));
      noteOldest(longest, scarce, oldest);
    }
    return longest;
  }

  #count(line: WaitingLine, by: number): void {
    for (const window of line.windows) {
      const waiting = (this.#waiting.get(window) ?? 0) + by;
      if (waiting > 0) this.#waiting.set(window, waiting);
      else this.#waiting.delete(window);
    }
  }
}

function noteOldest(
  longest: Map<RateWindow, Ticket>,
  windows: readonly RateWindow[],
  ticket: Ticket | undefined,
): void {
  if (ticket === undefined) return;
  for (const window of windows) {
    const other = longest.get(window);
    if (other === undefined || ticket.order < other.order) longest.set(window, ticket);
  }
}

/** Whether each window has a place, besides the one that it keeps for somebody before. */
function fits(
  windows: readonly RateWindow[],
  kept: ReadonlySet<RateWindow>,
  nowMs: number,
): boolean {
  return windows.every((window) => window.free(nowMs) > (kept.has(window) ? 1 : 0));
}

function byOrder(a: Candidate, b: Candidate): number {
  return byElder(a, b) || byPriority(a.ticket, b.ticket);
}

/** The lane that went longest ago is next. */
function byTurn(a: Candidate, b: Candidate): number {
  return (
    byElder(a, b) ||
    b.ticket.priority - a.ticket.priority ||
    a.line.turn - b.line.turn ||
    a.ticket.order - b.ticket.order
  );
}

function byElder(a: Candidate, b: Candidate): number {
  if (a.isElder && b.isElder) return a.ticket.order - b.ticket.order;
  return Number(b.isElder) - Number(a.isElder);
}
