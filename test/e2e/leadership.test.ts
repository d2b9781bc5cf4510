/** One leads, the others stand by; a stop is orderly, a failover loses and doubles nothing. */
import { describe, expect } from 'vitest';
import type { RequestMatch } from '../sandbox/kubernetes/edge/fault-rules.ts';
import { aResourceServer } from '../support/builders.ts';
import { freezeProcess, thawProcess } from '../support/freeze.ts';
import { type House, LEASE, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { OperatorProcess } from '../support/launch.ts';
import type { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const test = testInOwnHouse(UNMETERED);
/** Far from all at once. */
const testFourByFour = testInOwnHouse({
  ...UNMETERED,
  flags: { ...UNMETERED.flags, concurrency: '4' },
});
/** Whoever waits for more than has to be is not ready before the test gives up. */
const testInAges = testInOwnHouse({
  ...UNMETERED,
  flags: {
    ...UNMETERED.flags,
    'shutdown-grace': '30m',
    'lease-duration': '30m',
    'renew-deadline': '20m',
  },
});
const testWithStandby = testInOwnHouse({ ...UNMETERED, operators: 2 });

const AN_EVENT_WAS_DROPPED = 'a Kubernetes Event was dropped, more may be without a word';
const TOO_LATE = /the time for Events is over/;

async function applyMany(user: User, pool: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `api-${index}`);
  const ofName = (name: string) => aResourceServer().named(name).inPool(pool).identifiedAs(name);
  await Promise.all(names.map((name) => user.apply(ofName(name))));
  return names;
}

function first({ operators }: House): OperatorProcess {
  const [operator] = operators;
  if (operator === undefined) throw new Error('the house is empty');
  return operator;
}

const isPending = async (user: User, name: string) =>
  (await user.status(name)).pending !== undefined;

/** A whole list, by itself or at the beginning of a watch. */
const isListing: RequestMatch = ({ resource, verb, query }) =>
  resource === 'resourceservers' && (verb === 'list' || query.has('sendInitialEvents'));

const renewedAt = async ({ kubernetes }: House): Promise<unknown> => {
  const { body } = await kubernetes.request('GET', LEASE);
  return (body as { spec: { renewTime?: string } }).spec.renewTime;
};

async function untilRenewed(house: House): Promise<void> {
  const before = await renewedAt(house);
  await waitFor('a renewal', async () => (await renewedAt(house)) !== before);
}

describe.concurrent('SIGTERM', () => {
  testFourByFour(
    'among twenty creations ends what is under way, and no more',
    async ({ house, user, pool }) => {
      pool.fault('Create', { kind: 'delayMs', ms: 300, stage: 'after-effect' });
      const names = await applyMany(user, pool.id, 20);
      await waitFor('creations under way', () => pool.calls('Create').length >= 4);
      expect(await first(house).stop()).toBe(0);
      expect(await house.leaseHolder()).toBe('');
      const made = pool.calls('Create');
      expect(made.length).toBeLessThan(20);
      for (const { identifier = '' } of made) {
        expect(await user.status(identifier)).toMatchObject({ remote: { origin: 'Created' } });
      }
      for (const name of names) expect(await isPending(user, name)).toBe(false);
      house.start();
      for (const name of names) await user.untilReady(name);
      expect(names.map((name) => pool.effects(name))).toEqual(names.map(() => ['Create']));
    },
  );

  test('before it ever led ends it with 0', async ({ house }) => {
    const standby = house.start();
    await standby.untilSaid('started');
    expect(await standby.stop()).toBe(0);
    expect(await house.leaseHolder()).not.toBe('');
  });

  testInAges('while nothing is under way ends it at once', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(await first(house).stop()).toBe(0);
    await user.untilEvent('Created');
  });

  test('does not wait for ever for an answer', async ({ house, user, pool }) => {
    const holding = pool.hold('Create');
    await user.apply(aResourceServer().inPool(pool.id));
    await holding;
    expect(await first(house).stop()).toBe(0);
    expect(await house.leaseHolder()).toBe('');
    expect(await isPending(user, 'weather-api')).toBe(true);
    house.start();
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('twice is as once', async ({ house, user, pool }) => {
    pool.fault('Create', { kind: 'delayMs', ms: 500 });
    await applyMany(user, pool.id, 4);
    await waitFor('creations under way', () => pool.calls('Create').length >= 1);
    const operator = first(house);
    process.kill(operator.pid, 'SIGINT');
    expect(await operator.stop()).toBe(0);
  });
});

describe.concurrent('a standby', () => {
  testInAges('takes over at once when the leader stops', async ({ house, user, pool }) => {
    const [leader] = house.operators;
    const standby = house.start();
    await standby.untilSaid('started');
    const names = await applyMany(user, pool.id, 5);
    for (const name of names) await user.untilReady(name);
    expect(await leader?.stop()).toBe(0);
    await standby.untilLeading();
    await user.editSpec({ name: 'Weather API 2' }, 'api-0');
    await user.untilReady('api-0');
    expect(pool.server('api-0')).toMatchObject({ name: 'Weather API 2' });
  });

  testInAges('waits for no Event of the leader that stops', async ({ house, user, pool }) => {
    const [leader] = house.operators;
    const standby = house.start();
    await standby.untilSaid('started');
    const names = await applyMany(user, pool.id, 3);
    for (const name of names) await user.untilEvent('Created', name);
    const isEvent: RequestMatch = ({ resource }) => resource === 'events';
    const telling = house.kubernetes.faults.hold(isEvent);
    house.kubernetes.faults.inject({ match: isEvent, action: { kind: 'hangBefore' } });
    await user.pause('api-0');
    await telling;
    const releases: number[] = [];
    house.kubernetes.faults.onRequest(({ resource, body }) => {
      const spec = body?.['spec'] as { holderIdentity?: string; renewTime?: string } | undefined;
      const isRelease = resource === 'leases' && spec?.holderIdentity === '';
      if (isRelease) releases.push(Date.parse(String(spec.renewTime)));
    });
    expect(await leader?.stop()).toBe(0);
    await standby.untilLeading();
    const dropped = leader
      ?.said(AN_EVENT_WAS_DROPPED)
      .find(({ because }) => TOO_LATE.test(String(because)));
    expect(releases[0]).toBeLessThan(Date.parse(String(dropped?.['time'])));
  });

  testWithStandby('takes over when the leader is killed', async ({ house, user, pool }) => {
    const [leader, standby] = house.operators;
    const holding = pool.hold('Create');
    const names = await applyMany(user, pool.id, 10);
    const held = await holding;
    await leader?.kill();
    held.apply();
    await standby?.untilLeading();
    for (const name of names) await user.untilReady(name);
    expect(names.map((name) => pool.effects(name))).toEqual(names.map(() => ['Create']));
  });

  testWithStandby(
    'takes over when the leader is stopped in its tracks',
    async ({ house, user, pool }) => {
      const [leader, standby] = house.operators;
      const names = await applyMany(user, pool.id, 3);
      for (const name of names) await user.untilReady(name);
      await freezeProcess(leader?.pid ?? 0);
      await standby?.untilLeading();
      await user.editSpec({ name: 'Weather API 2' }, 'api-0');
      await user.untilReady('api-0');
      thawProcess(leader?.pid ?? 0);
      expect(await leader?.exited).toBe(1);
      expect(pool.effects('api-0')).toEqual(['Create', 'Update']);
    },
  );

  test('decides on nothing until it has listed anew', async ({ house, user, pool }) => {
    const [leader] = house.operators;
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const beginning = house.kubernetes.faults.hold(isListing);
    const standby = house.start();
    (await beginning).release();
    const listing = house.kubernetes.faults.hold(isListing);
    await leader?.stop();
    pool.drop();
    const list = await listing;
    await standby.untilLeading();
    const calls = pool.calls().length;
    await untilRenewed(house);
    expect(pool.calls()).toHaveLength(calls);
    list.release();
    await waitFor('the repair', () => pool.server() !== undefined);
  });

  testWithStandby('works on nothing while another leads', async ({ house, user, pool }) => {
    const [, standby] = house.operators;
    await standby?.untilSaid('started');
    const names = await applyMany(user, pool.id, 5);
    for (const name of names) await user.untilReady(name);
    expect(standby?.said('leading')).toEqual([]);
    expect(standby?.said('reconciled')).toEqual([]);
  });
});

describe.concurrent('a leader whose Lease is taken', () => {
  test('stops at once and says so', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await house.kubernetes.request('PATCH', LEASE, { spec: { holderIdentity: 'somebody' } });
    expect(await first(house).exited).toBe(1);
    expect(first(house).said('leadership is lost')).toHaveLength(1);
    expect(await house.leaseHolder()).toBe('somebody');
  });
});
