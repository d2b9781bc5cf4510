/**
 * What happens in Cognito while the operator is dead, or after it is back: requests that land
 * late, and others who make use of the time. Nothing is doubled, and nothing of theirs is taken.
 */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT, FOREIGN } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import type { StatusWrite } from '../support/status-writes.ts';
import type { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const test = testInOwnHouse(UNMETERED);
/** However busy the machine is, what lands late lands while it may. */
const testInTime = testInOwnHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, late: '15s' } });

async function kill(house: House): Promise<void> {
  await house.operators.at(-1)?.kill();
  await house.dropLease();
}

/** Long enough for whoever would act too early: it has looked, and said that it waits. */
async function begun(house: House): Promise<void> {
  const before = house.statusWrites.length;
  house.start();
  const isWaiting = ({ status }: StatusWrite) =>
    status.conditions?.some(({ reason }) => reason === 'ProgressingWithRetry') === true;
  await waitFor('a look', () => house.statusWrites.slice(before).some(isWaiting));
}

async function isReady({ user, pool }: { user: User; pool: Pool }): Promise<void> {
  await user.apply(aResourceServer().inPool(pool.id));
  await user.untilReady();
}

describe.concurrent('a request of a dead operator', () => {
  testInTime('that lands late is the one Create', async ({ house, user, pool }) => {
    const holding = pool.hold('Create');
    await user.apply(aResourceServer().inPool(pool.id));
    const held = await holding;
    await kill(house);
    await begun(house);
    held.apply();
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
    expect(await user.status()).toMatchObject({ remote: { origin: 'Created' } });
  });

  testInTime(
    'that lands late is the last word of the Update, if it says the same',
    async ({ house, user, pool }) => {
      await isReady({ user, pool });
      const holding = pool.hold('Update');
      await user.editSpec({ name: 'Weather API 2' });
      const held = await holding;
      await kill(house);
      await begun(house);
      held.apply();
      await user.untilReady();
      expect(pool.effects()).toEqual(['Create', 'Update']);
      expect(pool.server()).toMatchObject({ name: 'Weather API 2' });
    },
  );

  testInTime(
    'that lands after the spec was edited again is overwritten',
    async ({ house, user, pool }) => {
      await isReady({ user, pool });
      const holding = pool.hold('Update');
      await user.editSpec({ name: 'Weather API 2' });
      const held = await holding;
      await kill(house);
      await user.editSpec({ name: 'Weather API 3' });
      await begun(house);
      held.apply();
      await user.untilReady();
      expect(pool.server()).toMatchObject({ name: 'Weather API 3' });
      expect(pool.effects()).toEqual(['Create', 'Update', 'Update']);
    },
  );

  test('that lands late deletes what was to be deleted', async ({ house, user, pool }) => {
    await isReady({ user, pool });
    const holding = pool.hold('Delete');
    await user.remove();
    const held = await holding;
    await kill(house);
    await house.start().untilLeading();
    held.apply();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  testInTime(
    'that never lands is sent again, when it can land no more',
    async ({ house, user, pool }) => {
      const holding = pool.hold('Create');
      await user.apply(aResourceServer().inPool(pool.id));
      const held = await holding;
      await kill(house);
      held.drop();
      await begun(house);
      expect(pool.calls('Create')).toHaveLength(1);
      await user.untilReady();
      expect(pool.effects()).toEqual(['Create']);
    },
  );

  test('and another, killed in the same place, end well', async ({ house, user, pool }) => {
    const first = pool.hold('Create');
    await user.apply(aResourceServer().inPool(pool.id));
    const held = await first;
    await kill(house);
    held.drop();
    const second = pool.hold('Create', 'after-effect');
    house.start();
    await second;
    await kill(house);
    house.start();
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
  });
});

describe.concurrent('while the operator is dead', () => {
  test('somebody creates another server in place of ours: not ours', async ({
    house,
    user,
    pool,
  }) => {
    const holding = pool.hold('Create');
    await user.apply(aResourceServer().inPool(pool.id));
    const held = await holding;
    await kill(house);
    held.drop();
    pool.put(FOREIGN);
    house.start();
    await user.untilReason('AlreadyExists');
    expect(await user.status()).not.toHaveProperty('remote');
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toMatchObject(FOREIGN);
    expect(pool.effects()).toEqual([]);
  });

  test('somebody creates again what we deleted: left alone', async ({ house, user, pool }) => {
    await isReady({ user, pool });
    const holding = pool.hold('Delete', 'after-effect');
    await user.remove();
    await holding;
    await kill(house);
    pool.put(FOREIGN);
    house.start();
    await user.untilGone();
    expect(pool.server()).toMatchObject(FOREIGN);
    await user.untilEvent('Retained');
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('the resource is deleted: what was created goes, too', async ({ house, user, pool }) => {
    const holding = pool.hold('Create', 'after-effect');
    await user.apply(aResourceServer().inPool(pool.id));
    await holding;
    await kill(house);
    await user.remove();
    house.start();
    await user.untilGone();
    expect(pool.server()).toBeUndefined();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  testInTime(
    'the resource is deleted before its Create lands: it goes, too',
    async ({ house, user, pool }) => {
      const holding = pool.hold('Create');
      await user.apply(aResourceServer().inPool(pool.id));
      const held = await holding;
      await kill(house);
      await user.remove();
      await house.start().untilLeading();
      held.apply();
      await user.untilGone();
      expect(pool.server()).toBeUndefined();
      expect(pool.effects()).toEqual(['Create', 'Delete']);
    },
  );

  testInTime('a rival is created: it waits, and takes nothing', async ({ house, user, pool }) => {
    const holding = pool.hold('Create');
    await user.apply(aResourceServer().inPool(pool.id));
    const held = await holding;
    await kill(house);
    await user.apply(aResourceServer().named('rival').inPool(pool.id).calling('Rival'));
    await house.start().untilLeading();
    held.apply();
    await user.untilReady();
    await user.untilReason('IdentityTaken', 'rival');
    expect(pool.server()).toMatchObject(CONTENT);
    expect(pool.effects()).toEqual(['Create']);
  });

  test('the resource is deleted and made anew: one server, of the new one', async ({
    house,
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    await kill(house);
    await user.edit({ metadata: { finalizers: null } });
    await user.remove();
    await user.apply(aResourceServer().inPool(pool.id));
    house.start();
    const { metadata, status } = await user.untilReady();
    expect(status).toMatchObject({ recordUID: metadata.uid, remote: { origin: 'Adopted' } });
    expect(pool.effects()).toEqual(['Create']);
  });

  test('the status is lost: the server is found and adopted', async ({ house, user, pool }) => {
    await isReady({ user, pool });
    await kill(house);
    await user.editStatus({
      conditions: null,
      remote: null,
      recordUID: null,
      observedGeneration: -1,
      scopeCount: null,
      scopeIdentifiers: null,
    });
    house.start();
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ remote: { origin: 'Adopted' } });
    expect(pool.effects()).toEqual(['Create']);
  });
});

describe.concurrent('a restart', () => {
  test('with nothing to do writes nothing', async ({ house, user, pool }) => {
    const names = Array.from({ length: 12 }, (_, index) => `api-${index}`);
    for (const name of names) {
      await user.apply(aResourceServer().named(name).inPool(pool.id).identifiedAs(name));
    }
    for (const name of names) await user.untilAtRest(name);
    expect(await house.operators[0]?.stop()).toBe(0);
    const writes = house.statusWrites.length;
    const calls = pool.calls().length;
    await house.start().untilLeading();
    await waitFor('a sweep', () => pool.calls().length > calls);
    await user.requestSync('now', 'api-0');
    await user.untilSynced('now', 'api-0');
    const since = pool.calls().slice(calls);
    const operations = since.map(({ operation }) => operation);
    expect(operations.filter((each) => each !== 'ListResourceServers')).toEqual([
      'DescribeResourceServer',
    ]);
    expect(house.statusWrites).toHaveLength(writes + 1);
  });

  test('catches up with what was edited, drifted and deleted meanwhile', async ({
    house,
    user,
    pool,
  }) => {
    for (const name of ['edited', 'drifted', 'deleted', 'dropped']) {
      await user.apply(aResourceServer().named(name).inPool(pool.id).identifiedAs(name));
      await user.untilReady(name);
    }
    await kill(house);
    await user.editSpec({ name: 'Weather API 2' }, 'edited');
    pool.put(FOREIGN, 'drifted');
    await user.remove('deleted');
    pool.drop('dropped');
    await house.start().untilLeading();
    await user.untilGone('deleted');
    await user.untilEvent('DriftCorrected', 'drifted');
    await user.untilEvent('DriftCorrected', 'dropped');
    for (const name of ['edited', 'drifted', 'dropped']) await user.untilReady(name);
    expect(pool.server('edited')).toMatchObject({ name: 'Weather API 2' });
    expect(pool.server('drifted')).toMatchObject(CONTENT);
    expect(pool.server('deleted')).toBeUndefined();
    expect(pool.effects('dropped')).toEqual(['Create', 'Create']);
  });
});
