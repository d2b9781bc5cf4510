/** Two resources name one resource server: one holds it, the other waits for it. */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';

const test = testInSharedHouse(UNMETERED);

const elder = aResourceServer().named('elder');
const younger = aResourceServer().named('younger').calling('The younger one');

describe.concurrent('the second resource of an identity', () => {
  test('is told who holds it, and calls nobody', async ({ user, pool }) => {
    await user.apply(elder.inPool(pool.id));
    await user.untilReady('elder');
    const before = pool.calls().length;
    await user.apply(younger.inPool(pool.id));
    const ready = await user.untilReason('IdentityTaken', 'younger');
    expect(ready.message).toContain(`\`${user.namespace}/elder\``);
    expect(await user.condition('Stalled', 'younger')).toMatchObject({ status: 'True' });
    await user.untilEvent('IdentityTaken', 'younger');
    const since = pool.calls().slice(before);
    expect(since.filter(({ operation }) => operation !== 'ListResourceServers')).toEqual([]);
    expect(pool.server()).toMatchObject(CONTENT);
  });

  test('is not told who holds it in another namespace', async ({ house, user, pool }) => {
    const other = await house.user('secretive');
    await other.apply(elder.inPool(pool.id));
    await other.untilReady('elder');
    await user.apply(younger.inPool(pool.id));
    const { message } = await user.untilReason('IdentityTaken', 'younger');
    expect(message).toContain('another namespace');
    expect(message).not.toContain('secretive');
    expect(message).not.toContain('elder');
  });

  test('is handed the server when the first is deleted', async ({ user, pool }) => {
    await user.apply(elder.inPool(pool.id));
    await user.untilReady('elder');
    await user.apply(younger.inPool(pool.id));
    await user.untilReason('IdentityTaken', 'younger');
    await user.remove('elder');
    await user.untilReady('younger');
    await user.untilGone('elder');
    const { note } = await user.untilEvent('HandedOver', 'elder');
    expect(note).toContain(`\`${user.namespace}/younger\``);
    expect(pool.server()).toMatchObject({ name: 'The younger one' });
    expect(pool.effects()).toEqual(['Create', 'Update']);
    await user.remove('younger');
    await user.untilGone('younger');
    expect(pool.effects()).toEqual(['Create', 'Update', 'Delete']);
  });

  test('of another namespace is handed nothing: it is created anew', async ({
    house,
    user,
    pool,
  }) => {
    const other = await house.user('neighbour');
    await user.apply(elder.inPool(pool.id));
    await user.untilReady('elder');
    await other.apply(younger.inPool(pool.id));
    await other.untilReason('IdentityTaken', 'younger');
    await user.remove('elder');
    await other.untilReady('younger');
    expect(pool.effects()).toEqual(['Create', 'Delete', 'Create']);
  });

  test('is waiting, not stalled, while the first is being deleted', async ({ user, pool }) => {
    await user.apply(elder.inPool(pool.id));
    await user.untilReady('elder');
    const holding = pool.hold('Delete');
    await user.remove('elder');
    const held = await holding;
    await user.apply(younger.inPool(pool.id));
    await user.untilReason('IdentityTaken', 'younger');
    expect(await user.condition('Reconciling', 'younger')).toMatchObject({ status: 'True' });
    expect(await user.condition('Stalled', 'younger')).toBeUndefined();
    held.release();
    await user.untilReady('younger');
    expect(pool.effects()).toEqual(['Create', 'Delete', 'Create']);
  });

  test('adopts what the first one left behind', async ({ user, pool }) => {
    await user.apply(elder.inPool(pool.id).deletedBy('Retain'));
    await user.untilReady('elder');
    await user.apply(younger.inPool(pool.id).calling(CONTENT.name));
    await user.untilReason('IdentityTaken', 'younger');
    await user.remove('elder');
    const { status } = await user.untilReady('younger');
    expect(status).toMatchObject({ remote: { origin: 'Adopted' } });
    expect(pool.effects()).toEqual(['Create']);
  });

  test('that is deleted leaves the server to the first', async ({ user, pool }) => {
    await user.apply(elder.inPool(pool.id));
    await user.untilReady('elder');
    await user.apply(younger.inPool(pool.id));
    await user.untilReason('IdentityTaken', 'younger');
    await user.remove('younger');
    await user.untilGone('younger');
    expect(await user.untilEvent('Retained', 'younger')).toMatchObject({ type: 'Normal' });
    await user.requestSync('still there?', 'elder');
    await user.untilSynced('still there?', 'elder');
    await user.untilReady('elder');
    expect(pool.effects()).toEqual(['Create']);
  });

  test('waits for a first one that is paused', async ({ user, pool }) => {
    await user.apply(elder.inPool(pool.id));
    await user.untilReady('elder');
    await user.pause('elder');
    await user.untilReason('Paused', 'elder');
    await user.apply(younger.inPool(pool.id));
    await user.untilReason('IdentityTaken', 'younger');
    await user.editSpec({ name: 'Mine now' }, 'younger');
    await user.untilReason('IdentityTaken', 'younger');
    expect(pool.effects()).toEqual(['Create']);
  });

  test('takes over from one that was paused before it owned anything', async ({ user, pool }) => {
    await user.apply(elder.inPool(pool.id).paused());
    await user.until('Paused', ({ status }) => status !== undefined, 'elder');
    await user.apply(younger.inPool(pool.id));
    await user.untilReady('younger');
    await user.unpause('elder');
    await user.untilReason('IdentityTaken', 'elder');
    expect(pool.server()).toMatchObject({ name: 'The younger one' });
  });
});

describe.concurrent('many resources of one identity', () => {
  test('created at once have one owner, and one Create', async ({ user, pool }) => {
    const names = Array.from({ length: 8 }, (_, index) => `rival-${index}`);
    await Promise.all(
      names.map((name) => user.apply(aResourceServer().named(name).inPool(pool.id))),
    );
    const stored = await Promise.all(
      names.map((name) =>
        user.until(
          'Synced or IdentityTaken',
          ({ status }) =>
            status?.conditions?.some(({ reason }) =>
              ['Synced', 'IdentityTaken'].includes(reason),
            ) === true,
          name,
        ),
      ),
    );
    const owners = stored.filter(({ status }) => status?.remote !== undefined);
    expect(owners).toHaveLength(1);
    expect(pool.effects()).toEqual(['Create']);
  });

  test('are owners one after the other as each is deleted', async ({ user, pool }) => {
    const names = ['first', 'second', 'third'];
    for (const name of names) {
      await user.apply(aResourceServer().named(name).inPool(pool.id).calling(name));
      await user.until('a status', ({ status }) => status?.conditions !== undefined, name);
    }
    await user.untilReady('first');
    await user.remove('first');
    await user.untilGone('first');
    const isOwned = async (name: string) => (await user.status(name)).remote !== undefined;
    await user.until('an owner', () => pool.server() !== undefined, 'second');
    await user.remove('second');
    await user.untilGone('second');
    await user.untilReady('third');
    expect(await isOwned('third')).toBe(true);
    expect(pool.server()).toMatchObject({ name: 'third' });
  });
});
