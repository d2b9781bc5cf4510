import { describe, expect, test } from 'vitest';
import { settled } from '../support/fake-clock.ts';
import { startReflector } from './reflector-stage.ts';
import {
  added,
  bookmark,
  broken,
  deleted,
  initialEventsEnd,
  modified,
  object,
  refusal,
} from './scripted-feed.ts';

const never = new AbortController().signal;

async function startWatchList() {
  const stage = startReflector({ settings: { watchList: true } });
  await settled();
  return stage;
}

describe('the initial state by a watch', () => {
  test('is asked for without a resourceVersion and applied whole at its bookmark', async () => {
    const stage = await startWatchList();
    expect(stage.feed.lists).toHaveLength(0);
    expect(stage.watch().request).toMatchObject({ resourceVersion: '', sendInitialEvents: true });
    stage.watch().say(added('x', '9'), added('y', '3'), modified('x', '11'), added('z', '4'));
    stage.watch().say(deleted('z', '12'), bookmark('13'));
    await settled();
    expect(stage.contents()).toEqual([]);
    expect(stage.reflector.health()).toMatchObject({ synced: false, state: 'InitialWatch' });
    stage.watch().say(initialEventsEnd('20'));
    await settled();
    expect(stage.contents()).toEqual(['a/x@11', 'a/y@3']);
    expect(stage.reflector.health()).toMatchObject({ synced: true, state: 'Watching' });
    await stage.stop();
  });

  test('goes on as a watch in the same stream', async () => {
    const stage = await startWatchList();
    stage.watch().say(added('x', '9'), initialEventsEnd('20'), modified('x', '21'));
    await settled();
    expect(stage.contents()).toEqual(['a/x@21']);
    expect(stage.feed.watches).toHaveLength(1);
    stage.watch().say(broken());
    await stage.clock.advance(400);
    const { request } = stage.watch();
    expect(request).toMatchObject({ resourceVersion: '21', sendInitialEvents: false });
    await stage.stop();
  });

  test('counts as a list for whoever waits for one', async () => {
    const stage = await startWatchList();
    const waiting = stage.reflector.listedAfter(1_000, never);
    await stage.clock.advance(5);
    stage.watch().say(initialEventsEnd('20'));
    expect(await waiting).toBe(true);
    expect(stage.reflector.health().listedAtMs).toBe(1_000);
    await stage.stop();
  });

  test('is asked for again when the watch expires', async () => {
    const stage = await startWatchList();
    stage.watch().say(added('x', '9'), initialEventsEnd('20'), refusal(410, 'Expired'));
    await settled();
    expect(stage.watch().request.sendInitialEvents).toBe(true);
    expect(stage.feed.lists).toHaveLength(0);
    await stage.stop();
  });

  test('is dropped and asked for again by relist, before and after its end', async () => {
    const stage = await startWatchList();
    stage.reflector.relist();
    await settled();
    stage.watch().say(initialEventsEnd('20'));
    await settled();
    stage.reflector.relist();
    await settled();
    expect(stage.feed.watches.map(({ isOpen }) => isOpen)).toEqual([false, false, true]);
    expect(stage.feed.watches.every(({ request }) => request.sendInitialEvents)).toBe(true);
    await stage.stop();
  });

  test('has no time limit once it is over', async () => {
    const stage = await startWatchList();
    stage.watch().say(initialEventsEnd('20'));
    await stage.clock.advance(79_000);
    expect(stage.watch().isOpen).toBe(true);
    expect(stage.feed.watches).toHaveLength(1);
    await stage.stop();
  });

  test('is left at once by a stop', async () => {
    const stage = await startWatchList();
    await stage.stop();
    expect(stage.watch().isOpen).toBe(false);
    expect(stage.clock.timers).toBe(0);
  });
});

describe('a server that does not stream lists', () => {
  test.each([400, 422])('and says %i is asked for pages, for good', async (status) => {
    const stage = await startWatchList();
    stage.watch().say(refusal(status, 'Invalid'));
    await settled();
    stage.list().page('10', [object('x', '1')]);
    await settled();
    expect(stage.contents()).toEqual(['a/x@1']);
    stage.watch().say(refusal(410, 'Expired'));
    await settled();
    expect(stage.feed.lists).toHaveLength(2);
    expect(stage.witness.loud()).toEqual([]);
    await stage.stop();
  });

  test('and never ends the initial events is asked for pages after the deadline', async () => {
    const stage = await startWatchList();
    stage.watch().say(added('x', '1'));
    await stage.clock.advance(29_999);
    stage.watch().say(modified('x', '12'));
    await stage.clock.advance(1);
    expect(stage.feed.watches[0]?.isOpen).toBe(false);
    expect(stage.feed.lists).toHaveLength(1);
    expect(stage.contents()).toEqual([]);
    await stage.stop();
  });
});

describe('an initial watch that fails', () => {
  test.each([
    ['breaks', broken()],
    ['is refused', refusal(500, 'InternalError')],
  ])('because it %s is replaced by pages this once', async (_name, frame) => {
    const stage = await startWatchList();
    stage.watch().say(added('x', '9'), frame);
    await stage.clock.advance(400);
    stage.list().page('10', [object('y', '1')]);
    await settled();
    expect(stage.contents()).toEqual(['a/y@1']);
    stage.reflector.relist();
    await settled();
    expect(stage.watch().request.sendInitialEvents).toBe(true);
    await stage.stop();
  });

  test('because it ends early is replaced by pages after a pause', async () => {
    const stage = await startWatchList();
    stage.watch().say(added('x', '9'));
    stage.watch().close();
    await settled();
    expect(stage.reflector.health().state).toBe('BackingOff');
    await stage.clock.advance(400);
    expect(stage.feed.lists).toHaveLength(1);
    await stage.stop();
  });
});
