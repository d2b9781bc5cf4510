/** When all is as it should be, next to nothing happens. */
import { describe, expect, test } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import { startHouse } from '../support/house.ts';
import { waitFor } from '../support/wait.ts';

describe('thirty resources at rest', () => {
  test('cost one List a pool a resync, and no write', async ({ onTestFinished }) => {
    const house = await startHouse({ flags: { resync: '1s' }, cognito: { shuffleScopes: true } });
    onTestFinished(() => house.close());
    const user = await house.user();
    const pools = [house.pool(), house.pool(), house.pool()];
    const names = Array.from({ length: 30 }, (_, index) => `api-${index}`);
    for (const [index, name] of names.entries()) {
      const id = pools[index % pools.length]?.id ?? '';
      await user.apply(aResourceServer().named(name).inPool(id).identifiedAs(name));
    }
    for (const name of names) await user.untilAtRest(name);
    await Promise.all(pools.map((pool) => pool.untilSwept()));
    const calls = house.cognito.log.size;
    const writes = house.statusWrites.length;
    const patches = house.kubernetes.counts.get('patch resourceservers');
    const startedAt = performance.now();
    const lists = () => house.cognito.log.since(calls);
    await waitFor('three resyncs', () => lists().length >= 3 * pools.length);
    const resyncs = (performance.now() - startedAt) / 1_000;
    expect(new Set(lists().map(({ operation }) => operation))).toEqual(
      new Set(['ListResourceServers']),
    );
    expect(lists().length).toBeLessThanOrEqual(Math.ceil(resyncs + 1) * pools.length);
    expect(house.statusWrites).toHaveLength(writes);
    expect(house.kubernetes.counts.get('patch resourceservers')).toBe(patches);
  });
});
