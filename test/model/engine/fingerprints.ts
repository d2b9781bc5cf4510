/**
 * Sets of 64-bit fingerprints in flat tables: eight bytes each, up to three quarters full.
 *
 * Two worlds with one fingerprint are taken for one. Of n worlds that happens with a chance of
 * n^2 / 2^65: three in a million for ten million.
 */
import { Ints } from './ints.ts';

export interface Fingerprint {
  readonly low: number;
  readonly high: number;
}

export class Fingerprints {
  #slots: Uint32Array;
  #size: number;

  constructor(slots: Uint32Array = new Uint32Array(2 * LEAST), size = 0) {
    this.#slots = slots;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** The table itself, to be written down. */
  get slots(): Uint32Array {
    return this.#slots;
  }

  /** @returns whether it was not there yet */
  add({ low, high }: Fingerprint): boolean {
    const isNew = put(this.#slots, low, high);
    if (!isNew) return false;
    this.#size += 1;
    if (this.#size * 8 > this.#slots.length * 3) this.#grow();
    return true;
  }

  has({ low, high }: Fingerprint): boolean {
    return !isFree(this.#slots, placeOf(this.#slots, low, high));
  }

  #grow(): void {
    const before = this.#slots;
    const slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      if (!isFree(before, at)) put(slots, before[at] ?? 0, before[at + 1] ?? 0);
    }
    this.#slots = slots;
  }
}

/** Fingerprints by number, in the order in which they came. */
export class NumberedFingerprints {
  readonly #lows: Ints;
  readonly #highs: Ints;
  /** Open addressing: number + 1, half full at most. */
  #table = new Int32Array(LEAST);

  constructor(lows?: Int32Array, highs?: Int32Array) {
    this.#lows = new Ints(lows);
    this.#highs = new Ints(highs);
    while (this.#table.length < 2 * this.size) this.#table = new Int32Array(this.#table.length * 2);
    for (let number = 0; number < this.size; number += 1) this.#place(number);
  }

  get size(): number {
    return this.#lows.length;
  }

  get lows(): Int32Array {
    return this.#lows.items();
  }

  get highs(): Int32Array {
    return this.#highs.items();
  }

  /** `undefined` when it is not there. */
  find({ low, high }: Fingerprint): number | undefined {
    const mask = this.#table.length - 1;
    for (let at = low & mask; this.#table[at] !== 0; at = (at + 1) & mask) {
      const number = (this.#table[at] ?? 0) - 1;
      if (this.#lows.at(number) === (low | 0) && this.#highs.at(number) === (high | 0)) {
        return number;
      }
    }
    return undefined;
  }

  /** It must not be there yet. @returns its number */
  add({ low, high }: Fingerprint): number {
    const number = this.size;
    this.#lows.push(low | 0);
    this.#highs.push(high | 0);
    if (2 * this.size > this.#table.length) this.#grow();
    else this.#place(number);
    return number;
  }

  #place(number: number): void {
    const mask = this.#table.length - 1;
    let at = this.#lows.at(number) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = number + 1;
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let number = 0; number < this.size; number += 1) this.#place(number);
  }
}

const LEAST = 1_024;

/** Both halves 0 means free: the one fingerprint in 2^64 that is so is never kept. */
function isFree(slots: Uint32Array, at: number): boolean {
  return slots[at] === 0 && slots[at + 1] === 0;
}

/** Where it is, or where it would be. */
function placeOf(slots: Uint32Array, low: number, high: number): number {
  const mask = slots.length - 1;
  let at = (low << 1) & mask;
  while (!isFree(slots, at)) {
    if (slots[at] === low && slots[at + 1] === high) return at;
    at = (at + 2) & mask;
  }
  return at;
}

function put(slots: Uint32Array, low: number, high: number): boolean {
  const at = placeOf(slots, low, high);
  if (!isFree(slots, at)) return false;
  slots[at] = low;
  slots[at + 1] = high;
  return true;
}
