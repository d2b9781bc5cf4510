/** A seeded source of chance (mulberry32): the same seed gives the same latencies and orders. */
export interface Chance {
  /** Uniform in [0, 1). */
  roll(): number;
  between(low: number, high: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    roll,
    between: (low, high) => low + roll() * (high - low),
    shuffled: (items) =>
      items
        .map((item) => ({ item, rank: roll() }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
  };
}
