/**
 * The windows that no protocol can close on this API, each shown by a shortest trace: they are
 * where the documents say they are. Whatever else somebody at the console does is survived.
 */
import { describe, expect, test } from 'vitest';
import type { Violation } from './laws.ts';
import { search } from './search.ts';
import { tableOf, tell } from './table.ts';
import type { Window } from './world.ts';
import { beginningOf, playOf, type Setup } from './worlds.ts';

interface Row {
  readonly window: Window;
  readonly law: Violation['law'];
  readonly because: string;
  readonly setup: Setup;
  /** What happens, in this order, among other things. */
  readonly story: readonly string[];
}

const LIFE = { creations: 1, removals: 1 };

const ROWS: readonly Row[] = [
  {
    window: 'W1',
    law: 'leak',
    because: 'our Delete does not land, and somebody edits the server before we know',
    setup: {
      writes: ['foreign'],
      standing: ['n/a'],
      budget: { removals: 1, losses: 1, consoles: 1 },
    },
    story: [
      'a: described: one, prepare to record Delete ...',
      'a: record unanswered, took effect, end: KubernetesFailed',
      'console: writes foreign',
      'a: described: foreign, remove the finalizer ...',
    ],
  },
  {
    window: 'W1',
    law: 'disowned',
    because: 'our Create lands, a crash, and somebody edits the server before we look',
    setup: { writes: ['foreign'], budget: { creations: 1, crashes: 1, consoles: 1 } },
    story: [
      'a: Create answered, settle Synced ...',
      'crash: a new leader',
      'console: writes foreign',
      'a: described: foreign, resolve the record, settle Refused(AlreadyExists) ...',
    ],
  },
  {
    window: 'W2',
    law: 'theft',
    because: 'somebody creates the server anew between our look and our Delete',
    setup: { writes: ['foreign'], standing: ['n/a'], budget: { removals: 1, consoles: 2 } },
    story: [
      'a: described: one, prepare to record Delete ...',
      'console: deletes',
      'console: writes foreign',
      'a: Delete answered, remove the finalizer ...',
    ],
  },
  {
    window: 'W2',
    law: 'mistaken',
    because: 'our Delete lands, its answer is lost, and somebody creates an equal server',
    setup: {
      writes: ['one'],
      standing: ['n/a'],
      budget: { removals: 1, losses: 1, consoles: 1 },
    },
    story: [
      'a: Delete 5xx, took effect, settle Unavailable ...',
      'console: writes one',
      'a: described: one, resolve the record, prepare to record Delete ...',
    ],
  },
  {
    window: 'W3',
    law: 'leak',
    because: 'a Create lands later than any request should',
    setup: { budget: { ...LIFE, lates: 1, overdues: 1 } },
    story: [
      'a: Create unanswered, on its way, settle Unanswered ...',
      'time: passes, what is late lives on',
      'a: finalizer written, end: Released',
      'Cognito: late Create of a1 lands',
    ],
  },
  {
    window: 'W4',
    law: 'mistaken',
    because: 'somebody makes an equal server where our Create was lost',
    setup: { writes: ['one'], budget: { creations: 1, losses: 1, consoles: 1 } },
    story: ['console: writes one', 'a: described: one, resolve the record, settle Synced ...'],
  },
];

const TRANSITIONS_MAX = 100_000;

describe('A documented window stays open', () => {
  test.each(ROWS.map((row) => [row.window, row.because, row] as const))(
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
