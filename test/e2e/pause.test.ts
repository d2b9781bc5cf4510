/** The annotation `paused: "true"` stops every write to Cognito, in life and in deletion. */
import { describe, expect } from 'vitest';
import { PAUSED_ANNOTATION } from '../../src/api/names.ts';
import { aResourceServer, CONTENT, FOREIGN } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import { conditionOf } from '../support/user.ts';

const test = testInSharedHouse({ ...UNMETERED, flags: { ...UNMETERED.flags, resync: '1s' } });

const isPaused = (stored: Parameters<typeof conditionOf>[0]) =>
  conditionOf(stored, 'Paused')?.status === 'True';

describe.concurrent('a paused resource', () => {
  test('is created when the pause is over', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id).paused());
    const stored = await user.until('Paused=True', isPaused);
    expect(conditionOf(stored, 'Ready')).toMatchObject({ status: 'Unknown', reason: 'Paused' });
    expect(pool.calls('Create')).toEqual([]);
    await user.unpause();
    const { status } = await user.untilReady();
    expect(status?.conditions?.map(({ type }) => type)).toEqual(['Ready']);
    expect(pool.effects()).toEqual(['Create']);
  });

  test('stays as ready as it was', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.pause();
    const stored = await user.until('Paused=True', isPaused);
    expect(conditionOf(stored, 'Ready')).toMatchObject({ status: 'True', reason: 'Paused' });
    await user.unpause();
    await user.untilReady();
  });

  test('is neither edited nor repaired, and catches up later', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.pause();
    await user.until('Paused=True', isPaused);
    pool.put(FOREIGN);
    await user.editSpec({ name: 'Weather API 2' });
    await user.until(
      'Paused for generation 2',
      (stored) => conditionOf(stored, 'Paused')?.observedGeneration === 2,
    );
    await pool.untilSwept();
    expect(pool.effects()).toEqual(['Create']);
    const stored = await user.read();
    expect(stored.status?.observedGeneration).toBe(1);
    expect(conditionOf(stored, 'Ready')).toMatchObject({ observedGeneration: 1 });
    await user.unpause();
    await user.untilReady();
    expect(pool.server()).toMatchObject({ name: 'Weather API 2' });
    expect(pool.effects()).toEqual(['Create', 'Update']);
  });

  test('is deleted when the pause is over', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.pause();
    await user.until('Paused=True', isPaused);
    await user.remove();
    expect((await user.untilReason('DeletionBlocked')).message).toContain(PAUSED_ANNOTATION);
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
    expect(pool.server()).toMatchObject(CONTENT);
    await user.unpause();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('is let go when its policy is Retain', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id).deletedBy('Retain'));
    await user.untilReady();
    await user.pause();
    await user.until('Paused=True', isPaused);
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toMatchObject(CONTENT);
  });
});

describe.concurrent('any other value of the annotation', () => {
  test('pauses nothing and warns once', async ({ user, pool }) => {
    const odd = aResourceServer()
      .inPool(pool.id)
      .annotated({ [PAUSED_ANNOTATION]: 'yes' });
    await user.apply(odd);
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
    expect(await user.untilEvent('InvalidAnnotation')).toMatchObject({ type: 'Warning' });
    for (const request of ['one', 'two', 'three']) {
      await user.requestSync(request);
      await user.untilSynced(request);
    }
    await user.remove();
    await user.untilGone();
    await user.untilEvent('Deleted');
    const warnings = (await user.events()).filter(({ reason }) => reason === 'InvalidAnnotation');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toHaveProperty('series');
  });
});
