/**
 * Places that are kept for tickets, from the moment they get free until the key that was woken for
 * them takes or returns them, however long that is.
 */
import type { OpenLane } from './rate-lanes.ts';
import type { Hold } from './rate-window.ts';
import type { Ticket } from './waiting-line.ts';

export interface Reservation {
  readonly lane: OpenLane;
  readonly hold: Hold;
}

export class RateReservations {
  readonly #kept = new Map<Ticket, readonly Reservation[]>();
  readonly #unannounced = new Set<Ticket>();

  /** Takes a place in every window of the lanes; there must be one. */
  keep(ticket: Ticket, lanes: readonly OpenLane[]): void {
    const reservations = lanes.map((lane) => ({ lane, hold: Symbol(ticket.key) }));
    for (const { lane, hold } of reservations) lane.hold(hold);
    this.#kept.set(ticket, reservations);
    this.#unannounced.add(ticket);
  }

  has(ticket: Ticket): boolean {
    return this.#kept.has(ticket);
  }

  /** Whether a place in each of these lanes is kept for the ticket. */
  covers(ticket: Ticket, lanes: readonly OpenLane[]): boolean {
    const ids = this.#kept.get(ticket)?.map(({ lane }) => lane.id);
    return ids !== undefined && lanes.every(({ id }) => ids.includes(id));
  }

  /** The places in these lanes, in their order, now the caller's; what is left over is free. */
  redeem(ticket: Ticket, lanes: readonly OpenLane[]): readonly Reservation[] {
    const kept = this.#kept.get(ticket) ?? [];
    const wanted = lanes.flatMap(({ id }) => kept.filter(({ lane }) => lane.id === id));
    for (const one of kept) if (!wanted.includes(one)) one.lane.release(one.hold);
    this.#kept.delete(ticket);
    this.#unannounced.delete(ticket);
    return wanted;
  }

  /** Harmless for a ticket that nothing is kept for. */
  cancel(ticket: Ticket): void {
    this.redeem(ticket, []);
  }

  /** The keys for which places are kept since this was last asked. */
  announce(): readonly string[] {
    const keys = [...this.#unannounced].map(({ key }) => key);
    this.#unannounced.clear();
    return keys;
  }
}
