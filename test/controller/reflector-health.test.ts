import { describe, expect, test } from 'vitest';
import { settled } from '../support/fake-clock.ts';
import { startReflector } from './reflector-stage.ts';
import { bookmark, broken } from './scripted-feed.ts';

describe('health', () => {
  test('tells the last sign of life, whatever it was', async () => {
    const stage = startReflector();
    expect(stage.reflector.health().lastFrameAtMs).toBeUndefined();
    const watch = await stage.listed('x');
    await stage.clock.advance(60_000);
    watch.say(bookmark('11'));
    await settled();
    expect(stage.reflector.health().lastFrameAtMs).toBe(61_000);
    await stage.stop();
  });

  test('tells of a watch that the server cut, and not of one that lived out its time', async () => {
    const stage = startReflector({ settings: { idleMs: 1_000_000 } });
    const first = await stage.listed('x');
    await stage.clock.advance(300_000);
    first.close();
    await settled();
    expect(stage.reflector.health().cutAtMs).toBeUndefined();
    await stage.clock.advance(5_000);
    stage.watch().close();
    await settled();
    expect(stage.reflector.health().cutAtMs).toBe(306_000);
    await stage.stop();
  });

  test('tells of a cut when another watch is open: what changed in between is in no watch', async () => {
    const stage = startReflector();
    const first = await stage.listed('x');
    await stage.clock.advance(5_000);
    first.say(broken('reset'));
    await settled();
    expect(stage.watch()).toBe(first);
    await stage.clock.advance(10_000);
    expect(stage.watch()).not.toBe(first);
    expect(stage.reflector.health().cutAtMs).toBe(6_400);
    await stage.stop();
  });
});
