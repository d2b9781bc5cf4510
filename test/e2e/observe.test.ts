/** `managementPolicy: Observe` writes nothing to Cognito and says what differs. */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT, FOREIGN, SCOPE } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import { waitFor } from '../support/wait.ts';

const test = testInSharedHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, resync: '1s' } });

describe.concurrent('a resource that only observes', () => {
  test('is Synced when Cognito is equal, and owns nothing', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id).observing());
    const { metadata, status } = await user.untilReady();
    expect(metadata).not.toHaveProperty('finalizers');
    expect(status).not.toHaveProperty('remote');
    expect(pool.effects()).toEqual([]);
  });

  test('is Drifted with a line for each difference', async ({ user, pool }) => {
    const scopes = [
      { ...SCOPE, description: 'Other words' },
      { name: 'x', description: 'X' },
    ];
    pool.put({ name: 'Climate API', scopes });
    await user.apply(aResourceServer().inPool(pool.id).observing());
    const ready = await user.untilReason('Drifted');
    expect(ready.status).toBe('False');
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True', reason: 'Drifted' });
    const { drift = [] } = await user.status();
    expect(drift).toEqual([
      'name: is "Climate API", wanted "Weather API"',
      'scope forecast.read: is "Other words", wanted "Read forecasts"',
      'scope x: not wanted',
    ]);
    expect(pool.effects()).toEqual([]);
  });

  test('is Drifted when there is nothing', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id).observing());
    await user.untilReason('Drifted');
    expect(await user.status()).toMatchObject({ drift: ['the resource server does not exist'] });
    await pool.untilSwept();
    expect(pool.effects()).toEqual([]);
  });

  test('follows what happens in the console', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id).observing());
    await user.untilReason('Drifted');
    pool.put(CONTENT);
    const { status } = await user.untilReady();
    expect(status).not.toHaveProperty('drift');
    pool.drop();
    await user.untilReason('Drifted');
    await waitFor('three events', async () => (await user.eventReasons()).length === 3);
    expect(await user.eventReasons()).toEqual(['Drifted', 'Synced', 'Drifted']);
  });

  test('is gone at once when deleted, without a call', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id).observing());
    await user.untilReady();
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toMatchObject(CONTENT);
  });

  test('says so when the pool is missing', async ({ user }) => {
    await user.apply(aResourceServer().inPool('eu-west-1_Nowhere').observing());
    await user.untilReason('UserPoolNotFound');
  });

  test('does not hold what it observes', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().named('observer').inPool(pool.id).observing());
    await user.untilReady('observer');
    await user.apply(aResourceServer().named('owner').inPool(pool.id));
    await user.untilReady('owner');
    await user.requestSync('again', 'observer');
    await user.untilSynced('again', 'observer');
    await user.untilReady('observer');
  });
});

describe.concurrent('a resource that observes after it enforced', () => {
  test('keeps its records, repairs nothing, and resumes', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    const before = await user.untilReady();
    await user.editSpec({ managementPolicy: 'Observe' });
    await user.untilReady();
    pool.put(FOREIGN);
    await user.untilReason('Drifted');
    expect((await user.status()).remote).toEqual(before.status?.remote);
    await user.editSpec({ managementPolicy: 'Enforce' });
    const after = await user.untilReady();
    expect(pool.server()).toMatchObject(CONTENT);
    expect(pool.effects()).toEqual(['Create', 'Update']);
    expect(after.status?.remote).toEqual(before.status?.remote);
    expect(after.status).not.toHaveProperty('drift');
    await user.untilEvent('DriftCorrected');
  });

  test('leaves the server when it is deleted', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ managementPolicy: 'Observe' });
    await user.untilReady();
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toMatchObject(CONTENT);
    expect((await user.untilEvent('Retained')).note).toContain('Observe');
  });
});
