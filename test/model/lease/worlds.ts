/** What may happen to the replicas, and how fast their clocks go. */
import { type LeaseRules, SHIPPED_LEASE } from './rules.ts';
import {
  emptyLeaseWorld,
  type LeaseBudget,
  type LeaseEdit,
  type LeasePlay,
  type LeaseWorld,
} from './world.ts';

export interface LeaseSetup {
  readonly budget: Partial<LeaseBudget>;
  readonly ratesMs?: readonly number[];
  readonly edits?: readonly LeaseEdit[];
  readonly rules?: Partial<LeaseRules>;
}

export interface NamedLease {
  readonly name: string;
  readonly setup: LeaseSetup;
}

const ALIKE = [1_000, 1_000];
const BY_HAND: readonly LeaseEdit[] = ['Touch', 'Rename', 'Empty'];

export const LEASE_WORLDS: readonly NamedLease[] = [
  { name: 'no fault at all', setup: { budget: {} } },
  { name: 'a lost answer', setup: { budget: { losses: 1 } } },
  { name: 'a write that lands late', setup: { budget: { lates: 1 } } },
  { name: 'a crash', setup: { budget: { crashes: 1 } } },
  { name: 'a stop that gives it back', setup: { budget: { ends: 1 } } },
  { name: 'an edit by hand', setup: { budget: { edits: 1 }, edits: ['Empty'] } },
  { name: 'the clock of one a quarter faster', setup: { budget: {}, ratesMs: [800, 1_000] } },
  {
    name: 'the clock of one faster by half, as much as the times allow',
    setup: { budget: { losses: 1 }, ratesMs: [1_000, 1_500] },
  },
];

/** For `prove.ts`. */
export const LARGE_LEASE_WORLDS: readonly NamedLease[] = [
  { name: 'any edit by hand', setup: { budget: { edits: 1 }, edits: BY_HAND } },
  { name: 'news that are old', setup: { budget: { news: 1 } } },
  { name: 'two writes that land late', setup: { budget: { lates: 2 } } },
  { name: 'a crash and a write that lands late', setup: { budget: { crashes: 1, lates: 1 } } },
  {
    name: 'a stop, a lost answer and a late write',
    setup: { budget: { ends: 1, losses: 1, lates: 1 } },
  },
  {
    name: 'an edit by hand and a late write',
    setup: { budget: { edits: 1, lates: 1 }, edits: BY_HAND },
  },
  {
    name: 'three of them, and a lost answer',
    setup: { budget: { losses: 1 }, ratesMs: [1_000, 1_000, 1_000] },
  },
];

export function leasePlayOf({ ratesMs = ALIKE, edits = [], rules = {} }: LeaseSetup): LeasePlay {
  return { rules: { ...SHIPPED_LEASE, ...rules }, ratesMs, edits };
}

export function leaseBeginningOf({ budget, ratesMs = ALIKE }: LeaseSetup): LeaseWorld {
  const nothing = { crashes: 0, ends: 0, losses: 0, lates: 0, edits: 0, news: 0 };
  return emptyLeaseWorld(ratesMs.length, { ...nothing, ...budget });
}
