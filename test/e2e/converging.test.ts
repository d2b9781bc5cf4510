/** Somebody else writes the same resource server: repaired a few times, then told. */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT, FOREIGN } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import { waitFor } from '../support/wait.ts';

const test = testInSharedHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, resync: '1s' } });

const UPDATES_MAX = 5;

/** Somebody in the console who changes it back, each time that we repair it. */
async function fight(pool: Pool): Promise<void> {
  for (let round = 1; round <= UPDATES_MAX; round += 1) {
    pool.put(FOREIGN);
    const isRepaired = () => pool.effects().filter((each) => each === 'Update').length === round;
    await waitFor(`repair ${round}`, isRepaired);
  }
  pool.put(FOREIGN);
}

describe.concurrent('a fight with the console', () => {
  test('ends in NotConverging with the fields, until a sync is asked for', async ({
    user,
    pool,
  }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await fight(pool);
    const ready = await user.untilReason('NotConverging');
    expect(ready.message).toContain(`name: is "${FOREIGN.name}", wanted "${CONTENT.name}"`);
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
    await pool.untilSwept();
    expect(pool.server()).toMatchObject(FOREIGN);
    expect(pool.calls('Update')).toHaveLength(UPDATES_MAX);
    await user.requestSync('once more');
    await user.untilReady();
    expect(pool.server()).toMatchObject(CONTENT);
    await user.untilEvent('NotConverging');
  });

  test('begins anew with a new generation', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await fight(pool);
    await user.untilReason('NotConverging');
    await user.editSpec({ name: 'Weather API 2' });
    await user.untilReady();
    expect(pool.server()).toMatchObject({ name: 'Weather API 2' });
  });

  test('is over when the other one gives in', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await fight(pool);
    await user.untilReason('NotConverging');
    pool.put(CONTENT);
    await user.untilReady();
    expect(pool.calls('Update')).toHaveLength(UPDATES_MAX);
  });
});

describe.concurrent('a sync request', () => {
  test('is answered by a fresh look, once', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const before = pool.calls('Describe').length;
    await user.requestSync('2026-01-01T00:00:00Z');
    await user.untilSynced('2026-01-01T00:00:00Z');
    await pool.untilSwept();
    expect(pool.calls('Describe').length).toBe(before + 1);
    expect(pool.effects()).toEqual(['Create']);
  });

  test('is not answered by a look that failed', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const denial = pool.fault('Describe', { kind: 'accessDenied' });
    await user.requestSync('now');
    await user.untilReason('AccessDenied');
    expect(await user.status()).not.toHaveProperty('lastHandledSyncRequest');
    denial.clear();
    await user.untilSynced('now');
    await user.untilReady();
  });
});
