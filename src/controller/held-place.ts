/** A place that was taken: for one call, which must leave soon. */
import type { Departure, Place } from '../gate.ts';
import type { OpenLane } from './rate-lanes.ts';
import type { Hold } from './rate-window.ts';

export type PlaceEnd =
  | { readonly kind: 'GivenBack' }
  | { readonly kind: Departure; readonly enteredAtMs: number };

interface PlaceTerms {
  readonly openLane: OpenLane;
  readonly hold: Hold;
  /** From this moment on it cannot be entered. */
  readonly voidMs: number;
  readonly nowMs: () => number;
  /** Called once. */
  readonly onEnd: (place: HeldPlace, end: PlaceEnd) => void;
}

type Phase =
  | { readonly kind: 'Taken' }
  | { readonly kind: 'Entered'; readonly enteredAtMs: number }
  | { readonly kind: 'Ended' };

export class HeldPlace implements Place {
  readonly #terms: PlaceTerms;
  #phase: Phase = { kind: 'Taken' };

  constructor(terms: PlaceTerms) {
    this.#terms = terms;
  }

  get lane(): string {
    return this.#terms.openLane.id;
  }

  get openLane(): OpenLane {
    return this.#terms.openLane;
  }

  get hold(): Hold {
    return this.#terms.hold;
  }

  /** When it will be void, unless it is entered before. */
  get voidMs(): number {
    return this.#phase.kind === 'Taken' ? this.#terms.voidMs : Infinity;
  }

  enter(): 'PlaceVoid' | undefined {
    const enteredAtMs = this.#terms.nowMs();
    if (enteredAtMs >= this.#terms.voidMs) this.giveBack();
    if (this.#phase.kind !== 'Taken') return 'PlaceVoid';
    this.#phase = { kind: 'Entered', enteredAtMs };
    return undefined;
  }

  leave(how: Departure): void {
    if (this.#phase.kind !== 'Entered') return this.giveBack();
    this.#end({ kind: how, enteredAtMs: this.#phase.enteredAtMs });
  }

  giveBack(): void {
    if (this.#phase.kind === 'Taken') this.#end({ kind: 'GivenBack' });
  }

  #end(end: PlaceEnd): void {
    this.#phase = { kind: 'Ended' };
    this.#terms.onEnd(this, end);
  }
}
