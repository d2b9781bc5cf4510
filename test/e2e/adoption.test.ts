/** What exists, and no record says that it is ours: adopted, or left alone, as the policy says. */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT, FOREIGN, IDENTIFIER } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';

const test = testInSharedHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, resync: '1s' } });

describe.concurrent('a resource server that is there already', () => {
  test('is adopted by IfMatching when it is equal', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id));
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ remote: { origin: 'Adopted' } });
    expect(pool.effects()).toEqual([]);
    await user.untilEvent('Adopted');
    expect(await user.eventReasons()).toEqual(['Adopted']);
  });

  test('is left alone by IfMatching when it differs', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id));
    const ready = await user.untilReason('AlreadyExists');
    expect(ready.status).toBe('False');
    expect(ready.message).toContain(`name: is "${FOREIGN.name}", wanted "${CONTENT.name}"`);
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
    const { status } = await user.read();
    expect(status).not.toHaveProperty('remote');
    expect(status).not.toHaveProperty('recordUID');
    await pool.untilSwept();
    expect(pool.server()).toMatchObject(FOREIGN);
    await user.untilEvent('AlreadyExists');
    expect(await user.eventReasons()).toEqual(['AlreadyExists']);
  });

  test('is taken over by Always, and made equal', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id).adoptedBy('Always'));
    const { status } = await user.untilReady();
    expect(pool.server()).toMatchObject(CONTENT);
    expect(pool.effects()).toEqual(['Update']);
    expect(status).toMatchObject({ remote: { origin: 'Adopted' } });
    await user.untilEvent('Updated');
    expect(await user.eventReasons()).toEqual(['Adopted', 'Updated']);
  });

  test('is refused by Never, even when it is equal', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id).adoptedBy('Never'));
    expect((await user.untilReason('AlreadyExists')).message).toContain(
      '`adoptionPolicy` is Never',
    );
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
    expect(await user.status()).not.toHaveProperty('remote');
  });

  test('is adopted as soon as the policy allows it', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id).adoptedBy('Never'));
    await user.untilReason('AlreadyExists');
    await user.editSpec({ adoptionPolicy: 'IfMatching' });
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ remote: { origin: 'Adopted' } });
    expect(status?.conditions).toHaveLength(1);
    expect(pool.effects()).toEqual([]);
  });

  test('is taken over as soon as the policy says Always', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReason('AlreadyExists');
    await user.editSpec({ adoptionPolicy: 'Always' });
    await user.untilReady();
    expect(pool.server()).toMatchObject(CONTENT);
    expect(pool.effects()).toEqual(['Update']);
  });

  test('is adopted once the spec was made equal', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReason('AlreadyExists');
    await user.editSpec({ name: FOREIGN.name, scopes: [] });
    await user.untilReady();
    expect(pool.effects()).toEqual([]);
  });

  test('is adopted once somebody made it equal in the console', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReason('AlreadyExists');
    pool.put(CONTENT);
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ remote: { origin: 'Adopted' } });
    expect(pool.effects()).toEqual([]);
  });

  test('and was in the way is created once it is gone', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReason('AlreadyExists');
    pool.drop();
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ remote: { origin: 'Created' } });
    expect(pool.effects()).toEqual(['Create']);
  });

  test('stays adopted through an edit', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ name: 'Weather API 2' });
    const { status } = await user.untilReady();
    expect(pool.effects()).toEqual(['Update']);
    expect(status).toMatchObject({ remote: { origin: 'Adopted' } });
  });

  test('appears between our look and our Create, and is found', async ({ user, pool }) => {
    const holding = pool.hold('Create');
    await user.apply(aResourceServer().inPool(pool.id));
    const held = await holding;
    pool.put(FOREIGN);
    held.release();
    await user.untilReason('AlreadyExists');
    expect(await user.status()).not.toHaveProperty('remote');
    expect(pool.server()).toMatchObject(FOREIGN);
  });
});

describe.concurrent('a resource server that Cognito manages itself', () => {
  test('is never touched, whatever the policy', async ({ user, pool, house }) => {
    pool.put(FOREIGN);
    house.cognito.console.setManagedBy(pool.id, IDENTIFIER, 'COGNITO');
    await user.apply(aResourceServer().inPool(pool.id).adoptedBy('Always'));
    await user.untilReason('ManagedByCognito');
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
    await pool.untilSwept();
    expect(pool.calls().map(({ operation }) => operation)).not.toContain('UpdateResourceServer');
    await user.untilEvent('ManagedByCognito');
    expect(await user.eventReasons()).toEqual(['ManagedByCognito']);
  });

  test('is let go when it was ours before', async ({ user, pool, house }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    house.cognito.console.setManagedBy(pool.id, IDENTIFIER, 'COGNITO');
    await user.untilReason('ManagedByCognito');
    await user.editSpec({ name: 'Weather API 2' });
    await user.untilReason('ManagedByCognito');
    expect(pool.effects()).toEqual(['Create']);
    await user.remove();
    await user.untilReason('DeletionBlocked');
    await user.editSpec({ deletionPolicy: 'Retain' });
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create']);
  });
});
