/** Lists in pages, lists as streams, and API servers that know only one of the two. */
import { describe, expect } from 'vitest';
import { aResourceServer, FOREIGN } from '../support/builders.ts';
import type { House } from '../support/house.ts';
import { UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import type { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const flags = { ...UNMETERED.flags, resync: '1s' };
const cognito = { ...UNMETERED.cognito, listOrder: 'hashed' } as const;

const inPages = testInOwnHouse({ flags: { ...flags, 'page-size': '7' }, cognito });
const asStream = testInOwnHouse({ flags: { ...flags, 'watch-list': 'on' }, cognito });
const asStreamInVain = testInOwnHouse({
  flags: { ...flags, 'watch-list': 'on' },
  cognito,
  kubernetes: { watchList: false },
});
const metered = testInOwnHouse({ flags: { resync: '1s' } });

const NAMES = Array.from({ length: 20 }, (_, index) => `api-${index}`);

/** A restart finds them all, and has nothing to do. */
async function survivesRestart(house: House, user: User, pool: Pool): Promise<void> {
  house.cognito.setQuota(pool.id, 300);
  for (const name of NAMES) {
    await user.apply(aResourceServer().named(name).inPool(pool.id).identifiedAs(name));
  }
  for (const name of NAMES) await user.untilAtRest(name);
  expect(await house.operators[0]?.stop()).toBe(0);
  const writes = house.statusWrites.length;
  await house.start().untilLeading();
  await pool.untilSwept();
  expect(house.statusWrites).toHaveLength(writes);
  await user.editSpec({ name: 'Weather API 2' }, 'api-19');
  await user.untilReady('api-19');
  expect(pool.effects('api-19')).toEqual(['Create', 'Update']);
}

describe.concurrent('the list of resources', () => {
  inPages('comes in pages of seven', async ({ house, user, pool }) => {
    await survivesRestart(house, user, pool);
    const pages = house.kubernetes.requests.filter(({ query }) => query.includes('continue='));
    expect(pages.length).toBeGreaterThanOrEqual(2);
  });

  asStream('comes as a stream', async ({ house, user, pool }) => {
    await survivesRestart(house, user, pool);
    expect(house.kubernetes.counts.get('list resourceservers')).toBeUndefined();
  });

  asStreamInVain(
    'is asked for as a list where streams are unknown',
    async ({ house, user, pool }) => {
      await survivesRestart(house, user, pool);
      expect(house.kubernetes.counts.get('list resourceservers')).toBeGreaterThan(0);
    },
  );
});

describe.concurrent('the list of a pool with many servers of others', () => {
  inPages('is swept to its last page', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 300);
    const foreign = Array.from({ length: 160 }, (_, index) => `foreign-${index}`);
    house.cognito.load(
      pool.id,
      foreign.map((identifier) => ({ ...FOREIGN, identifier })),
    );
    for (const name of NAMES) {
      await user.apply(aResourceServer().named(name).inPool(pool.id).identifiedAs(name));
    }
    for (const name of NAMES) await user.untilReady(name);
    for (const name of NAMES) pool.put(FOREIGN, name);
    for (const name of NAMES) {
      await waitFor(`${name} repaired`, () => pool.effects(name).includes('Update'));
    }
    expect(pool.effects('foreign-0')).toEqual([]);
    expect(pool.server('foreign-159')).toMatchObject(FOREIGN);
  });

  metered('survives throttles between its pages', async ({ house, user, pool }) => {
    house.cognito.setQuota(pool.id, 300);
    const foreign = Array.from({ length: 160 }, (_, index) => `foreign-${index}`);
    house.cognito.load(
      pool.id,
      foreign.map((identifier) => ({ ...FOREIGN, identifier })),
    );
    const struck = { pages: 0 };
    house.cognito.faults.add({
      match: {
        operation: 'ListResourceServers',
        predicate: ({ input }) => input?.['NextToken'] !== undefined && (struck.pages += 1) <= 2,
      },
      action: { kind: 'throttle' },
    });
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(struck.pages).toBeGreaterThanOrEqual(5);
    expect(pool.effects()).toEqual(['Create']);
  });
});

describe.concurrent('a namespace', () => {
  inPages('that is deleted takes its resource servers along', async ({ house, user, pool }) => {
    for (const name of NAMES) {
      await user.apply(aResourceServer().named(name).inPool(pool.id).identifiedAs(name));
    }
    for (const name of NAMES) await user.untilReady(name);
    await house.kubernetes.request('DELETE', `/api/v1/namespaces/${user.namespace}`);
    for (const name of NAMES) await user.removeIfThere(name);
    for (const name of NAMES) await user.untilGone(name);
    expect(NAMES.filter((name) => pool.server(name) !== undefined)).toEqual([]);
    await waitFor('the namespace to be gone', async () => {
      const path = `/api/v1/namespaces/${user.namespace}`;
      return (await house.kubernetes.request('GET', path)).status === 404;
    });
  });
});
