/**
 * Quotas are physics: no call without a place in every window of its lane, and nobody waits here.
 * A key that finds no place gets a ticket and its worker is free; a place that gets free is
 * reserved for the ticket that is next, and its key is named by `advance`, to be woken.
 *
 * ```
 *   take ----------------------------> places -> enter -> leave       (nobody before it)
 *   take -> ticket -> advance: wake -> take -> places -> ...          (its place is reserved)
 *              ^---------------- stepAside, after a throttle
 * ```
 *
 * Assumes: whoever entered a place leaves it, once the call was answered, broke or was given up;
 * who settles a key otherwise than by stepping aside says `forget`; `advance` is called when its
 * `nextMs` has passed and after each `leave`, `giveBack` and `forget`.
 */
import type { Place, PlaceRequest, RateGate } from '../gate.ts';
import type { Chance, Clock } from '../ports.ts';
import { HeldPlace, type PlaceEnd } from './held-place.ts';
import { type OpenLane, RateLanes } from './rate-lanes.ts';
import { RateReservations } from './rate-reservations.ts';
import type { WindowSnapshot } from './rate-window.ts';
import type { Ticket } from './waiting-line.ts';
import { WaitingLines } from './waiting-lines.ts';

export interface RateGateSettings {
  /** How long a term starts with all windows full. */
  readonly fullMs: number;
  /** A place that was not entered within this time is void. */
  readonly placeVoidMs: number;
  /** Until when a call without an answer may arrive, from when it left. */
  readonly callDeadlineMs: number;
  readonly pauseMs: number;
  /** 0.2 is +-20 %. */
  readonly pauseSpread: number;
  /** What a window recovers in a second without a throttle, as a part of its nominal N. */
  readonly recoveryPerSecond: number;
  /** Of so many places in a row at least one goes to whoever waits longest. */
  readonly longestEvery: number;
}

export const RATE_GATE_SETTINGS: RateGateSettings = {
  fullMs: 1_000,
  placeVoidMs: 2_000,
  callDeadlineMs: 4_000,
  pauseMs: 1_000,
  pauseSpread: 0.2,
  recoveryPerSecond: 0.1,
  longestEvery: 4,
};

export interface GateWindowSnapshot extends WindowSnapshot {
  /** Keys that wait for a place in it. */
  readonly waiting: number;
}

export interface ObservableRateGate extends RateGate {
  /** The windows that are in use, by id. */
  snapshot(): readonly GateWindowSnapshot[];
}

interface GatePorts {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly chance: Pick<Chance, 'roll'>;
  readonly settings: RateGateSettings;
  /** Monotonic: when the term began, if that was before now. */
  readonly startedAtMs?: number;
}

/** For one term, which starts with all windows full. */
export function createRateGate(ports: GatePorts): ObservableRateGate {
  return new Gate(ports);
}

/** The places of one `take`, and what became of them. */
interface Trip {
  readonly ticket: Ticket;
  open: number;
  answered: boolean;
  throttled: boolean;
}

class Gate implements ObservableRateGate {
  readonly #clock: GatePorts['clock'];
  readonly #chance: GatePorts['chance'];
  readonly #settings: RateGateSettings;
  readonly #lanes: RateLanes;
  readonly #lines: WaitingLines;
  readonly #tickets = new Map<string, Ticket>();
  readonly #reservations = new RateReservations();
  readonly #places = new Map<HeldPlace, Trip>();
  /** Before that moment there is no news, unless somebody makes it. */
  #quietUntilMs = -Infinity;
  #orders = 0;

  constructor({ clock, chance, settings, startedAtMs = clock.monotonicMs() }: GatePorts) {
    this.#clock = clock;
    this.#chance = chance;
    this.#settings = settings;
    this.#lanes = new RateLanes(settings.recoveryPerSecond);
    this.#lines = new WaitingLines(settings.longestEvery);
    this.#lanes.shutUntil(startedAtMs + settings.fullMs);
  }

