/**
 * A row of numbers that is being written, and its fingerprint. Some numbers only count by order:
 * they are replaced by their ranks when the row is complete.
 */
import type { Fingerprint } from './fingerprints.ts';
import { finished, murmured, shuffled } from './hashing.ts';

export class Code {
  readonly #items = new Int32Array(LENGTH_MAX);
  #length = 0;
  readonly #rankings: readonly Ranking[] = [new Ranking(), new Ranking(), new Ranking()];

  clear(): void {
    this.#length = 0;
    for (const ranking of this.#rankings) ranking.clear();
  }

  push(item: number): void {
    this.#items[this.#length] = item;
    this.#length += 1;
  }

  /** @param kind only numbers of one kind are compared: 0, 1 or 2 */
  pushRanked(kind: number, number: number): void {
    this.#rankings[kind]?.note(this.#length, number);
    this.push(number);
  }

  fingerprint(): Fingerprint {
    if (this.#length > LENGTH_MAX) throw new Error('a world of too many parts');
    const items = this.#items;
    for (const ranking of this.#rankings) ranking.apply(items);
    let low = this.#length;
    let high = ~low;
    for (let at = 0; at < this.#length; at += 1) {
      const item = items[at] ?? 0;
      low = murmured(low, item);
      high = shuffled(high, item);
    }
    return { low: finished(low), high: finished(high) };
  }
}

const LENGTH_MAX = 1_024;

/** Numbers of one kind: where they are, and which there are. */
class Ranking {
  readonly #places: number[] = [];
  readonly #numbers: number[] = [];

  clear(): void {
    this.#places.length = 0;
    this.#numbers.length = 0;
  }

  note(place: number, number: number): void {
    this.#places.push(place);
    if (!this.#numbers.includes(number)) this.#numbers.push(number);
  }

  apply(items: Int32Array): void {
    for (const place of this.#places) items[place] = this.#rankOf(items[place] ?? 0);
  }

  #rankOf(number: number): number {
    let rank = 0;
    for (const each of this.#numbers) if (each < number) rank += 1;
    return rank;
  }
}
