import { describe, expect, test } from 'vitest';
import { settled } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';
import { startReflector } from './reflector-stage.ts';
import { added, bookmark, broken, deleted, modified, object, refusal } from './scripted-feed.ts';

const never = new AbortController().signal;

describe('a list', () => {
  test('is read page by page and applied whole, then watched from where it was made', async () => {
    const stage = startReflector({ settings: { pageSize: 2 } });
    await settled();
    expect(stage.list().request).toEqual({ limit: 2, continueToken: undefined });
    stage.list().page('10', [object('x', '1'), object('y', '2')], 'page 2');
    await settled();
    expect(stage.contents()).toEqual([]);
    expect(stage.reflector.health()).toMatchObject({ synced: false, state: 'Listing' });
    expect(stage.list().request).toEqual({ limit: 2, continueToken: 'page 2' });
    stage.list().page('10', [object('z', '3')]);
    await settled();
    expect(stage.contents()).toEqual(['a/x@1', 'a/y@2', 'a/z@3']);
    expect(stage.batches).toHaveLength(1);
    expect(stage.watch().request).toMatchObject({
      resourceVersion: '10',
      sendInitialEvents: false,
    });
    expect(stage.reflector.health()).toMatchObject({ synced: true, state: 'Watching' });
    await stage.stop();
  });

  test('whose pages differ in age is watched from the oldest', async () => {
    const stage = startReflector();
    await settled();
    stage.list().page('10', [], 'page 2');
    await settled();
    stage.list().page('12', []);
    await settled();
    expect(stage.watch().request.resourceVersion).toBe('10');
    await stage.stop();
  });

  test('that expires between two pages starts again from the first, without a pause', async () => {
    const stage = startReflector();
    await settled();
    stage.list().page('10', [object('x', '1')], 'page 2');
    await settled();
    stage.list().refuseWith(410);
    await settled();
    expect(stage.list().request.continueToken).toBeUndefined();
    stage.list().page('20', [object('y', '2')]);
    await settled();
    expect(stage.contents()).toEqual(['a/y@2']);
    await stage.stop();
  });

  test('of which a page stays unanswered is given up after its deadline and asked again', async () => {
    const stage = startReflector({ settings: { listDeadlineMs: 30_000 } });
    await stage.clock.advance(30_000);
    expect(stage.feed.lists[0]?.signal.aborted).toBe(true);
    await stage.clock.advance(400);
    expect(stage.feed.lists).toHaveLength(2);
    await stage.stop();
  });

  test('counts and skips what cannot be identified', async () => {
    const stage = startReflector();
    await settled();
    stage.list().page('10', [{}, { metadata: { name: 'x' } }, object('y', '2')]);
    await settled();
    stage.watch().say({ kind: 'Modified', object: { metadata: null } }, modified('y', '11'));
    await settled();
    expect(stage.contents()).toEqual(['a/y@11']);
    expect(stage.witness.metric('cognito_operator_unidentified_objects_total{}')).toBe(3);
    await stage.stop();
  });

  test('of one namespace replaces that namespace alone', async () => {
    const stage = startReflector({ scope: 'a' });
    stage.store.observe('Upsert', { key: 'b/x', uid: 'u', resourceVersion: '5' });
    await stage.listed('y');
    expect(stage.contents()).toEqual(['a/y@1', 'b/x@5']);
    await stage.stop();
  });
});

describe('a watch', () => {
  test('tells additions, changes and deletions, each in a batch of its own', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(added('y', '11'), modified('x', '12'), deleted('y', '13'));
    await settled();
    expect(stage.contents()).toEqual(['a/x@12']);
    expect(stage.batches).toHaveLength(4);
    await stage.stop();
  });

  test('that ends cleanly goes on from its last event, at once and without a list', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(modified('x', '12'));
    await stage.clock.advance(60_000);
    watch.close();
    await settled();
    expect(stage.feed.watches).toHaveLength(2);
    expect(stage.watch().request.resourceVersion).toBe('12');
    expect(stage.feed.lists).toHaveLength(1);
    await stage.stop();
  });

  test('goes on from a bookmark that came after the last event', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(modified('x', '12'), bookmark('40'));
    await settled();
    watch.say(broken());
    await stage.clock.advance(400);
    expect(stage.watch().request.resourceVersion).toBe('40');
    await stage.stop();
  });

  test('asks the server to end it after 240 to 300 seconds, as chance has it', async () => {
    const low = startReflector({ chance: createLoadedChance(0) });
    const high = startReflector({ chance: createLoadedChance(0.999_999) });
    expect((await low.listed()).request.timeoutSeconds).toBe(240);
    expect((await high.listed()).request.timeoutSeconds).toBe(300);
    await low.stop();
    await high.stop();
  });

  test('that goes back in time is left for a new list, and the frame is not applied', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(modified('x', '12'), modified('x', '7'));
    await settled();
    expect(stage.contents()).toEqual(['a/x@12']);
    expect(watch.isOpen).toBe(false);
    expect(stage.feed.lists).toHaveLength(2);
    stage.list().page('8', [object('x', '7')]);
    await settled();
    expect(stage.contents()).toEqual(['a/x@7']);
    await stage.stop();
  });

  test('a bookmark that goes back in time does the same', async () => {
    const stage = startReflector();
    (await stage.listed('x')).say(bookmark('9'));
    await settled();
    expect(stage.feed.lists).toHaveLength(2);
    await stage.stop();
  });

  test('a list after a lost watch finds what was deleted and re-created meanwhile', async () => {
    const stage = startReflector();
    const watch = await stage.listed('gone', 'x');
    watch.say(refusal(410, 'Expired'));
    await settled();
    stage.list().page('20', [object('x', '15', 'another uid')]);
    await settled();
    expect(stage.batches.at(-1)?.map(({ before, after }) => [before?.uid, after?.uid])).toEqual([
      ['uid-of-gone', undefined],
      ['uid-of-x', undefined],
      [undefined, 'another uid'],
    ]);
    await stage.stop();
  });

  test('an echo of our own write is no change', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    stage.store.wrote({ key: 'a/x', uid: 'uid-of-x', resourceVersion: '12' });
    watch.say(modified('x', '11'), modified('x', '12'));
    await settled();
    expect(stage.batches).toHaveLength(1);
    expect(stage.contents()).toEqual(['a/x@12']);
    await stage.stop();
  });
});

