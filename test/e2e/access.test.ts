/** The access that the plain manifests grant is what the operator uses: no less, and no more. */
import { describe, expect } from 'vitest';
import { grantedRoles, verbsOf } from '../golden/access.ts';
import { aResourceServer } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import { conditionOf, type User } from '../support/user.ts';

const test = testInOwnHouse({ ...UNMETERED, operators: 2 });

/** By the role `system:discovery`, which every ServiceAccount has. */
const OPEN_TO_ALL = /^get \/openapi\//;

describe('the ClusterRole and the Role', () => {
  test('allow each request that a life of resources needs', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await pauseTwice(user);
    await user.apply(aResourceServer().named('rival').inPool(pool.id));
    await user.untilReason('IdentityTaken', 'rival');
    await user.remove();
    await user.untilReady('rival');
    const used = () =>
      [...house.kubernetes.counts.keys()].filter((each) => !OPEN_TO_ALL.test(each));
    const granted = grantedRoles().flatMap(({ rules }) => rules.flatMap(verbsOf));
    await expect.poll(() => used().sort()).toEqual([...granted].sort());
  });
});

test('whose operator may not set finalizers, a resource says so', async ({ house, user, pool }) => {
  const denied = house.kubernetes.faults.deny('patch', 'resourceservers');
  await user.apply(aResourceServer().inPool(pool.id));
  const told = await user.untilReason('AccessDenied');
  expect(told.message).toMatch(/`patch` on resourceservers/);
  expect(pool.effects()).toEqual([]);
  denied.remove();
  await user.untilReady();
  expect(pool.effects()).toEqual(['Create']);
});

/** The second Event of a kind is a patch of the first. */
async function pauseTwice(user: User): Promise<void> {
  for (const _ of [1, 2]) {
    await user.pause();
    await user.until('paused', (stored) => conditionOf(stored, 'Paused')?.status === 'True');
    await user.unpause();
    await user.untilReady();
  }
}
