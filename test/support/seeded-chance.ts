/** Chance that repeats: the same seed rolls the same numbers, on every machine. */
import type { Chance } from '../../src/ports.ts';

const TWO_TO_32 = 2 ** 32;

/** @param seed any integer; its low 32 bits count */
export function createSeededChance(seed: number): Chance {
  const next = mulberry32(seed);
  return { roll: () => next() / TWO_TO_32, uuid: () => uuidOf([next(), next(), next(), next()]) };
}

/** Chance that always rolls `roll`: for tables that name the number they expect. */
export function createLoadedChance(roll: number): Chance {
  return { ...createSeededChance(0), roll: () => roll };
}

/** Tommy Ettinger's generator: 32 bits of state, a full period, good enough to play dice with. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Version 4, variant 1 (RFC 9562), of 128 random bits. */
function uuidOf(words: readonly number[]): string {
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
