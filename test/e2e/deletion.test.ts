/** What becomes of the resource server when its resource is deleted. */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT, FOREIGN } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import { conditionOf } from '../support/user.ts';

const test = testInSharedHouse(UNMETERED);

/** Sweeps are nobody's: they come and go by the clock. */
function callsSince(pool: Pool, before: number): readonly string[] {
  const since = pool.calls().slice(before);
  return since.map(({ operation }) => operation).filter((each) => each !== 'ListResourceServers');
}

describe.concurrent('deleting a resource', () => {
  test('deletes what it created, then lets go', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toBeUndefined();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
    await user.untilEvent('Deleted');
    expect(await user.eventReasons()).toEqual(['Created', 'Deleted']);
  });

  test('deletes what it created although it has drifted', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.put(FOREIGN);
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toBeUndefined();
  });

  test('deletes what a Describe did not find and a List shows', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilAtRest();
    const name = 'ResourceNotFoundException';
    const hidden = { kind: 'error', name, message: 'under the credentials before' } as const;
    pool.fault('Describe', hidden, 1);
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('leaves alone what it adopted, without a call', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const before = pool.calls().length;
    await user.remove();
    await user.untilGone();
    expect(callsSince(pool, before)).toEqual([]);
    expect(pool.server()).toMatchObject(CONTENT);
    expect((await user.untilEvent('Retained')).note).toContain('it was adopted');
  });

  test('deletes what it adopted when the policy is Delete', async ({ user, pool }) => {
    pool.put(CONTENT);
    await user.apply(aResourceServer().inPool(pool.id).deletedBy('Delete'));
    await user.untilReady();
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Delete']);
  });

  test('leaves all alone when the policy is Retain, without a call', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id).deletedBy('Retain'));
    await user.untilReady();
    const before = pool.calls().length;
    await user.remove();
    await user.untilGone();
    expect(callsSince(pool, before)).toEqual([]);
    expect(pool.server()).toMatchObject(CONTENT);
    expect((await user.untilEvent('Retained')).note).toContain('`deletionPolicy` is Retain');
  });

  test('leaves alone what it was refused, without a call', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id).deletedBy('Delete'));
    await user.untilReason('AlreadyExists');
    const before = pool.calls().length;
    await user.remove();
    await user.untilGone();
    expect(callsSince(pool, before)).toEqual([]);
    expect(pool.server()).toMatchObject(FOREIGN);
  });

  test('ends when somebody deleted the server before', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.drop();
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create']);
    expect(pool.calls('Describe')).not.toEqual([]);
    expect(pool.calls('List').length).toBeGreaterThan(1);
  });

  test('ends when somebody deletes the server just before us', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const holding = pool.hold('Delete');
    await user.remove();
    const held = await holding;
    pool.drop();
    held.release();
    await user.untilGone();
    expect(pool.server()).toBeUndefined();
  });

  test('takes our finalizer away, and not those of others', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    const { metadata } = await user.untilReady();
    const finalizers = ['example.com/backup', ...(metadata.finalizers ?? [])];
    await user.edit({ metadata: { finalizers } });
    await user.remove();
    const isAlone = await user.until(
      'one finalizer',
      (stored) => stored.metadata.finalizers?.length === 1,
    );
    expect(isAlone.metadata.finalizers).toEqual(['example.com/backup']);
    expect(pool.server()).toBeUndefined();
    await user.edit({ metadata: { finalizers: [] } });
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('before anything was created leaves nothing behind', async ({ user, pool }) => {
    const holding = pool.hold('Create');
    await user.apply(aResourceServer().inPool(pool.id));
    const held = await holding;
    await user.remove();
    held.release();
    await user.untilGone();
    expect(pool.server()).toBeUndefined();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('and creating it again at once ends with a new server', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.remove();
    await user.untilGone();
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create', 'Delete', 'Create']);
  });
});

describe.concurrent('a deletion that Cognito does not let happen', () => {
  test('says why, and ends when it may', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const denial = pool.fault('Delete', { kind: 'accessDenied' });
    await user.remove();
    await user.until('the reason', (stored) =>
      /cognito-idp:DeleteResourceServer/.test(conditionOf(stored, 'Ready')?.message ?? ''),
    );
    expect(await user.condition('Ready')).toMatchObject({ status: 'False', reason: 'Deleting' });
    expect(await user.condition('Reconciling')).toMatchObject({ status: 'True' });
    denial.clear();
    await user.requestSync('now');
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('ends at once when the policy becomes Retain', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.fault('Delete', { kind: 'accessDenied' });
    await user.remove();
    await user.untilReason('Deleting');
    await user.editSpec({ deletionPolicy: 'Retain' });
    await user.untilGone();
    expect(pool.server()).toMatchObject(CONTENT);
    await user.untilEvent('Retained');
  });

  test('goes on after errors of Cognito', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const failing = { kind: 'error', name: 'InternalErrorException', message: 'oops' } as const;
    pool.fault('Delete', { ...failing, httpStatus: 500 }, 2);
    pool.fault('Describe', { ...failing, httpStatus: 500 }, 2);
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });
});
