/**
 * A set of 64-bit fingerprints in a flat table: eight bytes each, up to three quarters full.
 *
 * Two worlds with one fingerprint are taken for one. Of n worlds that happens with a chance of
 * n^2 / 2^65: three in a million for ten million.
 */
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
    const at = placeOf(this.#slots, low, high);
    return !isFree(this.#slots, at);
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

const LEAST = 1_024;

/** Both halves 0 means free: the fingerprint that would be, one in 2^64, is taken for its neighbour. */
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
