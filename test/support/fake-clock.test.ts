import { expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.ts';
import { createSeededChance } from './seeded-chance.ts';

const { signal: never } = new AbortController();

test('sleepers wake in the order of their moments, and see the moment they slept for', async () => {
  const clock = createFakeClock();
  const woken: string[] = [];
  const sleeper = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms, never);
    woken.push(`${name} at ${clock.monotonicMs()}`);
  };
  const sleepers = [sleeper('b', 20), sleeper('a', 10), sleeper('c', 20)];
  await clock.advance(30);
  await Promise.all(sleepers);
  expect(woken).toEqual(['a at 10', 'b at 20', 'c at 20']);
  expect(clock.monotonicMs()).toBe(30);
});

test('a timer that is set on the way fires on the way', async () => {
  const clock = createFakeClock();
  const moments: number[] = [];
  const twice = async (): Promise<void> => {
    await clock.sleep(10, never);
    await clock.sleep(10, never);
    moments.push(clock.monotonicMs());
  };
  const done = twice();
  await clock.advance(100);
  await done;
  expect(moments).toEqual([20]);
});

test('a sleeper wakes at once when its signal aborts, and leaves no timer behind', async () => {
  const clock = createFakeClock();
  const stop = new AbortController();
  const asleep = clock.sleep(1_000, stop.signal);
  stop.abort();
  await asleep;
  await clock.sleep(1_000, stop.signal);
  expect([clock.monotonicMs(), clock.timers]).toEqual([0, 0]);
});

test('a deadline aborts at its moment or with its parent, unless cancelled', async () => {
  const clock = createFakeClock();
  const parent = new AbortController();
  const passed = clock.deadline(10, parent.signal);
  const cancelled = clock.deadline(10, parent.signal);
  cancelled.cancel();
  await clock.advance(10);
  expect([passed.signal.aborted, cancelled.signal.aborted]).toEqual([true, false]);
  parent.abort();
  expect(cancelled.signal.aborted).toBe(true);
  expect(clock.timers).toBe(0);
});

test('the same seed rolls the same numbers and another seed does not', () => {
  expect(rolls(7)).toEqual(rolls(7));
  expect(rolls(7)).not.toEqual(rolls(8));
  expect(rolls(7).every((roll) => roll >= 0 && roll < 1)).toBe(true);
  expect(createSeededChance(7).uuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

function rolls(seed: number): readonly number[] {
  const chance = createSeededChance(seed);
  return Array.from({ length: 50 }, () => chance.roll());
}
