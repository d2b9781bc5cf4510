/** The API server or Cognito goes away for a while, or half of a connection does. */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT, FOREIGN } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import type { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const test = testInOwnHouse({
  flags: { ...UNMETERED.flags, 'watch-idle': '1s' },
  cognito: { rates: 'off' },
  kubernetes: { bookmarkMs: 200 },
});

/** Half of the renew deadline is what one request may take; the other half is for the next one. */
const testWithLongLease = testInOwnHouse({
  ...UNMETERED,
  flags: {
    ...UNMETERED.flags,
    'lease-duration': '30s',
    'renew-deadline': '20s',
    'retry-period': '1s',
  },
});
const testWithShortDeadline = testInOwnHouse({
  ...UNMETERED,
  flags: { ...UNMETERED.flags, 'kubernetes-deadline': '2s' },
});

interface Row {
  readonly name: string;
  readonly disturb: (house: House) => void | Promise<void>;
}

const WATCHES: readonly Row[] = [
  { name: 'that is cut', disturb: ({ kubernetes }) => kubernetes.faults.cutWatches() },
  { name: 'that ends', disturb: ({ kubernetes }) => kubernetes.faults.endWatches() },
  {
    name: 'that goes silent, half open',
    disturb: ({ kubernetes }) => kubernetes.faults.stallWatches(),
  },
  {
    name: 'that is too old to resume',
    disturb: async ({ kubernetes }) => {
      await kubernetes.compact();
      kubernetes.faults.endWatches();
    },
  },
  {
    name: 'that carries noise',
    disturb: ({ kubernetes }) => kubernetes.faults.garbleNextFrame('{"type":'),
  },
];

async function begin(user: User, pool: Pool): Promise<void> {
  await user.apply(aResourceServer().named('before').inPool(pool.id).identifiedAs('before'));
  await user.untilReady('before');
}

describe.concurrent.each(WATCHES)('a watch $name', ({ disturb }) => {
  test('misses nothing', async ({ house, user, pool }) => {
    await begin(user, pool);
    await user.apply(aResourceServer().named('last').inPool(pool.id).identifiedAs('last'));
    await user.untilReady('last');
    await disturb(house);
    await user.apply(aResourceServer().named('after').inPool(pool.id).identifiedAs('after'));
    await user.editSpec({ name: 'Edited' }, 'before');
    await user.remove('last');
    await user.untilReady('after');
    await user.untilReady('before');
    await user.untilGone('last');
    expect(pool.effects('after')).toEqual(['Create']);
    expect(pool.effects('before')).toEqual(['Create', 'Update']);
    expect(pool.effects('last')).toEqual(['Create', 'Delete']);
  });
});

describe.concurrent('the API server', () => {
  testWithLongLease(
    'that is gone for less than the lease is waited for',
    async ({ house, user, pool }) => {
      await begin(user, pool);
      house.kubernetes.faults.freeze();
      await user.apply(aResourceServer().inPool(pool.id));
      await house.operators[0]?.untilSaid('a lease request failed, trying again');
      house.kubernetes.faults.thaw();
      await user.untilReady();
      expect(pool.effects()).toEqual(['Create']);
      expect(house.operators).toHaveLength(1);
    },
  );

  test('that is gone for longer ends the term, and no write follows', async ({
    house,
    user,
    pool,
  }) => {
    await begin(user, pool);
    house.kubernetes.faults.freeze();
    await user.editSpec({ name: 'Edited' }, 'before');
    pool.put(FOREIGN, 'before');
    expect(await house.operators[0]?.exited).toBe(1);
    expect(pool.effects('before')).toEqual(['Create']);
    house.kubernetes.faults.thaw();
    await house.dropLease();
    house.start();
    await user.untilReady('before');
    expect(pool.server('before')).toMatchObject({ name: 'Edited' });
  });

  test('that refuses writes for a while is asked again', async ({ house, user, pool }) => {
    await begin(user, pool);
    const failing = house.kubernetes.faults.inject({
      match: ({ verb, resource }) => verb === 'patch' && resource === 'resourceservers',
      times: 4,
      action: { kind: 'status', code: 503, reason: 'ServiceUnavailable' },
    });
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(failing.hits).toBe(4);
    expect(pool.effects()).toEqual(['Create']);
  });

  const LOSSES = [
    { name: 'loses the answer', action: { kind: 'resetAfter' } },
    { name: 'loses the request', action: { kind: 'resetBefore' } },
    { name: 'never answers, and did it', action: { kind: 'hangAfter' } },
    { name: 'never answers', action: { kind: 'hangBefore' } },
    {
      name: 'has a proxy say 404',
      action: { kind: 'raw', code: 404, body: '404 page not found' },
    },
  ] as const;

  testWithShortDeadline.for(LOSSES)(
    'that $name of each write once',
    async ({ action }, { house, user, pool }) => {
      const struck = new Set<string>();
      house.kubernetes.faults.inject({
        match: ({ verb, resource, subresource, body, name }) => {
          if (verb !== 'patch' || resource !== 'resourceservers') return false;
          const status = body?.['status'] as { pending?: unknown } | undefined;
          const kind = `${name} ${subresource} ${status?.pending === null}`;
          const isFirst = !struck.has(kind);
          struck.add(kind);
          return isFirst;
        },
        action,
      });
      await user.apply(aResourceServer().inPool(pool.id));
      const { status } = await user.untilReady();
      expect(status).toMatchObject({ remote: { origin: 'Created' } });
      expect(struck.size).toBe(3);
      expect(pool.effects()).toEqual(['Create']);
    },
  );

  testWithLongLease(
    'that closes its port and opens it again misses nothing',
    async ({ house, user, pool }) => {
      await begin(user, pool);
      await house.kubernetes.takeDown();
      await user.apply(aResourceServer().inPool(pool.id));
      await house.operators[0]?.untilSaid('a lease request failed, trying again');
      await house.kubernetes.bringUp();
      await user.untilReady();
      expect(pool.effects()).toEqual(['Create']);
      expect(house.operators).toHaveLength(1);
    },
  );
});

describe.concurrent('Cognito', () => {
  test('that is down for a while is waited for', async ({ house, user, pool }) => {
    await begin(user, pool);
    const down = house.cognito.faults.add({ action: { kind: 'resetBefore' } });
    await user.apply(aResourceServer().inPool(pool.id));
    await user.editSpec({ name: 'Edited' }, 'before');
    await waitFor('attempts', () => down.hits >= 4);
    expect(await user.condition('Stalled', 'before')).toBeUndefined();
    down.clear();
    await user.untilReady();
    await user.untilReady('before');
    expect(pool.effects()).toEqual(['Create']);
    expect(pool.effects('before')).toEqual(['Create', 'Update']);
  });

  test('that is silent for a while leaves Ready as it is', async ({ house, user, pool }) => {
    await begin(user, pool);
    await user.untilAtRest('before');
    const writes = house.statusWrites.length;
    const silence = house.cognito.faults.add({ action: { kind: 'hang', effect: 'none' } });
    await user.requestSync('now', 'before');
    await waitFor('attempts', () => silence.hits >= 2);
    expect(await user.condition('Ready', 'before')).toMatchObject({ status: 'True' });
    expect(house.statusWrites).toHaveLength(writes);
    silence.clear();
    await user.untilSynced('now', 'before');
    expect(pool.server('before')).toMatchObject(CONTENT);
  });
});
