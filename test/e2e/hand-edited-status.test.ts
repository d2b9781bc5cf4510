/** `kubectl edit --subresource=status`: each test is a sentence of what `src/README.md` says. */
import { describe, expect } from 'vitest';
import { hashOf } from '../../src/core/drift.ts';
import { aResourceServer, CONTENT, FOREIGN, type Json } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse, testInSharedHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import { conditionOf, type User } from '../support/user.ts';

const test = testInSharedHouse(UNMETERED);
const testAlone = testInOwnHouse(UNMETERED);

interface Here {
  readonly user: User;
  readonly pool: Pool;
}

const ours = ({ id }: Pool) => aResourceServer().inPool(id);

async function isReady({ user, pool }: Here, resource = ours(pool)): Promise<void> {
  await user.apply(resource);
  await user.untilReady();
}

async function isPaused(user: User): Promise<void> {
  await user.pause();
  await user.until('Paused', (each) => conditionOf(each, 'Paused')?.status === 'True');
}

/** What a record for the server of the builders would say, had we written it. */
async function recordFor({ user, pool }: Here): Promise<Json> {
  const { metadata, spec } = await user.read();
  const { identifier } = spec;
  const remote = { userPoolId: pool.id, identifier, origin: 'Created', hash: hashOf(CONTENT) };
  return { recordUID: metadata.uid, remote };
}

const pendingOf = (operation: string, hash = hashOf(CONTENT)) => ({
  pending: { operation, hash, startTime: '2026-01-01T00:00:00Z', instance: 'a-hand' },
});

async function refused({ user, pool }: Here, policy: 'IfMatching' | 'Never' = 'IfMatching') {
  pool.put(FOREIGN);
  await user.apply(ours(pool).adoptedBy(policy));
  await user.untilReason('AlreadyExists');
}