describe('a stop', () => {
  test('before the start lists nothing', async () => {
    const stage = startReflector({ signal: AbortSignal.abort() });
    await stage.stop();
    expect(stage.feed.lists).toHaveLength(0);
    expect(stage.reflector.health().state).toBe('Stopped');
  });

  test('is final: a reflector runs once', async () => {
    const stage = startReflector();
    const again = stage.reflector.changes(never)[Symbol.asyncIterator]();
    await expect(again.next()).rejects.toThrow('a reflector runs once');
    await stage.stop();
  });

  test('during a list ends at once, and nothing is watched afterwards', async () => {
    const stage = startReflector();
    await settled();
    await stage.stop();
    expect(stage.list().signal.aborted).toBe(true);
    expect(stage.feed.watches).toHaveLength(0);
    expect(stage.clock.timers).toBe(0);
  });

  test('during a watch closes it', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    await stage.stop();
    expect(watch.isOpen).toBe(false);
    expect(stage.clock.timers).toBe(0);
  });

  test('during a pause ends it, and nothing is asked afterwards', async () => {
    const stage = startReflector();
    await settled();
    stage.list().refuseWith(500);
    await settled();
    expect(stage.reflector.health().state).toBe('BackingOff');
    await stage.stop();
    expect(stage.feed.lists).toHaveLength(1);
    expect(stage.clock.timers).toBe(0);
  });

  test('by a consumer that leaves closes the watch too', async () => {
    const stage = startReflector({ consumes: 2 });
    const watch = await stage.listed('x');
    watch.say(modified('x', '11'));
    await settled();
    expect(watch.isOpen).toBe(false);
    expect(stage.reflector.health().state).toBe('Stopped');
    expect(stage.clock.timers).toBe(0);
  });
});

describe('listing anew', () => {
  test('drops the watch and lists, with the resourceVersion unset', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    stage.reflector.relist();
    await settled();
    expect(watch.isOpen).toBe(false);
    expect(stage.list().request.continueToken).toBeUndefined();
    stage.list().page('20', [object('x', '15')]);
    await settled();
    expect(stage.watch().request.resourceVersion).toBe('20');
    await stage.stop();
  });

  test('starts a list that is under way again', async () => {
    const stage = startReflector();
    await settled();
    stage.reflector.relist();
    await settled();
    expect(stage.feed.lists.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await stage.stop();
  });

  test('waits for a pause that is under way', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(refusal(429, 'TooManyRequests', 5_000));
    await settled();
    stage.reflector.relist();
    await stage.clock.advance(4_999);
    expect(stage.feed.lists).toHaveLength(1);
    await stage.clock.advance(1);
    expect(stage.feed.lists).toHaveLength(2);
    await stage.stop();
  });

  test('can be waited for: a list that was asked for earlier does not count', async () => {
    const stage = startReflector();
    await settled();
    const firstList = stage.list();
    await stage.clock.advance(5);
    let listed: boolean | undefined;
    const waiting = stage.reflector
      .listedAfter(stage.clock.monotonicMs(), never)
      .then((isListed) => (listed = isListed));
    firstList.page('10', []);
    await settled();
    expect(stage.reflector.health()).toMatchObject({ synced: true, listedAtMs: 1_000 });
    expect(listed).toBeUndefined();
    stage.reflector.relist();
    await settled();
    stage.list().page('11', []);
    await waiting;
    expect(listed).toBe(true);
    expect(stage.reflector.health().listedAtMs).toBe(1_005);
    await stage.stop();
  });

  test('is over only when the consumer has taken its changes', async () => {
    const stage = startReflector();
    await settled();
    const waiting = stage.reflector
      .listedAfter(0, never)
      .then(() => expect(stage.batches).toHaveLength(1));
    stage.list().page('10', [object('x', '1')]);
    await waiting;
    await stage.stop();
  });

  test('that has happened already is not waited for', async () => {
    const stage = startReflector();
    await stage.listed('x');
    expect(await stage.reflector.listedAfter(1_000, never)).toBe(true);
    await stage.stop();
  });

  test('is waited for in vain when the waiting or the reflector is stopped', async () => {
    const stage = startReflector();
    await settled();
    const patience = new AbortController();
    const first = stage.reflector.listedAfter(0, patience.signal);
    const second = stage.reflector.listedAfter(0, never);
    patience.abort();
    expect(await first).toBe(false);
    expect(await stage.reflector.listedAfter(0, patience.signal)).toBe(false);
    await stage.stop();
    expect(await second).toBe(false);
    expect(await stage.reflector.listedAfter(0, never)).toBe(false);
  });
});
