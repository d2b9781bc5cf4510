/** Cognito refuses: what the user is told, who asks again, and what puts it right. */
import { describe, expect } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import { conditionOf, type StoredResource, type User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const test = testInSharedHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, resync: '2s' } });

const isDenied = (stored: StoredResource) =>
  conditionOf(stored, 'Ready')?.reason === 'AccessDenied';

const REFUSAL = {
  kind: 'error',
  name: 'InvalidParameterException',
  message: '1 validation error detected: so it is',
} as const;

describe.concurrent('a spec that Cognito refuses although the schema lets it pass', () => {
  test('is InvalidParameter in the words of Cognito, until it is edited', async ({
    user,
    pool,
  }) => {
    const refusing = pool.fault('Create', REFUSAL);
    await user.apply(aResourceServer().inPool(pool.id));
    const ready = await user.untilReason('InvalidParameter');
    expect(ready.message).toContain(REFUSAL.message);
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
    expect(await user.status()).not.toHaveProperty('pending');
    await pool.untilSwept();
    expect(pool.calls('Create')).toHaveLength(1);
    refusing.clear();
    await user.editSpec({ name: 'Better' });
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
    await user.untilEvent('Created');
    expect(await user.eventReasons()).toEqual(['InvalidParameter', 'Created']);
  });

  test('is InvalidParameter for an Update, and the server stays', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const refusing = pool.fault('Update', REFUSAL);
    await user.editSpec({ name: 'Worse' });
    await user.untilReason('InvalidParameter');
    expect(pool.server()).toMatchObject({ name: 'Weather API' });
    expect(await user.status()).toMatchObject({ remote: { origin: 'Created' } });
    // Refused until the edit is taken back: a sweep may have asked for one more try.
    await user.editSpec({ name: 'Weather API' });
    await user.untilReady();
    refusing.clear();
    await pool.untilSwept();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('is OperationNotEnabled in a replica', async ({ house, user, pool }) => {
    house.cognito.setReplica(pool.id, 'refuses-mutations');
    await user.apply(aResourceServer().inPool(pool.id));
    const ready = await user.untilReason('OperationNotEnabled');
    expect(ready.message).toContain('primary Region');
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
  });
});

describe.concurrent('a user pool that is not there', () => {
  test('is said so, and retried until it is', async ({ house, user }) => {
    const id = 'eu-west-1_ComesLater';
    await user.apply(aResourceServer().inPool(id));
    const ready = await user.untilReason('UserPoolNotFound');
    expect(ready.message).toContain(id);
    expect(await user.condition('Reconciling')).toMatchObject({ reason: 'ProgressingWithRetry' });
    expect(await user.condition('Stalled')).toBeUndefined();
    const pool = house.pool(id);
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
    await user.untilEvent('Created');
    expect(await user.eventReasons()).toEqual(['UserPoolNotFound', 'Created']);
  });

  test('is looked for by one key for all that wait', async ({ house, user }) => {
    const id = 'eu-west-1_ComesForAll';
    const names = await applyMany(user, id, 20);
    for (const name of names) await user.untilReason('UserPoolNotFound', name);
    const pool = house.pool(id);
    await user.requestSync('it is there', names.at(-1));
    for (const name of names) await user.untilReady(name);
    const before = pool.calls().filter(({ outcome }) => outcome !== 'Success');
    expect(before.length).toBeLessThan(names.length);
  });

  test('takes the truth of what was ready, once', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    house.cognito.removePool(pool.id);
    await user.untilReason('UserPoolNotFound');
    expect(await user.condition('Ready')).toMatchObject({ status: 'False' });
    expect(await user.status()).toMatchObject({ remote: { origin: 'Created' } });
  });
});

describe.concurrent('an operation that IAM does not allow', () => {
  test('is named with its pool, and goes on when it is allowed', async ({ user, pool }) => {
    const denial = pool.fault('Create', { kind: 'accessDenied' });
    await user.apply(aResourceServer().inPool(pool.id));
    // Not looked at twice: the next try has a record again.
    const denied = await user.until('AccessDenied', isDenied);
    const ready = conditionOf(denied, 'Ready');
    expect(ready).toMatchObject({ status: 'False' });
    expect(ready?.message).toContain(`cognito-idp:CreateResourceServer on user pool ${pool.id}`);
    expect(conditionOf(denied, 'Reconciling')).toMatchObject({ reason: 'ProgressingWithRetry' });
    expect(denied.status).not.toHaveProperty('pending');
    denial.clear();
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
    await user.untilEvent('Created');
    expect(await user.eventReasons()).toEqual(['AccessDenied', 'Created']);
  });

  test('is tried by one key for all, whose success wakes the others', async ({ user, pool }) => {
    const denial = pool.fault('Create', { kind: 'accessDenied' });
    const [first = '', ...others] = await applyMany(user, pool.id, 1);
    await user.untilReason('AccessDenied', first);
    const probed = pool.calls('Create').length;
    const more = await applyMany(user, pool.id, 8, 'later');
    for (const name of more) await user.untilReason('AccessDenied', name);
    const prober = pool.calls('Create').slice(probed);
    expect(new Set(prober.map(({ identifier }) => identifier)).size).toBeLessThanOrEqual(1);
    denial.clear();
    for (const name of [first, ...others, ...more]) await user.untilReady(name);
    expect(pool.calls('Create').filter(({ effect }) => effect)).toHaveLength(9);
  });

  test('has its next probe when the one that asked is deleted', async ({ user, pool }) => {
    const denial = pool.fault('Create', { kind: 'accessDenied' });
    const [first = ''] = await applyMany(user, pool.id, 1);
    await user.untilReason('AccessDenied', first);
    const [second = ''] = await applyMany(user, pool.id, 1, 'later');
    await user.untilReason('AccessDenied', second);
    expect(pool.calls('Create').map(({ identifier }) => identifier)).not.toContain(second);
    await user.remove(first);
    await user.untilGone(first);
    await waitFor('the next probe', () =>
      pool.calls('Create').some(({ identifier }) => identifier === second),
    );
    denial.clear();
    await user.untilReady(second);
  });

  test('is asked anew at once by a sync request', async ({ user, pool }) => {
    const denial = pool.fault('Create', { kind: 'accessDenied' });
    const names = await applyMany(user, pool.id, 4);
    for (const name of names) await user.untilReason('AccessDenied', name);
    denial.clear();
    await user.requestSync('please', names.at(-1));
    for (const name of names) await user.untilReady(name);
  });

  test('leaves other pools in peace', async ({ house, user, pool }) => {
    pool.fault('Create', { kind: 'accessDenied' });
    pool.fault('List', { kind: 'accessDenied' });
    await applyMany(user, pool.id, 4);
    const other = house.pool();
    await user.apply(aResourceServer().inPool(other.id));
    await user.untilReady();
  });

  test('is List: then each looks for itself', async ({ user, pool }) => {
    const denial = pool.fault('List', { kind: 'accessDenied' });
    const names = await applyMany(user, pool.id, 3);
    for (const name of names) await user.untilReady(name);
    expect(pool.calls('Describe').length).toBeGreaterThanOrEqual(3);
    expect(names.flatMap((name) => pool.effects(name))).toEqual(['Create', 'Create', 'Create']);
    denial.clear();
  });
});

async function applyMany(user: User, pool: string, count: number, prefix = 'api') {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) {
    await user.apply(aResourceServer().named(name).inPool(pool).identifiedAs(name));
  }
  return names;
}
