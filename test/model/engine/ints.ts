/** A list of 32-bit integers that grows: millions of them, and nothing for the collector to do. */
export class Ints {
  #items: Int32Array;
  #length: number;

  constructor(items: Int32Array = new Int32Array(0)) {
    this.#items = items;
    this.#length = items.length;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#items[index] ?? 0;
  }

  put(index: number, item: number): void {
    this.#items[index] = item;
  }

  push(item: number): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[this.#length] = item;
    this.#length += 1;
  }

  /** What is in it; outdated by the next `push`. */
  items(): Int32Array {
    return this.#items.subarray(0, this.#length);
  }

  #grow(): void {
    const items = new Int32Array(Math.max(LEAST, this.#items.length * 2));
    items.set(this.#items);
    this.#items = items;
  }
}

const LEAST = 1_024;
