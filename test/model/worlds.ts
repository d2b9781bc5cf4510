/** Where searches begin: who may do what, and how often. */
import type { ResourceServer } from '../../src/api/parse.ts';
import { type Budget, NOTHING } from './budget.ts';
import { settledDown } from './calm.ts';
import { awake } from './mind.ts';
import type { Edit, Play } from './play.ts';
import { crowdedPage, type Rules, SHIPPED } from './rules.ts';
import { userSteps } from './users.ts';
import { type Key, type Slot, SOMEBODY, type Wish, type World } from './world.ts';

export interface Setup {
  readonly budget: Partial<Budget>;
  readonly keys?: readonly Key[];
  readonly spec?: Partial<Record<Key, Partial<ResourceServer>>>;
  /** Resources that exist, and all is well. */
  readonly standing?: readonly Key[];
  /** What is in Cognito before anybody begins. */
  readonly slot?: Slot;
  readonly edits?: readonly Edit[];
  readonly writes?: readonly Wish[];
  /** The first page of a List never holds ours. */
  readonly crowded?: boolean;
}

export interface Named {
  readonly name: string;
  readonly setup: Setup;
}

export const BOTH = { keys: ['n/a', 'n/b'] } as const;
export const ALL_EDITS: readonly Edit[] = ['Wish', 'Retain', 'Always', 'Observe', 'Pause'];
/** The older one was paused when the other one made the server. */
export const ELDER = {
  ...BOTH,
  standing: ['n/a', 'n/b'],
  spec: { 'n/a': { paused: true } },
} as const;
const FOREIGN: Slot = { wish: 'foreign', owner: SOMEBODY, made: false, excuse: undefined };

