/**
 * Plain immutable data, each part kept once however often it is made anew: equal parts have one
 * number. A world is then a row of numbers, and worlds share what they have in common.
 */
import { Ints } from './ints.ts';

export class Parts {
  /** By number. */
  readonly #values: unknown[] = [];
  /** Of scalars, and of the objects that are kept. */
  readonly #numbers = new Map<unknown, number>();
  readonly #names: (readonly string[])[] = [];
  readonly #shapes = new Map<string, readonly string[]>();
  readonly #hashes = new Ints();
  /** Where the children of each begin, and after the last of all. */
  readonly #begins = new Ints(Int32Array.of(0));
  readonly #children = new Ints();
  /** Open addressing: number + 1, half full at most. */
  #table = new Int32Array(LEAST);
  /** Children of what is being looked up. */
  readonly #stack: number[] = [];

  /** @param values of another, by number */
  constructor(values: readonly unknown[] = []) {
    for (const value of values) this.numberOf(value);
  }

  get size(): number {
    return this.#values.length;
  }

  /** To be written down; shares what it shares. */
  get values(): readonly unknown[] {
    return this.#values;
  }

  valueOf(number: number): unknown {
    return this.#values[number];
  }

  numberOf(value: unknown): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    if (isObject(value)) return this.#numberOfObject(value);
    return this.#keep(value, ITEMS, 0);
  }

  #numberOfObject(value: object): number {
    const names = Array.isArray(value) ? ITEMS : Object.keys(value);
    const stack = this.#stack;
    const base = stack.length;
    for (const item of Object.values(value)) stack.push(this.numberOf(item));
    const hash = hashOf(stack, base);
    const number = this.#find(hash, base, names) ?? this.#keepObject(value, names, hash);
    stack.length = base;
    return number;
  }

  #find(hash: number, base: number, names: readonly string[]): number | undefined {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = hash & mask; table[at] !== 0; at = (at + 1) & mask) {
      const number = (table[at] ?? 0) - 1;
      if (this.#hashes.at(number) === hash && this.#isSame(number, base, names)) return number;
    }
    return undefined;
  }

  #isSame(number: number, base: number, names: readonly string[]): boolean {
    const begin = this.#begins.at(number);
    const length = this.#begins.at(number + 1) - begin;
    if (length !== this.#stack.length - base) return false;
    for (let at = 0; at < length; at += 1) {
      if (this.#children.at(begin + at) !== this.#stack[base + at]) return false;
    }
    return isSameShape(this.#names[number] ?? ITEMS, names);
  }

  /** From now on it is the one that all share, and shares what was there before. */
  #keepObject(value: object, names: readonly string[], hash: number): number {
    const base = this.#stack.length - Object.keys(value).length;
    for (const [at, [name, child]] of Object.entries(value).entries()) {
      const number = this.#stack[base + at] ?? 0;
      this.#children.push(number);
      const shared = this.#values[number];
      if (child !== shared) Object.assign(value, { [name]: shared });
    }
    const number = this.#keep(value, this.#shapeOf(names), hash);
    if (2 * this.size > this.#table.length) this.#grow();
    else this.#place(number);
    return number;
  }

  #keep(value: unknown, names: readonly string[], hash: number): number {
    const number = this.size;
    this.#values.push(value);
    this.#numbers.set(value, number);
    this.#names.push(names);
    this.#hashes.push(hash);
    this.#begins.push(this.#children.length);
    return number;
  }

  #shapeOf(names: readonly string[]): readonly string[] {
    if (names === ITEMS) return ITEMS;
    const shape = names.join();
    const known = this.#shapes.get(shape) ?? names;
    this.#shapes.set(shape, known);
    return known;
  }

  #place(number: number): void {
    const mask = this.#table.length - 1;
    let at = this.#hashes.at(number) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = number + 1;
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let number = 0; number < this.size; number += 1) {
      if (isObject(this.#values[number])) this.#place(number);
    }
  }
}

const LEAST = 4_096;
/** Of arrays and scalars: no object has this name. */
const ITEMS: readonly string[] = ['[]'];

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isSameShape(some: readonly string[], others: readonly string[]): boolean {
  if (some === others) return true;
  return some.length === others.length && some.every((name, at) => name === others[at]);
}

function hashOf(numbers: readonly number[], base: number): number {
  let hash = numbers.length - base;
  for (let at = base; at < numbers.length; at += 1) {
    hash = Math.imul(hash ^ (numbers[at] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
