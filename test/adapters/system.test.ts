import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createSystemChance, createSystemClock } from '../../src/adapters/system.ts';

const clock = createSystemClock();
const never = new AbortController().signal;
const HOUR_MS = 3_600_000;

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

describe('the system clock', () => {
  test('tells wall time in milliseconds since 1970', () => {
    expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(60_000);
  });

  test('writes the same as RFC 3339, in UTC', () => {
    const timestamp = clock.timestamp();
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(clock.wallMs() - Date.parse(timestamp))).toBeLessThan(60_000);
  });

  test('never runs backwards', () => {
    const before = clock.monotonicMs();
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(before);
  });

  test('sleeps for the time it was given', async () => {
    const before = clock.monotonicMs();
    await clock.sleep(20, never);
    // Node counts timers in whole milliseconds and may be one early.
    expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(19);
  });

  test('wakes at once when aborted, and leaves no timer and no listener', async () => {
    const before = timers();
    const stop = new AbortController();
    const sleeping = clock.sleep(HOUR_MS, stop.signal);
    expect(timers()).toBe(before + 1);
    stop.abort();
    await sleeping;
    expect(timers()).toBe(before);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  test('does not fall asleep on a signal that is aborted already', async () => {
    const before = timers();
    const sleeping = clock.sleep(HOUR_MS, AbortSignal.abort());
    expect(timers()).toBe(before);
    await sleeping;
  });

  test('does not take a wait that is too long for a timer as none at all', async () => {
    const stop = new AbortController();
    const sleeping = clock.sleep(1e12, stop.signal).then(() => 'awake');
    await clock.sleep(5, never);
    expect(await Promise.race([sleeping, Promise.resolve('asleep')])).toBe('asleep');
    stop.abort();
    await sleeping;
  });
});

describe('a deadline', () => {
  test('aborts with a TimeoutError when its time has passed', async () => {
    const { signal } = clock.deadline(5, never);
    await clock.sleep(HOUR_MS, signal);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError', message: 'no answer in 5 ms' });
  });

  test("aborts with its parent, for the parent's reason", () => {
    const before = timers();
    const parent = new AbortController();
    const { signal } = clock.deadline(HOUR_MS, parent.signal);
    expect(signal.aborted).toBe(false);
    parent.abort('lease lost');
    expect(signal.reason).toBe('lease lost');
    expect(timers()).toBe(before);
  });

  test('is aborted from the start under an aborted parent', () => {
    const before = timers();
    const { signal } = clock.deadline(HOUR_MS, AbortSignal.abort('over'));
    expect(signal.reason).toBe('over');
    expect(timers()).toBe(before);
  });

  test('never aborts once cancelled, and leaves nothing on its parent', () => {
    const before = timers();
    const parent = new AbortController();
    const { signal, cancel } = clock.deadline(HOUR_MS, parent.signal);
    cancel();
    cancel();
    expect(timers()).toBe(before);
    expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
    parent.abort();
    expect(signal.aborted).toBe(false);
  });
});

describe('system chance', () => {
  const chance = createSystemChance();

  test('rolls in [0, 1), differently each time', () => {
    const rolls = Array.from({ length: 100 }, () => chance.roll());
    expect(rolls.every((roll) => roll >= 0 && roll < 1)).toBe(true);
    expect(new Set(rolls).size).toBeGreaterThan(90);
  });

  test('makes UUIDs that differ', () => {
    expect(chance.uuid()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(chance.uuid()).not.toBe(chance.uuid());
  });
});
