/**
 * The windows that no protocol can close on this API, each shown by a shortest trace: they are
 * where the documents say they are. Whatever else somebody at the console does is survived.
 */
import { describe, expect, test } from 'vitest';
import type { Violation } from './laws.ts';
import { search } from './search.ts';
import { tableOf, tell } from './table.ts';
import { WINDOWS } from './windows.ts';
import { beginningOf, playOf, type Setup } from './worlds.ts';

const TRANSITIONS_MAX = 100_000;

const LIFE = { creations: 1, removals: 1 };

describe('A documented window stays open', () => {
  test.each(WINDOWS.map((row) => [row.window, row.because, row] as const))(
    '%s: %s',
    (_, __, { setup, window, law, story }) => {
      const isWanted = (each: Violation) => each.law === law && each.window === window;
      const { found } = search(beginningOf(setup), playOf(setup), {
        transitionsMax: TRANSITIONS_MAX,
        until: isWanted,
      });
      const shown = found.find(({ violation }) => isWanted(violation));
      const told = shown?.trace.map(({ who, what }) => `${who}: ${what}`) ?? [];
      expect(inOrder(told, story), shown && tableOf(shown.trace)).toEqual(story);
    },
  );
});

/** Those of `wanted` that are found one after the other. */
function inOrder(told: readonly string[], wanted: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const line of told) {
    if (line === wanted[found.length]) found.push(line);
  }
  return found;
}

describe('Nothing but these windows is opened by', () => {
  test.each<[string, Setup]>([
    [
      'two deeds at the console, a deletion and a crash',
      { standing: ['n/a'], budget: { removals: 1, crashes: 1, consoles: 2 } },
    ],
    [
      'a deed at the console in a life with a lost answer',
      { budget: { ...LIFE, losses: 1, consoles: 1 } },
    ],
    [
      'two deeds at the console, an edit and a late request',
      { standing: ['n/a'], budget: { edits: 1, lates: 1, consoles: 2 } },
    ],
    [
      'a deed at the console where two resources are named alike',
      {
        keys: ['n/a', 'n/b'],
        standing: ['n/a', 'n/b'],
        budget: { removals: 2, edits: 1, consoles: 1 },
      },
    ],
  ])('%s', (_, setup) => {
    const { found, isComplete } = search(beginningOf(setup), playOf(setup), {
      transitionsMax: TRANSITIONS_MAX,
    });
    const unexcused = found.filter(({ violation }) => violation.window === undefined);
    expect(unexcused.map(tell)).toEqual([]);
    expect(isComplete).toBe(true);
  });
});
