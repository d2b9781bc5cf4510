/**
 * A binary heap that can also take an item out of its middle; every change is O(log n).
 *
 * Trusts that `before` is a strict total order and that it does not change for an item that is in:
 * who changes an item's rank removes it first.
 */
export class Heap<T extends object> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #items: T[] = [];
  readonly #positions = new Map<T, number>();

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The item before all others. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#rise(item, this.#items.length);
  }

  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Harmless for an item that is not in. */
  remove(item: T): void {
    const position = this.#positions.get(item);
    if (position === undefined) return;
    this.#positions.delete(item);
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#rise(last, this.#sink(last, position));
  }

  #rise(item: T, from: number): void {
    let position = from;
    while (position > 0) {
      const parentPosition = (position - 1) >> 1;
      const parent = this.#items[parentPosition];
      if (parent === undefined || !this.#before(item, parent)) break;
      this.#put(parent, position);
      position = parentPosition;
    }
    this.#put(item, position);
  }

  #sink(item: T, from: number): number {
    let position = from;
    for (;;) {
      const childPosition = this.#firstChild(position);
      const child = this.#items[childPosition];
      if (child === undefined || !this.#before(child, item)) return position;
      this.#put(child, position);
      position = childPosition;
    }
  }

  #firstChild(position: number): number {
    const left = this.#items[2 * position + 1];
    const right = this.#items[2 * position + 2];
    const rightIsFirst = left !== undefined && right !== undefined && this.#before(right, left);
    return 2 * position + (rightIsFirst ? 2 : 1);
  }

  #put(item: T, position: number): void {
    this.#items[position] = item;
    this.#positions.set(item, position);
  }
}