/** Small enough to be searched to the end with every run of the tests. */
export const WORLDS: readonly Named[] = [
  {
    name: 'a crash and a lost answer while a resource is made',
    setup: { budget: { creations: 1, crashes: 1, losses: 1 } },
  },
  {
    name: 'a crash and a lost answer while it is edited',
    setup: { standing: ['n/a'], budget: { edits: 1, crashes: 1, losses: 1 } },
  },
  {
    name: 'a crash and a lost answer while it is deleted',
    setup: { standing: ['n/a'], budget: { removals: 1, crashes: 1, losses: 1 } },
  },
  {
    name: 'a crash and a late request while a resource is made',
    setup: { budget: { creations: 1, crashes: 1, lates: 1 } },
  },
  {
    name: 'a crash and a late request while it is edited',
    setup: { standing: ['n/a'], budget: { edits: 1, crashes: 1, lates: 1 } },
  },
  {
    name: 'a crash and a late request while it is deleted',
    setup: { standing: ['n/a'], budget: { removals: 1, crashes: 1, lates: 1 } },
  },
  {
    name: 'two lost answers in the whole life of one resource',
    setup: { budget: { creations: 1, removals: 1, losses: 2 } },
  },
  {
    name: 'one name that is used again, and a crash',
    setup: { budget: { creations: 2, removals: 2, crashes: 1 } },
  },
  {
    name: 'an edit, a late request and a deletion',
    setup: { standing: ['n/a'], budget: { edits: 1, removals: 1, lates: 1, losses: 1 } },
  },
  {
    name: 'a late request, a deletion, and Retain before or after it',
    setup: { edits: ['Retain'], budget: { creations: 1, removals: 1, edits: 1, lates: 1 } },
  },
  {
    name: 'any two edits of policy, pause and wish',
    setup: { standing: ['n/a'], edits: ALL_EDITS, budget: { edits: 2, removals: 1 } },
  },
  {
    name: 'any edit of policy, pause and wish, and a lost answer',
    setup: { standing: ['n/a'], edits: ALL_EDITS, budget: { edits: 1, removals: 1, losses: 1 } },
  },
  {
    name: 'somebody else’s server with other content, any edit, and a lost answer',
    setup: {
      slot: FOREIGN,
      edits: ALL_EDITS,
      budget: { creations: 1, removals: 1, edits: 1, losses: 1 },
    },
  },
  {
    name: 'somebody else’s server with equal content, any edit, and a lost answer',
    setup: {
      slot: { ...FOREIGN, wish: 'one' },
      edits: ALL_EDITS,
      budget: { creations: 1, removals: 1, edits: 1, losses: 1 },
    },
  },
  {
    name: 'credentials that see no pool for a while',
    setup: { ...BOTH, standing: ['n/a'], budget: { creations: 1, removals: 1, blinks: 1 } },
  },
  {
    name: 'a sweep that looked before a late Update landed, when the edit is taken back',
    setup: { standing: ['n/a'], budget: { edits: 2, lates: 1, sweeps: 1 } },
  },
  {
    name: 'credentials that see no pool while it is not known whether a Create has landed',
    setup: { budget: { creations: 1, removals: 1, losses: 1, blinks: 1 } },
  },
  {
    name: 'one resource in a pool of several pages, and a late request',
    setup: { crowded: true, budget: { creations: 1, removals: 1, lates: 1 } },
  },
  {
    name: 'a deletion in a pool of several pages, a crash and a lost answer',
    setup: {
      crowded: true,
      standing: ['n/a'],
      budget: { removals: 1, crashes: 1, losses: 1 },
    },
  },
  {
    name: 'two resources of one identity from their first moment, and a deletion',
    setup: { ...BOTH, budget: { creations: 2, removals: 1 } },
  },
  {
    name: 'a rival that waits for the holder to go, and a crash',
    setup: { ...BOTH, standing: ['n/a'], budget: { creations: 1, removals: 1, crashes: 1 } },
  },
  {
    name: 'a rival that is there, a deletion, an edit and a lost answer',
    setup: { ...BOTH, standing: ['n/a', 'n/b'], budget: { removals: 1, edits: 1, losses: 1 } },
  },
  {
    name: 'a rival that is there, an edit, a crash and a lost answer',
    setup: {
      ...BOTH,
      standing: ['n/a', 'n/b'],
      budget: { edits: 1, crashes: 1, losses: 1 },
    },
  },
  {
    name: 'a rival that is there, and a late request',
    setup: { ...BOTH, standing: ['n/a', 'n/b'], budget: { removals: 1, edits: 1, lates: 1 } },
  },
  {
    name: 'one that observes what another one edits, and a late request',
    setup: {
      ...BOTH,
      standing: ['n/a'],
      spec: { 'n/b': { managementPolicy: 'Observe' } },
      budget: { creations: 1, edits: 1, lates: 1 },
    },
  },
  {
    name: 'a server that is handed over, and a crash',
    setup: { ...BOTH, standing: ['n/a', 'n/b'], budget: { removals: 2, crashes: 1 } },
  },
  {
    name: 'a server that is handed over, and two lost answers',
    setup: { ...BOTH, standing: ['n/a', 'n/b'], budget: { removals: 2, losses: 2 } },
  },
  {
    name: 'a server that is handed over, Retain before or after it, and a lost answer',
    setup: {
      ...BOTH,
      standing: ['n/a', 'n/b'],
      edits: ['Retain'],
      budget: { removals: 2, edits: 1, losses: 1 },
    },
  },
  {
    name: 'a server that is handed over to one that is older, and edited',
    setup: { ...ELDER, edits: ['Pause', 'Wish'], budget: { removals: 1, edits: 2 } },
  },
  {
    name: 'a rival that comes while the holder is edited, paused or set to observe',
    setup: {
      ...BOTH,
      standing: ['n/a'],
      edits: ALL_EDITS,
      budget: { creations: 1, removals: 1, edits: 1 },
    },
  },
];

/** For walks: everything, several times. */
export const EVERYTHING: Setup = {
  ...BOTH,
  edits: ALL_EDITS,
  budget: { creations: 4, removals: 3, edits: 3, crashes: 2, losses: 3, lates: 2, sweeps: 2 },
};

/** @param changed what is played otherwise than shipped */
export function playOf(setup: Setup, changed: Partial<Rules> = {}): Play {
  const { keys = ['n/a'], spec = {}, edits = ['Wish'], writes = ['foreign', 'one'] } = setup;
  const page = setup.crowded ? { page: crowdedPage } : {};
  return { rules: { ...SHIPPED, ...page, ...changed }, keys, spec, edits, writes };
}

export function beginningOf(setup: Setup): World {
  const { standing = [], budget, slot } = setup;
  const play = playOf(setup);
  const empty = emptyWorld(slot, { ...NOTHING, creations: standing.length });
  const made = standing.reduce((world, key) => {
    const [created] = userSteps(world, play, key);
    return created?.world ?? world;
  }, empty);
  const world = standing.length === 0 ? made : settledDown(made, play);
  return { ...world, budget: { ...NOTHING, ...budget } };
}

function emptyWorld(slot: Slot | undefined, budget: Budget): World {
  return {
    nowMs: 1,
    objects: {},
    slot,
    calls: [],
    writes: [],
    mind: awake(1, {}),
    budget,
    version: 0,
    births: 0,
    records: 0,
    blind: false,
    disturbedAtMs: undefined,
    overdue: false,
  };
}
