/** What the story says is so, each checked as it is told; what did not hold is kept for the end. */
import type { Narrator } from './narrator.ts';

export interface Claims {
  /** @param found what was there instead */
  check(text: string, holds: boolean, found?: string): void;
  readonly broken: readonly string[];
  readonly count: number;
}

export function createClaims(narrator: Narrator): Claims {
  const broken: string[] = [];
  let count = 0;
  return {
    check(text, holds, found) {
      count += 1;
      if (holds) return narrator.fact(text);
      const failure = found === undefined ? text : `${text}: ${found}`;
      broken.push(failure);
      narrator.failure(failure);
    },
    broken,
    get count() {
      return count;
    },
  };
}
