/**
 * The rate gate as a climb sees it: places, and tickets for those that find none. What keeps the
 * promise behind it is `controller/rate-gate.ts`.
 */
import type { Withheld } from './core/failure.ts';

/**
 * One stream of calls that shares windows with others: a pool's reads, a pool's writes. A call
 * enters all windows of its lanes or none.
 */
export interface Lane {
  /** Such as `eu-west-1_AbC/write`. */
  readonly id: string;
  readonly windows: readonly Window[];
}

/** N calls a second; `nominal` is that N before any slow-down, quota times share. */
export interface Window {
  readonly id: string;
  readonly nominal: number;
}

export type Departure = 'Answered' | 'Throttled' | 'Unanswered';

/** A place in every window of one lane: for exactly one call. */
export interface Place {
  readonly lane: string;
  /** Monotonic: until when it can be entered; a climb that was slow takes another one. */
  readonly voidMs: number;
  /** The call leaves now. `PlaceVoid` when the place was taken too long ago (2 s). */
  enter(): Withheld | undefined;
  /**
   * The call is over. Closes its windows one second from now; without an answer, say after a
   * reset, it may arrive until its deadline, and they close one second after that.
   */
  leave(how: Departure): void;
  /** Unused: free at once. Harmless after `enter`. */
  giveBack(): void;
}

export interface PlaceRequest {
  readonly key: string;
  readonly lanes: readonly Lane[];
  /** Higher goes first. */
  readonly priority: number;
}

export interface RateGate {
  /** One place for each lane, in order, or `undefined`: then the key holds a ticket. */
  take(request: PlaceRequest): readonly Place[] | undefined;
  /** A ticket without an attempt: after a throttle. */
  stepAside(request: PlaceRequest): void;
  /** Since when the key has been waiting without a call that went through; monotonic ms. */
  waitingSince(key: string): number | undefined;
  /** The key waits no longer: its ticket and what was reserved for it go to others. */
  forget(key: string): void;
  /** Gives free places to waiting keys and names those to wake now; call when `nextMs` passed. */
  advance(): { readonly wake: readonly string[]; readonly nextMs: number | undefined };
}
