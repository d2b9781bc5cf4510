/**
 * Exhaustive search of the operator's pure core in tiny worlds: after every step no law is broken,
 * and from every world that was reached all becomes well once faults end.
 */
import { describe, expect, test } from 'vitest';
import { createSeededChance } from '../support/seeded-chance.ts';
import { createConverge } from './calm.ts';
import { search } from './search.ts';
import { tableOf, tell } from './table.ts';
import { wander } from './wander.ts';
import { beginningOf, EVERYTHING, playOf, type Setup, WORLDS } from './worlds.ts';

/** What is never tried proves nothing. */
const DEEDS = [
  'add the finalizer',
  'remove the finalizer',
  'read the rivals',
  'list the pool',
  'prepare to adopt',
  'record Create',
  'record Update',
  'record Delete',
  'record HandOver',
  'hand over to',
  'hand-over written',
  'hand-over not written: Conflict',
  'hand-over unanswered',
  'Create answered',
  'Update answered',
  'Delete answered',
  'Create refused: not found',
  'Create unanswered',
  'resolve the record',
  'withheld',
  'record not written: Conflict',
  'record unanswered',
  'status not written: Conflict',
  'read it',
  'finalizer not written',
  'rivals cannot be read',
  'late Create of',
  'late Update of',
  'late Delete of',
  'late write for',
  'a new leader',
  'end: Waiting(Sweep)',
  'end: Waiting(Late)',
  'end: Waiting(Rivals)',
  'end: Waiting(Rival)',
  'end: Waiting(Holder)',
  'end: Waiting(Lane)',
  'end: Refused(IdentityTaken)',
  'end: Refused(AlreadyExists)',
  'end: Refused(Drifted)',
  'end: Paused',
  'end: Blocked(Paused)',
  'end: Blocked(AccountUnknown)',
  'end: PoolMissing',
  'end: Released',
  'end: Synced',
];

/** A world that has more than this has grown: make it smaller, or leave it to `prove.ts`. */
const TRANSITIONS_MAX = 150_000;

/** In all worlds together; as README.md says. */
const TRANSITIONS_MIN = 400_000;

/** Nobody edits any more, so all worlds share what is known to converge. */
const converge = createConverge(playOf({ budget: {} }));

function searched(setup: Setup, hear: (what: string) => void) {
  const play = playOf(setup);
  const stuck: string[] = [];
  const found = search(beginningOf(setup), play, {
    transitionsMax: TRANSITIONS_MAX,
    hear,
    visit: (world, trace) => {
      const failure = stuck.length === 0 ? converge(world) : undefined;
      if (failure) stuck.push(`${failure.why}\n${tableOf([...trace(), ...failure.trace])}`);
    },
  });
  return { ...found, stuck };
}

/** A search is never slow by waiting: on a machine with other work it only takes its turns. */
const PATIENCE = { timeout: 180_000 };

describe('Whatever the order of', PATIENCE, () => {
  const told = new Set<string>();
  let total = 0;
  const hear = (what: string) => told.add(what);

  test.each(WORLDS.map(({ name, setup }) => [name, setup] as const))(
    '%s: nothing is stolen, lost or misreported, and all ends well',
    (_, setup) => {
      const { found, stuck, isComplete, transitions } = searched(setup, hear);
      total += transitions;
      expect(found.map(tell)).toEqual([]);
      expect(stuck).toEqual([]);
      expect(isComplete).toBe(true);
    },
  );

  test('all of this: everything that can be done is done somewhere', () => {
    const words = [...told].flatMap((what) => what.split(', '));
    const isTold = (deed: string) => words.some((word) => word.startsWith(deed));
    expect(DEEDS.filter((deed) => !isTold(deed))).toEqual([]);
  });

  test('all of this: not fewer transitions than told', () => {
    expect(total).toBeGreaterThan(TRANSITIONS_MIN);
  });

  test('many things, deep in a large world: the same', () => {
    const { failures, transitions } = wander(beginningOf(EVERYTHING), playOf(EVERYTHING), {
      count: 700,
      stepsMax: 100,
      chance: createSeededChance(20_260_101),
    });
    expect(failures.map(({ why, trace }) => `${why}\n${tableOf(trace)}`)).toEqual([]);
    expect(transitions).toBeGreaterThan(18_000);
  });
});
