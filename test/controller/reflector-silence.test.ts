import { describe, expect, test } from 'vitest';
import { settled } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';
import { startReflector } from './reflector-stage.ts';
import { bookmark, broken, modified } from './scripted-feed.ts';

const IDLE_MS = 80_000;
/** The longest watch asked for, and the grace of the server. */
const LIFE_MS = 310_000;
const LATEST = createLoadedChance(0.999_999);

describe('a silent watch', () => {
  test('is noticed and opened anew from the same place within 90 seconds', async () => {
    const stage = startReflector({ chance: LATEST });
    const watch = await stage.listed('x');
    watch.say(modified('x', '12'));
    await stage.clock.advance(IDLE_MS);
    expect(watch.isOpen).toBe(false);
    await stage.clock.advance(10_000);
    expect(stage.feed.watches).toHaveLength(2);
    expect(stage.watch().request.resourceVersion).toBe('12');
    expect(stage.feed.lists).toHaveLength(1);
    expect(stage.witness.metric('cognito_operator_watch_reconnects_total{Idle}')).toBe(1);
    await stage.stop();
  });

  test('is kept alive by any frame, bookmarks among them', async () => {
    const stage = startReflector({ chance: LATEST });
    const watch = await stage.listed('x');
    for (let minutes = 1; minutes <= 3; minutes += 1) {
      await stage.clock.advance(60_000);
      watch.say(bookmark(String(10 + minutes)));
    }
    await stage.clock.advance(IDLE_MS - 1);
    expect(watch.isOpen).toBe(true);
    expect(stage.feed.watches).toHaveLength(1);
    await stage.stop();
  });

  test('is borne after two in a row from a server that never sent a bookmark', async () => {
    const stage = startReflector({ chance: LATEST });
    await stage.listed('x');
    for (let silences = 0; silences < 2; silences += 1) await stage.clock.advance(IDLE_MS + 2_000);
    expect(stage.feed.watches).toHaveLength(3);
    await stage.clock.advance(LIFE_MS - 10_000);
    expect(stage.feed.watches).toHaveLength(3);
    stage.watch().close();
    await settled();
    await stage.clock.advance(LIFE_MS - 10_000);
    expect(stage.feed.watches).toHaveLength(4);
    await stage.stop();
  });

  test('is not borne any more once such a server sends a bookmark after all', async () => {
    const stage = startReflector({ chance: LATEST });
    await stage.listed('x');
    for (let silences = 0; silences < 2; silences += 1) await stage.clock.advance(IDLE_MS + 2_000);
    stage.watch().say(bookmark('11'));
    await stage.clock.advance(LIFE_MS - 5_000);
    stage.watch().close();
    await settled();
    const watch = stage.watch();
    await stage.clock.advance(IDLE_MS);
    expect(watch.isOpen).toBe(false);
    await stage.stop();
  });

  test('is not borne when another end came between two silences', async () => {
    const stage = startReflector({ chance: LATEST });
    await stage.listed('x');
    await stage.clock.advance(IDLE_MS + 2_000);
    stage.watch().say(broken());
    await stage.clock.advance(2_000);
    await stage.clock.advance(IDLE_MS + 4_000);
    const watch = stage.watch();
    await stage.clock.advance(IDLE_MS);
    expect(watch.isOpen).toBe(false);
    await stage.stop();
  });

  test('is never borne from a server that sends bookmarks', async () => {
    const stage = startReflector({ chance: LATEST });
    (await stage.listed('x')).say(bookmark('11'));
    for (let silences = 0; silences < 5; silences += 1) {
      const watch = stage.watch();
      await stage.clock.advance(IDLE_MS);
      expect(watch.isOpen).toBe(false);
      await stage.clock.advance(30_000);
    }
    await stage.stop();
  });
});

describe('a watch that the server forgets to end', () => {
  test('is ended ten seconds after its time, however talkative', async () => {
    const stage = startReflector({ chance: LATEST });
    const watch = await stage.listed('x');
    for (let minutes = 1; minutes <= 5; minutes += 1) {
      await stage.clock.advance(60_000);
      watch.say(bookmark(String(10 + minutes)));
    }
    await stage.clock.advance(9_999);
    expect(watch.isOpen).toBe(true);
    await stage.clock.advance(1);
    expect(watch.isOpen).toBe(false);
    await stage.clock.advance(1_000);
    expect(stage.watch().request.resourceVersion).toBe('15');
    await stage.stop();
  });
});
