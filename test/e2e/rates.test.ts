/** Cognito's request rates: kept from the start, and a storm is only slow, never a failure. */
import { describe, expect } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const test = testInOwnHouse();

async function applyMany(user: User, pool: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `api-${index}`);
  const ofName = (name: string) => aResourceServer().named(name).inPool(pool).identifiedAs(name);
  await Promise.all(names.map((name) => user.apply(ofName(name))));
  return names;
}

describe.concurrent('the request rates of Cognito', () => {
  test('are never exceeded by twenty new resources', async ({ house, user, pool }) => {
    const names = await applyMany(user, pool.id, 20);
    for (const name of names) await user.untilReady(name);
    expect(house.cognito.counts()['CreateResourceServer']).toEqual({ Success: 20 });
    expect(house.cognito.log.maxPerSecond({ pool: pool.id, category: 'update' })).toBe(4);
  });

  test('are shared with others: a throttle is waited out', async ({ house, user, pool }) => {
    const throttle = { kind: 'throttle' } as const;
    pool.fault('Create', throttle, 3);
    pool.fault('List', throttle, 1);
    const names = await applyMany(user, pool.id, 6);
    for (const name of names) await user.untilReady(name);
    for (const name of names) expect(pool.effects(name)).toEqual(['Create']);
    for (const name of names) await user.untilEvent('Created', name);
    const reasons = await Promise.all(names.map((name) => user.eventReasons(name)));
    expect(new Set(reasons.flat())).toEqual(new Set(['Created']));
    const warnings = house.operators[0]?.lines.filter(({ msg }) => msg === 'reconcile failed');
    expect(warnings).toEqual([]);
  });

  test('in a storm leave Ready as it is, and status alone', async ({ house, user, pool }) => {
    const names = await applyMany(user, pool.id, 3);
    for (const name of names) await user.untilAtRest(name);
    const writes = house.statusWrites.length;
    const storms = (['List', 'Describe'] as const).map((operation) =>
      pool.fault(operation, { kind: 'throttle' }),
    );
    for (const name of names) await user.requestSync('storm', name);
    const hits = () => storms.reduce((sum, storm) => sum + storm.hits, 0);
    await waitFor('the storm', () => hits() >= 6);
    for (const name of names) {
      expect(await user.condition('Ready', name)).toMatchObject({ status: 'True' });
    }
    expect(house.statusWrites).toHaveLength(writes);
    for (const storm of storms) storm.clear();
    for (const name of names) await user.untilSynced('storm', name);
  });

  test('that hold up a change for ten seconds are told as Throttled', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const storm = pool.fault('Update', { kind: 'throttle' });
    const startedAt = performance.now();
    await user.editSpec({ name: 'Weather API 2' });
    const ready = await user.untilReason('Throttled');
    expect(performance.now() - startedAt).toBeGreaterThan(9_500);
    expect(ready.status).toBe('Unknown');
    expect(await user.condition('Reconciling')).toMatchObject({ status: 'True' });
    expect(await user.status()).not.toHaveProperty('pending');
    storm.clear();
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create', 'Update']);
    await user.untilEvent('Updated');
    expect((await user.eventReasons()).filter((reason) => reason === 'Throttled')).toHaveLength(1);
  });
});
