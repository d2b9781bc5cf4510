/**
 * The windows that no protocol can close on this API, each shown by a shortest trace: they are
 * where the documents say they are. Whatever else somebody at the console does is survived.
 */
import { describe, expect, test } from 'vitest';
import { createConverge } from './calm.ts';
import type { Violation } from './laws.ts';
import type { Rules } from './rules.ts';
import { SABOTAGES } from './sabotages.ts';
import { search } from './search.ts';
import { successors } from './steps.ts';
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

/** Nobody edits any more, so all worlds share what is known to converge. */
const converge = createConverge(playOf({ budget: {} }));

describe('Nothing but these windows is opened, and all ends well, after', () => {
  test.each<[string, Setup]>([
    [
      'two deeds at the console, a deletion and a crash',
      { standing: ['n/a'], budget: { removals: 1, crashes: 1, consoles: 2 } },
    ],
    [
      'a life with a lost answer and a deed at the console',
      { budget: { ...LIFE, losses: 1, consoles: 1 } },
    ],
    [
      'two deeds at the console, an edit and a late request',
      { standing: ['n/a'], budget: { edits: 1, lates: 1, consoles: 2 } },
    ],
    [
      'a deed at the console, where two resources name the server',
      {
        keys: ['n/a', 'n/b'],
        standing: ['n/a', 'n/b'],
        budget: { removals: 2, edits: 1, consoles: 1 },
      },
    ],
  ])('%s', (_, setup) => {
    const stuck: string[] = [];
    const { found, isComplete } = search(beginningOf(setup), playOf(setup), {
      transitionsMax: TRANSITIONS_MAX,
      visit: (world, trace) => {
        const failure = stuck.length === 0 ? converge(world) : undefined;
        if (failure) stuck.push(`${failure.why}\n${tableOf([...trace(), ...failure.trace])}`);
      },
    });
    const unexcused = found.filter(({ violation }) => violation.window === undefined);
    expect(unexcused.map(tell)).toEqual([]);
    expect(stuck).toEqual([]);
    expect(isComplete).toBe(true);
  });
});

/** What somebody did before at the console; then a rule is taken away. */
interface Unexcused {
  readonly without: string;
  readonly law: Violation['law'];
  readonly setup: Setup;
  readonly deeds: readonly string[];
}

function rulesWithout(without: string): Partial<Rules> {
  const row = SABOTAGES.find((each) => each.without === without);
  if (row === undefined) throw new Error(`no sabotage: ${without}`);
  return row.rules;
}

describe('No window excuses what is broken', () => {
  test.each<[string, Unexcused]>([
    [
      'when a server leaks that somebody wrote while we only looked',
      {
        without: 'keeping the finalizer until the Delete is known to have landed',
        law: 'leak',
        setup: {
          standing: ['n/a'],
          budget: { edits: 1, removals: 1, losses: 1, consoles: 1 },
        },
        deeds: [
          'user: edits a: Wish',
          'watch: tells of a',
          'a: describe ...',
          'console: writes foreign',
        ],
      },
    ],
    [
      'when an Update is forgotten after somebody wrote something else',
      {
        without: 'waiting until an unanswered request can land no more',
        law: 'haste',
        setup: { standing: ['n/a'], budget: { edits: 1, lates: 1, consoles: 1 } },
        deeds: ['console: writes foreign'],
      },
    ],
  ])('%s', (_, { without, law, setup, deeds }) => {
    const play = playOf(setup, rulesWithout(without));
    const begun = deeds.reduce((world, deed) => {
      const step = successors(world, play).find(({ who, what }) => `${who}: ${what}` === deed);
      if (step === undefined) throw new Error(`nobody can: ${deed}`);
      return step.world;
    }, beginningOf(setup));
    const { found } = search(begun, play, {
      transitionsMax: TRANSITIONS_MAX,
      until: (violation) => violation.law === law,
    });
    const shown = found.map(({ violation }) => violation).filter((each) => each.law === law);
    expect(shown).toEqual([{ law, window: undefined }]);
  });
});
