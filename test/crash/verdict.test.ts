/** The oracle sees what it is there for: each row is a world that went wrong in one way. */
import { describe, expect, test } from 'vitest';
import type { StoredServer } from '../sandbox/cognito/store.ts';
import { IDENTIFIER } from '../support/builders.ts';
import type { Picture } from './picture.ts';
import { readPlan } from './plan.ts';
import { CANCELLING, CRASHING } from './scenarios.ts';
import { findingsOf } from './verdict.ts';
import { NEVER_OURS } from './world.ts';

const CREATE = `CreateResourceServer ${IDENTIFIER}`;
const UPDATE = `UpdateResourceServer ${IDENTIFIER}`;
const ONCE = { arrived: 1, effective: 1 };
const OURS: StoredServer = { identifier: IDENTIFIER, name: 'Weather API', scopes: [] };
const THEIRS: StoredServer = { identifier: NEVER_OURS, name: 'Climate API', scopes: [] };

const GOOD: Picture = {
  resources: { 'weather-api': { finalizers: ['x'], status: { observedGeneration: 1 } } },
  servers: { [IDENTIFIER]: OURS, [NEVER_OURS]: THEIRS },
  mutations: { [CREATE]: ONCE, [UPDATE]: ONCE },
  events: { 'weather-api': ['Created', 'Updated'] },
};

const { fate: kill } = readPlan('update: kill sent x #1');
const { fate: cut } = readPlan('revert: cut 1');

function harmsIn(picture: Partial<Picture>, among = CRASHING, fate = kill, faults: string[] = []) {
  const [scenario] = among;
  if (scenario === undefined) throw new Error('there are no scenarios');
  const plain = { picture: GOOD, faults: [] };
  const run = { picture: { ...GOOD, ...picture }, faults };
  return findingsOf({ scenario, fate }, plain, run).map(({ harm }) => harm);
}

const mutations = (more: Picture['mutations']) => ({
  mutations: { ...GOOD.mutations, ...more },
});

describe('of a crash', () => {
  test('the same world is no finding', () => {
    expect(harmsIn({})).toEqual([]);
  });

  test.each<[string, Partial<Picture>, readonly string[]]>([
    ['a server that is not there', { servers: { [NEVER_OURS]: THEIRS } }, ['lost']],
    ['a server that is left', { servers: { ...GOOD.servers, x: OURS } }, ['lost']],
    [
      'a mutation that arrived twice',
      mutations({ [CREATE]: { arrived: 2, effective: 1 } }),
      ['doubled'],
    ],
    ['a mutation without effect', mutations({ [UPDATE]: { arrived: 1, effective: 0 } }), ['lost']],
    ['one that never came', { mutations: { [CREATE]: ONCE } }, ['lost']],
    ['another one', mutations({ [`DeleteResourceServer ${IDENTIFIER}`]: ONCE }), ['doubled']],
    [
      "somebody else's server, changed",
      { servers: { ...GOOD.servers, [NEVER_OURS]: OURS } },
      ['stolen'],
    ],
    ['a call for it', mutations({ [`UpdateResourceServer ${NEVER_OURS}`]: ONCE }), ['stolen']],
    ['another status', { resources: { 'weather-api': { finalizers: ['x'] } } }, ['differs']],
    ['a resource that stayed', { resources: { ...GOOD.resources, other: {} } }, ['differs']],
    ['an event of another reason', { events: { 'weather-api': ['Retained'] } }, ['differs']],
    ['an event that died with its life', { events: {} }, []],
    ['what a successor says', { events: { 'weather-api': ['Synced'] } }, []],
  ])('%s is seen', (_, picture, harms) => {
    expect(harmsIn(picture)).toEqual(harms);
  });

  test('a bug that a process tells is seen', () => {
    expect(harmsIn({}, CRASHING, kill, ['life 0: a bug'])).toEqual(['broken']);
  });
});

describe('of a notification that was held up', () => {
  test('two steps that undo each other may be spared', () => {
    expect(harmsIn({ mutations: { [CREATE]: ONCE } }, CANCELLING, cut)).toEqual([]);
    expect(harmsIn({ mutations: { [CREATE]: ONCE } }, CRASHING, cut)).toEqual(['lost']);
  });

  test('nothing may be done twice', () => {
    const twice = mutations({ [UPDATE]: { arrived: 2, effective: 2 } });
    expect(harmsIn(twice, CANCELLING, cut)).toEqual(['doubled']);
  });
});
