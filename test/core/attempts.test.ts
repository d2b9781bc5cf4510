import { describe, expect, test } from 'vitest';
import type { PendingRecord } from '../../src/api/resource-server.ts';
import {
  type Attempts,
  begin,
  converges,
  end,
  isValid,
  lateUntilMs,
  NO_ATTEMPTS,
  proven,
  UPDATES_MAX,
  updated,
} from '../../src/core/attempts.ts';
import type { Observation } from '../../src/core/view.ts';
import { LATE_MS } from '../support/builders.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UID = 'uid-1';
const STARTED = '2026-01-01T00:00:01.000Z';

function seenAt(requestedAtMs: number): Observation {
  return { kind: 'Absent', how: 'Swept', requestedAtMs, pool: 'Answers' };
}

const inFlight = begin(NO_ATTEMPTS, UID, STARTED);

describe('an observation', () => {
  test('is valid before the first mutation', () => {
    expect(isValid(seenAt(0), NO_ATTEMPTS)).toBe(true);
  });

  test('is worth nothing while a mutation is in flight', () => {
    expect(isValid(seenAt(1_000), inFlight)).toBe(false);
  });

  test.each([
    { at: 99, valid: false },
    { at: 100, valid: true },
    { at: 101, valid: true },
  ])('asked for at $at of a mutation that ended at 100 is valid: $valid', ({ at, valid }) => {
    for (const fate of ['Answered', 'Cleared', 'StaysUntilLate'] as const) {
      expect(isValid(seenAt(at), end(inFlight, fate, 100))).toBe(valid);
    }
  });

  test('asked for before it was told that a mutation had landed may not know of it', () => {
    const told = proven(end(inFlight, 'StaysUntilLate', 100), 200);
    expect(isValid(seenAt(199), told)).toBe(false);
    expect(isValid(seenAt(200), told)).toBe(true);
    expect(isValid(seenAt(199), proven(NO_ATTEMPTS, 200))).toBe(false);
  });

  test('is judged by whichever resource mutated last', () => {
    const other = end(begin(end(inFlight, 'Answered', 100), 'uid-2', STARTED), 'Answered', 200);
    expect(isValid(seenAt(150), other)).toBe(false);
  });
});

describe('until when a record may still land', () => {
  const pending: PendingRecord = {
    operation: 'Update',
    hash: '1:x',
    startTime: STARTED,
    instance: 'instance-1',
  };
  const term = { uid: UID, termStartedAtMs: 500, lateMs: LATE_MS };
  const ofTerm = term.termStartedAtMs + LATE_MS;

  test.each<{ name: string; attempts: Attempts; want: number; because: string }>([
    {
      name: 'of a former process',
      attempts: NO_ATTEMPTS,
      want: ofTerm,
      because: 'the former leader was stopped before this term began',
    },
    {
      name: 'of another attempt',
      attempts: end(begin(NO_ATTEMPTS, UID, 'another time'), 'StaysUntilLate', 9_000),
      want: ofTerm,
      because: 'what is remembered is not this one',
    },
    {
      name: 'of another object',
      attempts: end(begin(NO_ATTEMPTS, 'uid-2', STARTED), 'StaysUntilLate', 9_000),
      want: ofTerm,
      because: 'what is remembered is not this one',
    },
    {
      name: 'that was not answered',
      attempts: end(inFlight, 'StaysUntilLate', 9_000),
      want: 9_000 + LATE_MS,
      because: 'it is remembered when the attempt ended',
    },
    {
      name: 'that was answered badly',
      attempts: end(inFlight, 'StaysUntilDescribed', 9_000),
      want: 9_000,
      because: 'what was answered lands no more',
    },
    {
      name: 'that was answered',
      attempts: end(inFlight, 'Answered', 9_000),
      want: 9_000,
      because: 'what was answered lands no more',
    },
  ])('one $name: $want, because $because', ({ attempts, want }) => {
    expect(lateUntilMs(attempts, pending, term)).toBe(want);
  });

  test('no record lands', () => {
    expect(lateUntilMs(inFlight, undefined, term)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('more Updates than converge', () => {
  const wish = '1 - hash';

  /** Updates at these moments, each of them allowed. */
  function after(...atMs: readonly number[]): Attempts {
    return atMs.reduce((attempts, ms) => updated(attempts, wish, ms), NO_ATTEMPTS);
  }

  const fight = after(0, 1, 2, 3, 4);

  test('are more than five within the hour', () => {
    expect(converges(after(0, 1, 2, 3), wish, 5)).toBe(true);
    expect(UPDATES_MAX).toBe(5);
    expect(converges(fight, wish, 5)).toBe(false);
  });

  test('are made one an hour from then on', () => {
    expect(converges(fight, wish, 4 + HOUR - 1)).toBe(false);
    expect(converges(fight, wish, 4 + HOUR)).toBe(true);
    const probed = updated(fight, wish, 4 + HOUR);
    expect(converges(probed, wish, 5 + HOUR)).toBe(false);
    expect(converges(probed, wish, 4 + 2 * HOUR)).toBe(true);
  });

  test('are forgotten with a new wish of the user', () => {
    expect(converges(fight, '2 - hash', 5)).toBe(true);
    const edited = updated(fight, '2 - hash', 5);
    expect(edited.updates.atMs).toEqual([5]);
    expect(converges(edited, '2 - hash', 6)).toBe(true);
  });

  test('are not five in more than an hour', () => {
    const slow = after(0, 20 * MINUTE, 40 * MINUTE, 60 * MINUTE, 80 * MINUTE);
    expect(converges(slow, wish, 81 * MINUTE)).toBe(true);
  });

  test('are not many over many days', () => {
    const daily = Array.from({ length: 20 }, (_, day) => day * 24 * HOUR);
    const last = daily.at(-1) ?? 0;
    expect(converges(after(...daily), wish, last + MINUTE)).toBe(true);
    expect(converges(after(...daily, last + MINUTE), wish, last + 2 * MINUTE)).toBe(true);
  });

  test('are remembered in a list that does not grow', () => {
    const many = after(...Array.from({ length: 1_000 }, (_, at) => at * HOUR));
    expect(many.updates.atMs.length).toBeLessThanOrEqual(UPDATES_MAX + 1);
  });
});
