/** A pool that is full: who is told, and who gets the next free slot. */
import { describe, expect } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import type { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const test = testInSharedHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, resync: '1s' } });

/**
 * One after the other, so that the oldest is known. A sweep that ends amid a first run, before it
 * has a status, has it run once more: whoever is to wait is left until it does.
 */
async function fill(user: User, pool: Pool, names: readonly string[], until: 'Ready' | 'Full') {
  for (const name of names) {
    await user.apply(aResourceServer().named(name).inPool(pool.id).identifiedAs(name));
    if (until === 'Ready') await user.untilReady(name);
    else await user.untilReason('QuotaExceeded', name);
  }
  if (until === 'Full') await pool.untilSwept();
}

const isReady = async (user: User, name: string) =>
  (await user.condition('Ready', name))?.status === 'True';

describe.concurrent('a pool that is full', () => {
  test('is the user to act upon, and is not asked again', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 2);
    await fill(user, pool, ['one', 'two'], 'Ready');
    await fill(user, pool, ['three'], 'Full');
    expect(await user.condition('Stalled', 'three')).toMatchObject({ reason: 'QuotaExceeded' });
    const message = (await user.condition('Ready', 'three'))?.message ?? '';
    expect(message).toContain(pool.id);
    expect(message).toContain('holds 2');
    expect(await user.status('three')).not.toHaveProperty('pending');
    const creates = pool.calls('Create').length;
    await pool.untilSwept();
    await pool.untilSwept();
    expect(pool.calls('Create')).toHaveLength(creates);
    await user.untilEvent('QuotaExceeded', 'three');
    expect(await user.eventReasons('three')).toEqual(['QuotaExceeded']);
  });

  test('gives a slot that we free to the oldest that waits', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 2);
    await fill(user, pool, ['one', 'two'], 'Ready');
    await fill(user, pool, ['three', 'four'], 'Full');
    // Who asks once more stays where it stands.
    const creates = pool.calls('Create').length;
    await user.requestSync('again', 'three');
    await waitFor('one more try', () => pool.calls('Create').length > creates);
    await pool.untilSwept();
    await user.remove('one');
    await user.untilReady('three');
    await pool.untilSwept();
    expect(await isReady(user, 'four')).toBe(false);
    await user.remove('two');
    await user.untilReady('four');
  });

  test('gives a slot that the console frees to the oldest', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 2);
    pool.put({ name: 'Not ours', scopes: [] }, 'foreign');
    await fill(user, pool, ['one'], 'Ready');
    await fill(user, pool, ['two', 'three'], 'Full');
    pool.drop('foreign');
    await user.untilReady('two');
    await pool.untilSwept();
    expect(await isReady(user, 'three')).toBe(false);
  });

  test('lets all in after a raise, once one of them has tried', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 1);
    await fill(user, pool, ['one'], 'Ready');
    await fill(user, pool, ['two', 'three', 'four'], 'Full');
    house.cognito.setQuota(pool.id, 25);
    await user.requestSync('raised', 'three');
    for (const name of ['two', 'three', 'four']) await user.untilReady(name);
    await user.untilEvent('Created', 'four');
    expect(await user.eventReasons('four')).toEqual(['QuotaExceeded', 'Created']);
  });

  test('gives a freed slot to a waiting rival before all others', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 1);
    await fill(user, pool, ['one'], 'Ready');
    await fill(user, pool, ['two'], 'Full');
    const other = await house.user('rivals');
    await other.apply(aResourceServer().named('rival').inPool(pool.id).identifiedAs('one'));
    await other.untilReason('IdentityTaken', 'rival');
    await user.remove('one');
    await other.untilReady('rival');
    expect(await isReady(user, 'two')).toBe(false);
    expect(pool.effects('one')).toEqual(['Create', 'Delete', 'Create']);
  });

  test('still lets those go that wait', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 1);
    await fill(user, pool, ['one'], 'Ready');
    await fill(user, pool, ['two', 'three'], 'Full');
    await user.remove('two');
    await user.untilGone('two');
    await user.remove('one');
    await user.untilReady('three');
    await waitFor('one server', () => pool.server('three') !== undefined);
  });
});
