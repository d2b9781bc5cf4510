/** Where longer searches begin: what a run of the tests has no time for. */
import { ALL_EDITS, BOTH, ELDER, type Named } from './worlds.ts';

/** Too large for a run of the tests: `prove.ts` goes as far as it is given time. */
export const LARGE_WORLDS: readonly Named[] = [
  {
    name: 'any two edits of policy, pause and wish, and a lost answer',
    setup: {
      standing: ['n/a'],
      edits: ALL_EDITS,
      budget: { edits: 2, removals: 1, losses: 1 },
    },
  },
  {
    name: 'a crash and a late request in the whole life of one resource',
    setup: { budget: { creations: 1, removals: 1, crashes: 1, lates: 1 } },
  },
  {
    name: 'a crash and a lost answer in the whole life of one resource',
    setup: { budget: { creations: 1, removals: 1, crashes: 1, losses: 1 } },
  },
  {
    name: 'one resource, everything once',
    setup: {
      budget: { creations: 1, removals: 1, edits: 1, crashes: 1, losses: 1, lates: 1, sweeps: 1 },
    },
  },
  {
    name: 'two crashes in the life of one resource, and a late request',
    setup: { budget: { creations: 1, removals: 1, crashes: 2, lates: 1 } },
  },
  {
    name: 'two resources, made and deleted in any order',
    setup: { ...BOTH, budget: { creations: 2, removals: 2 } },
  },
  {
    name: 'a rival that is there, the end of either, a crash and a late request',
    setup: {
      ...BOTH,
      standing: ['n/a', 'n/b'],
      budget: { removals: 2, edits: 1, crashes: 1, lates: 1 },
    },
  },
  {
    name: 'one resource, any edit, a late request and a crash',
    setup: {
      edits: ALL_EDITS,
      budget: { creations: 1, removals: 1, edits: 1, crashes: 1, lates: 1 },
    },
  },
  {
    name: 'a server that is handed over, the end of either, any edit and a late write',
    setup: {
      ...BOTH,
      standing: ['n/a', 'n/b'],
      edits: ALL_EDITS,
      budget: { removals: 2, edits: 1, lates: 1 },
    },
  },
  {
    name: 'a server that is handed over, the end of either, any edit, a crash and a lost answer',
    setup: {
      ...BOTH,
      standing: ['n/a', 'n/b'],
      edits: ALL_EDITS,
      budget: { removals: 2, edits: 1, crashes: 1, losses: 1 },
    },
  },
  {
    name: 'a server that is handed over to one that is older, the end of either, and a lost answer',
    setup: {
      ...ELDER,
      edits: ['Pause', 'Wish'],
      budget: { removals: 2, edits: 2, losses: 1 },
    },
  },
  {
    name: 'a server that is handed over to one that is older, a crash and a late request',
    setup: {
      ...ELDER,
      edits: ['Pause', 'Wish'],
      budget: { removals: 1, edits: 2, crashes: 1, lates: 1 },
    },
  },
  {
    name: 'two resources and a crash',
    setup: { ...BOTH, budget: { creations: 2, removals: 1, crashes: 1 } },
  },
  {
    name: 'two resources and a late request',
    setup: { ...BOTH, budget: { creations: 2, removals: 1, lates: 1 } },
  },
  {
    name: 'two resources, three lives and a lost answer',
    setup: { ...BOTH, budget: { creations: 3, removals: 2, losses: 1 } },
  },
  {
    name: 'two resources, any edit',
    setup: { ...BOTH, edits: ALL_EDITS, budget: { creations: 2, removals: 1, edits: 1 } },
  },
  {
    name: 'two resources, a crash, a late request and a lost answer',
    setup: {
      ...BOTH,
      standing: ['n/a'],
      budget: { creations: 1, removals: 2, crashes: 1, lates: 1, losses: 1 },
    },
  },
];

/** A hundred million transitions and more: some hours. */
export const HUGE_WORLDS: readonly Named[] = [
  {
    name: 'one resource, everything twice',
    setup: {
      budget: { creations: 2, removals: 2, edits: 2, crashes: 2, losses: 2, lates: 2, sweeps: 2 },
    },
  },
  {
    name: 'a rival that is there, any edit, a crash, a late request and a lost answer',
    setup: {
      ...BOTH,
      standing: ['n/a', 'n/b'],
      edits: ALL_EDITS,
      budget: { removals: 2, edits: 1, crashes: 1, lates: 1, losses: 1 },
    },
  },
  {
    name: 'one resource, any edit, somebody at the console, and everything once',
    setup: {
      edits: ALL_EDITS,
      budget: {
        creations: 1,
        removals: 1,
        edits: 1,
        crashes: 1,
        losses: 1,
        lates: 1,
        consoles: 1,
        blinks: 1,
      },
    },
  },
  {
    name: 'two resources, three lives, two of each fault',
    setup: {
      ...BOTH,
      budget: { creations: 3, removals: 2, edits: 1, crashes: 2, lates: 2, losses: 2, sweeps: 1 },
    },
  },
];
