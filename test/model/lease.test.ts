/**
 * Leader election, searched: whatever the order of reads, writes, faults and ticks, no two replicas
 * may act at one moment; and when faults end, one leads and goes on leading.
 */
import { describe, expect, test } from 'vitest';
import { LEASE_SABOTAGES } from './lease/sabotages.ts';
import { type LeaseLimits, searchLease } from './lease/search.ts';
import { leaseTable } from './lease/table.ts';
import { LEASE_WORLDS, type LeaseSetup, leaseBeginningOf, leasePlayOf } from './lease/worlds.ts';

/** A world that has more has grown: make it smaller, or leave it to `prove.ts`. */
const TRANSITIONS_MAX = 800_000;
/** In all worlds together; as README.md says. */
const TRANSITIONS_MIN = 1_000_000;
const PATIENCE = { timeout: 180_000 };

function searched(setup: LeaseSetup, doubles: LeaseLimits['doubles']) {
  const limits = { transitionsMax: TRANSITIONS_MAX, doubles };
  return searchLease(leaseBeginningOf(setup), leasePlayOf(setup), limits);
}

describe('Two replicas and', PATIENCE, () => {
  let total = 0;

  test.each(LEASE_WORLDS.map(({ name, setup }) => [name, setup] as const))(
    '%s: never do two lead, and then one leads for good',
    (_, setup) => {
      const { double, stuck, isComplete, transitions } = searched(setup, 'Never');
      total += transitions;
      expect(double && leaseTable(double)).toBeUndefined();
      expect(stuck && leaseTable(stuck)).toBeUndefined();
      expect(isComplete).toBe(true);
    },
  );

  test('all of this: not fewer transitions than told', () => {
    expect(total).toBeGreaterThan(TRANSITIONS_MIN);
  });
});

describe('Two lead at once without', PATIENCE, () => {
  test.each(LEASE_SABOTAGES.map(({ without, setup }) => [without, setup] as const))(
    '%s',
    (_, setup) => {
      expect(searched(setup, 'Sought').double?.length).toBeGreaterThan(4);
    },
  );

  test('a Lease that all have seen, when somebody deletes it; but one is left for good', () => {
    const setup: LeaseSetup = { budget: { edits: 1 }, edits: ['Delete'] };
    const { double, stuck, isComplete } = searched(setup, 'Tolerated');
    expect(double && leaseTable(double)).toMatch(LOST_BY_HAND);
    expect(stuck && leaseTable(stuck)).toBeUndefined();
    expect(isComplete).toBe(true);
  });
});

/** Whoever has never seen a Lease takes it for one that nobody ever had. */
const LOST_BY_HAND = /Create[^]*edits: Delete[^]*sees nothing: Create[^]*A1 and B2 may act/;
