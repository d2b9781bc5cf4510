/** What is missing in Cognito is created. */
import { describe, expect } from 'vitest';
import { FINALIZER } from '../../src/api/names.ts';
import { aResourceServer, CONTENT, IDENTIFIER, SCOPE } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';

const test = testInSharedHouse(UNMETERED);

describe.concurrent('a resource whose resource server is missing', () => {
  test('gets one, and its status says which', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    const { metadata, status } = await user.untilAtRest();
    expect(pool.server()).toMatchObject({ identifier: IDENTIFIER, ...CONTENT });
    expect(metadata.finalizers).toEqual([FINALIZER]);
    expect(status).toMatchObject({
      observedGeneration: 1,
      recordUID: metadata.uid,
      remote: {
        userPoolId: pool.id,
        identifier: IDENTIFIER,
        accountId: '111122223333',
        origin: 'Created',
      },
      scopeCount: 1,
      scopeIdentifiers: [`${IDENTIFIER}/${SCOPE.name}`],
    });
    expect(status).not.toHaveProperty('pending');
    expect(pool.effects()).toEqual(['Create']);
  });

  test('is told of in one event, and in no other', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.untilEvent('Created');
    expect(await user.events()).toMatchObject([
      { type: 'Normal', reason: 'Created', note: expect.stringContaining(IDENTIFIER) },
    ]);
  });

  test('costs one call more in a pool that was swept', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.apply(aResourceServer().named('second').inPool(pool.id).identifiedAs('second'));
    await user.untilReady('second');
    expect(pool.calls('Create')).toHaveLength(2);
    expect(pool.calls('Describe')).toEqual([]);
  });

  test('gets the name of the resource when it has none', async ({ user, pool }) => {
    const nameless = aResourceServer().named('nameless').inPool(pool.id);
    await user.apply(nameless.spec({ name: undefined, scopes: undefined }));
    const { status } = await user.untilReady('nameless');
    expect(pool.server()).toMatchObject({ name: 'nameless', scopes: [] });
    expect(status).toMatchObject({ scopeCount: 0, scopeIdentifiers: [] });
  });

  test('is one of thirty that are created side by side', async ({ user, pool, house }) => {
    house.cognito.setQuota(pool.id, 30);
    const names = Array.from({ length: 30 }, (_, index) => `api-${index}`);
    const ofName = (name: string) =>
      aResourceServer().named(name).inPool(pool.id).identifiedAs(name);
    await Promise.all(names.map((name) => user.apply(ofName(name))));
    for (const name of names) await user.untilReady(name);
    expect(names.map((name) => pool.effects(name))).toEqual(names.map(() => ['Create']));
  });
});

describe.concurrent('the status of a resource', () => {
  test('keeps the conditions of others', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    const { status } = await user.untilReady();
    const foreign = {
      type: 'Backed',
      status: 'True',
      reason: 'ByOthers',
      message: 'somebody else says so',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    await user.editStatus({ conditions: [...(status?.conditions ?? []), foreign] });
    await user.requestSync('now');
    const after = await user.untilSynced('now');
    expect(after.status?.conditions).toEqual([...(status?.conditions ?? []), foreign]);
  });

  test('is written anew when somebody wrote it by hand', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    const { status } = await user.untilReady();
    const [ready] = status?.conditions ?? [];
    const lie = { ...ready, status: 'False', reason: 'Drifted', message: 'not so' };
    await user.editStatus({ conditions: [lie], scopeCount: 99 });
    const isRepaired = await user.until('the truth', (each) => each.status?.scopeCount === 1);
    expect(isRepaired.status?.conditions).toMatchObject([{ status: 'True', reason: 'Synced' }]);
  });
});
