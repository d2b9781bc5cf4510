/** Events as people see them: on each change of things, and not on each try. */
import { describe, expect } from 'vitest';
import { aResourceServer, FOREIGN } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import { waitFor } from '../support/wait.ts';

const test = testInSharedHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, resync: '1s' } });

const FAILING = {
  kind: 'error',
  name: 'InternalErrorException',
  message: 'oops',
  httpStatus: 500,
} as const;

describe.concurrent('the events of a resource', () => {
  test('tell a row of failures once, and how it ended', async ({ user, pool }) => {
    const failing = pool.fault('Create', FAILING, 4);
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(failing.hits).toBe(4);
    await user.untilEvent('Created');
    const events = await user.events();
    expect(events.map(({ reason }) => reason)).toEqual(['ProgressingWithRetry', 'Created']);
    expect(events.filter(({ series }) => series !== undefined)).toEqual([]);
  });

  test('tell a denial once, however often it is probed', async ({ user, pool }) => {
    const denial = pool.fault('Create', { kind: 'accessDenied' });
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReason('AccessDenied');
    await waitFor('probes', () => denial.hits >= 3);
    await user.untilEvent('AccessDenied');
    const events = await user.events();
    expect(events).toMatchObject([{ type: 'Warning', reason: 'AccessDenied' }]);
    expect(events[0]).not.toHaveProperty('series');
  });

  test('tell a life', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ name: 'Weather API 2' });
    await user.untilReady();
    pool.put(FOREIGN);
    await user.untilEvent('DriftCorrected');
    await user.untilReady();
    await user.pause();
    await user.untilEvent('Paused');
    await user.unpause();
    await user.untilReady();
    await user.untilEvent('Synced');
    await user.remove();
    await user.untilGone();
    await user.untilEvent('Deleted');
    expect(await user.eventReasons()).toEqual([
      'Created',
      'Updated',
      'DriftCorrected',
      'Paused',
      'Synced',
      'Deleted',
    ]);
    const types = new Set((await user.events()).map(({ type }) => type));
    expect(types).toEqual(new Set(['Normal']));
  });

  test('are warnings where somebody has to act', async ({ user, pool }) => {
    pool.put(FOREIGN);
    await user.apply(aResourceServer().inPool(pool.id));
    expect(await user.untilEvent('AlreadyExists')).toMatchObject({
      type: 'Warning',
      note: (await user.untilReason('AlreadyExists')).message,
      regarding: { uid: (await user.read()).metadata.uid },
    });
  });

  test('of ten edits in a row are Updates, and the last one wins', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    for (let edit = 1; edit <= 10; edit += 1) await user.editSpec({ name: `Weather API ${edit}` });
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ observedGeneration: 11 });
    expect(pool.server()).toMatchObject({ name: 'Weather API 10' });
    await user.untilEvent('Updated');
    expect(new Set(await user.eventReasons())).toEqual(new Set(['Created', 'Updated']));
  });
});