describe.concurrent('what only tells is told anew', () => {
  test('conditions, counts and scopes, and the foreign ones are left alone', async ({
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    const before = await user.status();
    const theirs = { type: 'Theirs', status: 'True', reason: 'Theirs', message: '' };
    const ready = { type: 'Ready', status: 'False', reason: 'Drifted', message: 'by hand' };
    const times = { lastTransitionTime: '2026-01-01T00:00:00Z' };
    await user.editStatus({
      observedGeneration: 7,
      conditions: [
        { ...theirs, ...times },
        { ...ready, ...times },
        { ...ready, ...times, type: 'Paused', status: 'True' },
      ],
      scopeCount: 9,
      scopeIdentifiers: ['by/hand'],
      drift: ['by hand'],
    });
    const stored = await user.untilReady();
    expect(conditionOf(stored, 'Theirs')).toMatchObject(theirs);
    expect(conditionOf(stored, 'Paused')).toBeUndefined();
    expect(stored.status).toMatchObject({ ...before, conditions: expect.anything() });
    expect(stored.status).not.toHaveProperty('drift');
    expect(pool.effects()).toEqual(['Create']);
  });

  test('a Ready that is not true does not stand', async ({ user, pool }) => {
    await refused({ user, pool });
    const ready = { type: 'Ready', status: 'True', reason: 'Synced', message: 'by hand' };
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const { generation: observedGeneration } = (await user.read()).metadata;
    await user.editStatus({
      observedGeneration,
      conditions: [{ ...ready, observedGeneration, lastTransitionTime }],
    });
    await user.untilReason('AlreadyExists');
    expect(await user.condition('Ready')).toMatchObject({ status: 'False' });
    expect(pool.effects()).toEqual([]);
  });

  test('an acknowledged sync is looked for once more, and costs a Describe', async ({
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    await user.requestSync('now');
    await user.untilSynced('now');
    const before = pool.calls('Describe').length;
    await user.editStatus({ lastHandledSyncRequest: 'never' });
    await user.untilSynced('now');
    expect(pool.calls('Describe').length).toBeGreaterThan(before);
    expect(pool.effects()).toEqual(['Create']);
  });

  testAlone(
    'a false Synced of a time when nobody led falls with the first sweep',
    async ({ house, user, pool }) => {
      await isReady({ user, pool });
      await stop(house);
      await user.editStatus({ remote: null, recordUID: null });
      house.start();
      await user.until('a record', ({ status }) => status?.remote?.origin === 'Adopted');
    },
  );
});

const stop = (house: House) => house.operators.at(-1)?.stop();

describe.concurrent('a record that is taken away', () => {
  const without = { recordUID: null, remote: null };

  test('makes our server a stranger: equal, it is adopted, and not deleted', async ({
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    await user.editStatus(without);
    await user.until('a record', ({ status }) => status?.remote?.origin === 'Adopted');
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toMatchObject(CONTENT);
    expect(pool.effects()).toEqual(['Create']);
  });

  test('and differs from the spec, is refused until the policy says otherwise', async ({
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    await isPaused(user);
    pool.put(FOREIGN);
    await user.editStatus(without);
    await user.unpause();
    await user.untilReason('AlreadyExists');
    await user.editSpec({ adoptionPolicy: 'Always' });
    await user.untilReady();
    expect(pool.server()).toMatchObject(CONTENT);
  });

  test('before a deletion leaves the server behind, and says so', async ({ user, pool }) => {
    await isReady({ user, pool });
    await isPaused(user);
    await user.remove();
    await user.editStatus(without);
    await user.untilGone();
    expect((await user.untilEvent('Retained')).note).toContain('never owned');
    expect(pool.server()).toMatchObject(CONTENT);
  });
});

describe.concurrent('a record that is written by hand', () => {
  test('for the server that the spec names is believed: it is overwritten and deleted', async ({
    user,
    pool,
  }) => {
    await refused({ user, pool }, 'Never');
    await user.editStatus(await recordFor({ user, pool }));
    await user.untilReady();
    expect(pool.server()).toMatchObject(CONTENT);
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Update', 'Delete']);
  });

  test('under another UID is none', async ({ user, pool }) => {
    await refused({ user, pool });
    const { remote } = await recordFor({ user, pool });
    await user.editStatus({ remote, recordUID: 'of-another' });
    await user.until('the record to be gone', ({ status }) => status?.remote === undefined);
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual([]);
    expect(pool.server()).toMatchObject(FOREIGN);
  });

  test('for a server that Cognito manages changes nothing', async ({ house, user, pool }) => {
    pool.put(FOREIGN);
    const { identifier } = pool.server() ?? {};
    house.cognito.console.setManagedBy(pool.id, String(identifier), 'COGNITO');
    await user.apply(ours(pool));
    await user.untilReason('ManagedByCognito');
    await user.editStatus(await recordFor({ user, pool }));
    await user.until('the record', ({ status }) => status?.remote !== undefined);
    await user.remove();
    await user.untilReason('DeletionBlocked');
    expect(pool.effects()).toEqual([]);
    await user.editSpec({ deletionPolicy: 'Retain' });
    await user.untilGone();
  });

  test('for another server than that of the spec is refused, in life and in deletion', async ({
    user,
    pool,
  }) => {
    pool.put(FOREIGN, 'theirs');
    await isReady({ user, pool });
    const { remote } = await user.status();
    await user.editStatus({ remote: { ...remote, identifier: 'theirs' } });
    const ready = await user.untilReason('InvalidSpec');
    expect(ready.message).toContain('`status.remote` names another resource server');
    await user.remove();
    await user.untilReason('DeletionBlocked');
    expect(pool.effects('theirs')).toEqual([]);
    await user.editStatus({ remote });
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
    expect(pool.server('theirs')).toMatchObject(FOREIGN);
  });

  test('for the server of a younger resource holds it up, and mending it lets it go on', async ({
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    const { remote } = await user.status();
    await user.untilOlder();
    await user.apply(ours(pool).named('younger').identifiedAs('theirs'));
    await user.untilReady('younger');
    await user.editStatus({ remote: { ...remote, identifier: 'theirs' } });
    await user.untilReason('InvalidSpec');
    await user.untilReason('IdentityTaken', 'younger');
    await user.editStatus({ remote });
    await user.untilReady();
    await user.untilReady('younger');
    expect(pool.effects('theirs')).toEqual(['Create']);
  });

  test('decides by its origin what a deletion does', async ({ user, pool }) => {
    await isReady({ user, pool });
    const { remote } = await user.status();
    await user.editStatus({ remote: { ...remote, origin: 'Adopted' } });
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create']);
    expect(pool.server()).toMatchObject(CONTENT);
  });

  test('with a false hash costs a look, and no write', async ({ user, pool }) => {
    await isReady({ user, pool });
    const { remote } = await user.status();
    await user.editStatus({ remote: { ...remote, hash: '1:by-hand' } });
    await user.requestSync('now');
    await user.untilSynced('now');
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('with a false account stops all but a deletion, and says whose it is', async ({
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    await user.until('an account', ({ status }) => status?.remote?.accountId !== undefined);
    const { remote } = await user.status();
    await user.editStatus({ remote: { ...remote, accountId: '444455556666' } });
    await user.untilReason('AccountMismatch');
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });
});

describe.concurrent('a pending change that is written by hand', () => {
  test.for(['Create', 'Update', 'Delete'])(
    'as %s makes no call that writes, and is waited out',
    async (operation, { user, pool }) => {
      await isReady({ user, pool });
      await user.editStatus(pendingOf(operation, '1:by-hand'));
      await user.until('it to be resolved', ({ status }) => status?.pending === undefined);
      await user.untilReady();
      expect(pool.effects()).toEqual(['Create']);
    },
  );

  test('as Update keeps the record as it was', async ({ user, pool }) => {
    await isReady({ user, pool });
    await user.editStatus(pendingOf('Update', '1:by-hand'));
    await user.until('it to be resolved', ({ status }) => status?.pending === undefined);
    expect((await user.untilReady()).status?.remote?.origin).toBe('Created');
  });

  test('as Create of something else costs the record: the server is adopted', async ({
    user,
    pool,
  }) => {
    await isReady({ user, pool });
    await user.editStatus(pendingOf('Create', '1:by-hand'));
    await user.until('a record', ({ status }) => status?.remote?.origin === 'Adopted');
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('as Create with the hash of a foreign server takes it', async ({ user, pool }) => {
    await refused({ user, pool }, 'Never');
    const { recordUID } = await recordFor({ user, pool });
    await user.editStatus({ recordUID, ...pendingOf('Create', hashOf(FOREIGN)) });
    await user.untilReady();
    expect(pool.effects()).toEqual(['Update']);
    expect(await user.status()).toMatchObject({ remote: { origin: 'Created' } });
  });

  test('beside a deletion, as Create of something else, blocks it', async ({ user, pool }) => {
    await isReady({ user, pool });
    await isPaused(user);
    await user.remove();
    await user.editStatus(pendingOf('Create', '1:by-hand'));
    await user.unpause();
    await user.untilReason('DeletionBlocked');
    expect(pool.effects()).toEqual(['Create']);
    await user.editStatus({ pending: null });
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });
});

describe.concurrent('what is not shaped as the schema says', () => {
  const garbage: readonly (readonly [string, Json])[] = [
    ['an unknown operation', pendingOf('Move')],
    ['a pending change without a hash', { pending: { operation: 'Create' } }],
    ['a record without an origin', { remote: { origin: null } }],
    ['an unknown origin', { remote: { origin: 'Stolen' } }],
    ['a record that is a text', { remote: 'ours' }],
    ['a condition without a reason', { conditions: [{ type: 'Ready', status: 'True' }] }],
    ['a count that is a text', { scopeCount: 'two' }],
    ['a generation below -1', { observedGeneration: -2 }],
    ['drift that is no list', { drift: 'all of it' }],
  ];

  test('is refused by the API server', async ({ user, pool }) => {
    await isReady({ user, pool });
    const before = await user.status();
    for (const [what, status] of garbage) {
      await expect(user.editStatus(status), what).rejects.toThrow(/422/);
    }
    expect(await user.status()).toEqual(before);
  });
});