  take(request: PlaceRequest): readonly Place[] | undefined {
    this.#stir();
    const nowMs = this.#tick();
    this.#allot(nowMs);
    const lanes = this.#lanes.open(request.lanes);
    const before = this.#tickets.get(request.key);
    const mayTry = before !== undefined || !this.#lines.someoneWaits(lanes, request.priority);
    const ticket = before ?? this.#issue(request.key, nowMs);
    if (!this.#reservations.covers(ticket, lanes)) {
      this.#line(ticket, lanes, request.priority);
      if (mayTry) this.#allot(nowMs);
    }
    if (!this.#reservations.has(ticket)) return undefined;
    if (before === undefined) this.#tickets.delete(request.key);
    return this.#hand(ticket, lanes, nowMs);
  }

  stepAside(request: PlaceRequest): void {
    this.#stir();
    const nowMs = this.#tick();
    const ticket = this.#tickets.get(request.key) ?? this.#issue(request.key, nowMs);
    this.#line(ticket, this.#lanes.open(request.lanes), request.priority);
  }

  waitingSince(key: string): number | undefined {
    return this.#tickets.get(key)?.sinceMs;
  }

  forget(key: string): void {
    const ticket = this.#tickets.get(key);
    if (ticket === undefined) return;
    this.#stir();
    this.#tickets.delete(key);
    this.#lines.leave(ticket);
    this.#reservations.cancel(ticket);
  }

  advance(): { readonly wake: readonly string[]; readonly nextMs: number | undefined } {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#quietUntilMs) return { wake: [], nextMs: finite(this.#quietUntilMs - nowMs) };
    this.#tick();
    this.#allot(nowMs);
    this.#quietUntilMs = this.#nextChangeMs(nowMs);
    const wake = this.#reservations.announce();
    return { wake, nextMs: finite(this.#quietUntilMs - nowMs) };
  }

  #stir(): void {
    this.#quietUntilMs = -Infinity;
  }

  snapshot(): readonly GateWindowSnapshot[] {
    this.#tick();
    const waiting = this.#lines.waiting;
    return this.#lanes.windows
      .map((window) => ({ ...window.snapshot(), waiting: waiting.get(window) ?? 0 }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Lets time have passed: voids, closes, recovers, and forgets what is idle. */
  #tick(): number {
    const nowMs = this.#clock.monotonicMs();
    for (const place of this.#places.keys()) if (place.voidMs <= nowMs) place.giveBack();
    this.#lanes.tick(nowMs);
    this.#lanes.forgetIdle(nowMs, this.#lines.waiting);
    return nowMs;
  }

  /** Matters to those who wait. */
  #nextChangeMs(nowMs: number): number {
    const windows = [...this.#lines.waiting.keys()];
    if (windows.length === 0) return Infinity;
    const voids = [...this.#places.keys()].map((place) => place.voidMs);
    return Math.min(...windows.map((window) => window.nextChangeMs(nowMs)), ...voids);
  }

  #issue(key: string, nowMs: number): Ticket {
    this.#orders += 1;
    const ticket = { key, order: this.#orders, sinceMs: nowMs, priority: 0 };
    this.#tickets.set(key, ticket);
    return ticket;
  }

  #line(ticket: Ticket, lanes: readonly OpenLane[], priority: number): void {
    this.#reservations.cancel(ticket);
    this.#lines.join(ticket, lanes, priority);
  }

  /** Keeps what is free for those who are next. */
  #allot(nowMs: number): void {
    for (let next = this.#lines.serve(nowMs); next; next = this.#lines.serve(nowMs)) {
      this.#reservations.keep(next.ticket, next.lanes);
    }
  }

  #hand(ticket: Ticket, lanes: readonly OpenLane[], nowMs: number): readonly Place[] {
    const trip: Trip = { ticket, open: lanes.length, answered: false, throttled: false };
    const terms = {
      voidMs: nowMs + this.#settings.placeVoidMs,
      nowMs: () => this.#clock.monotonicMs(),
      onEnd: (place: HeldPlace, end: PlaceEnd) => this.#end(place, end),
    };
    return this.#reservations.redeem(ticket, lanes).map(({ lane: openLane, hold }) => {
      const place = new HeldPlace({ ...terms, openLane, hold });
      this.#places.set(place, trip);
      return place;
    });
  }

  #end(place: HeldPlace, end: PlaceEnd): void {
    this.#stir();
    const nowMs = this.#clock.monotonicMs();
    if (end.kind === 'GivenBack') place.openLane.release(place.hold);
    if (end.kind === 'Throttled') place.openLane.throttle({ ...end, nowMs }, this.#pauseMs());
    if (end.kind !== 'GivenBack') place.openLane.close(place.hold, this.#overMs(end, nowMs));
    this.#conclude(place, end);
  }

  /** From when on the call can arrive no more. */
  #overMs({ kind, enteredAtMs }: Exclude<PlaceEnd, { kind: 'GivenBack' }>, nowMs: number): number {
    if (kind !== 'Unanswered') return nowMs;
    return Math.max(nowMs, enteredAtMs + this.#settings.callDeadlineMs);
  }

  #pauseMs(): number {
    const { pauseMs, pauseSpread } = this.#settings;
    return pauseMs * (1 + pauseSpread * (2 * this.#chance.roll() - 1));
  }

  /** A ticket has served its time when calls went through and none of its trip was throttled. */
  #conclude(place: HeldPlace, end: PlaceEnd): void {
    const trip = this.#places.get(place);
    this.#places.delete(place);
    if (trip === undefined) return;
    trip.open -= 1;
    trip.answered ||= end.kind === 'Answered' || end.kind === 'Unanswered';
    trip.throttled ||= end.kind === 'Throttled';
    if (trip.open > 0 || trip.throttled || !trip.answered) return;
    const { ticket } = trip;
    const isAtRest = !this.#lines.has(ticket) && !this.#reservations.has(ticket);
    if (isAtRest && this.#tickets.get(ticket.key) === ticket) this.#tickets.delete(ticket.key);
  }
}

function finite(ms: number): number | undefined {
  return ms === Infinity ? undefined : ms;
}
