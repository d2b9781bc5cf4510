/**
 * What a part says, as 64 bits, and apart from that whom it names: resources are alike, so that
 * names and uids mean nothing but who is older and who is meant.
 */
import { murmured, shuffled } from './hashing.ts';
import type { Parts } from './parts.ts';

export interface Print {
  readonly low: number;
  readonly high: number;
  /** In the order of the text: the birth of a uid, or a negative number for a key. */
  readonly names: readonly number[];
}

/** The uids and keys of the tiny world: `a1`, `b2`, `n/a`. */
const NAME = /\b[ab](\d+)\b|\bn\/[ab]\b/g;
export const KEY_NUMBERS = { 'n/a': -1, 'n/b': -2 } as const;

/** Prints, made once for each word and for each part. */
export class Prints {
  readonly #parts: Parts;
  readonly #words = new Map<string, Print>();
  readonly #ofParts = new Map<unknown, (Print | undefined)[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How many parts are remembered for them. */
  get size(): number {
    return this.#parts.size;
  }

  ofWord(word: string): Print {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const print = printOf(word);
    this.#words.set(word, print);
    return print;
  }

  ofPart<T extends object>(part: T, tell: (part: T) => string): Print {
    const prints = this.#toldBy(tell);
    return (prints[this.#parts.numberOf(part)] ??= this.ofWord(tell(part)));
  }

  #toldBy(tell: unknown): (Print | undefined)[] {
    const known = this.#ofParts.get(tell);
    if (known !== undefined) return known;
    const prints: (Print | undefined)[] = [];
    this.#ofParts.set(tell, prints);
    return prints;
  }
}

function printOf(word: string): Print {
  const names: number[] = [];
  const anonymous = word.replace(NAME, (name: string, birth: string | undefined) => {
    names.push(birth === undefined ? keyNumber(name) : Number(birth));
    return '*';
  });
  let low = anonymous.length;
  let high = ~low;
  for (let at = 0; at < anonymous.length; at += 1) {
    low = murmured(low, anonymous.charCodeAt(at));
    high = shuffled(high, anonymous.charCodeAt(at));
  }
  return { low, high, names };
}

function keyNumber(key: string): number {
  return key === 'n/a' ? KEY_NUMBERS['n/a'] : KEY_NUMBERS['n/b'];
}
