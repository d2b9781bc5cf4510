/**
 * Budgets as numbers. What is affordable only depends on which kinds are left, one bit each; and
 * whatever costs anything costs one of one kind.
 */
import type { Budget } from '../budget.ts';

export class Purse {
  readonly #kinds: readonly (keyof Budget)[];
  readonly #most: readonly number[];
  /** Mixed radix: what one of each kind is worth. */
  readonly #worth: readonly number[];
  /** By number: bits of the kinds that are left. */
  readonly #left: Int32Array;
  /** The number of the budget that is full, and how many there are. */
  readonly full: number;
  readonly size: number;

  constructor(full: Budget) {
    this.#kinds = Object.keys(full) as (keyof Budget)[];
    this.#most = this.#kinds.map((kind) => full[kind]);
    this.#worth = this.#most.map((_, at) => product(this.#most.slice(0, at)));
    this.size = product(this.#most);
    this.full = this.size - 1;
    this.#left = Int32Array.from({ length: this.size }, (_, number) => this.#bitsOf(number));
  }

  leftIn(number: number): number {
    return this.#left[number] ?? 0;
  }

  /** @param kind from 1; 0 costs nothing */
  pay(number: number, kind: number): number {
    return kind === 0 ? number : number - (this.#worth[kind - 1] ?? 0);
  }

  /** One of each of these kinds. */
  budgetOf(bits: number): Budget {
    const entries = this.#kinds.map((kind, at) => [kind, (bits >> at) & 1] as const);
    return Object.fromEntries(entries) as unknown as Budget;
  }

  /** What was paid between the two. */
  priceOf(before: Budget, after: Budget): number {
    if (before === after) return 0;
    const paid = this.#kinds.filter((kind) => before[kind] !== after[kind]);
    const [kind, ...others] = paid;
    if (kind === undefined) return 0;
    if (others.length > 0 || before[kind] - after[kind] !== 1) {
      throw new Error(`a step costs more than one of one kind: ${paid.join(', ')}`);
    }
    return this.#kinds.indexOf(kind) + 1;
  }

  numberOf(budget: Budget): number {
    return this.#kinds.reduce((sum, kind, at) => sum + budget[kind] * (this.#worth[at] ?? 0), 0);
  }

  #bitsOf(number: number): number {
    return this.#most.reduce((bits, most, at) => {
      const left = Math.floor(number / (this.#worth[at] ?? 1)) % (most + 1);
      return left > 0 ? bits | (1 << at) : bits;
    }, 0);
  }
}

function product(most: readonly number[]): number {
  return most.reduce((all, each) => all * (each + 1), 1);
}
