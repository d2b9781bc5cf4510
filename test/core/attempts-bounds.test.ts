/** Where what is remembered of attempts begins and ends to count. */
import { describe, expect, test } from 'vitest';
import {
  type Attempts,
  begin,
  converges,
  end,
  lateUntilMs,
  NO_ATTEMPTS,
  updated,
} from '../../src/core/attempts.ts';
import { LATE_MS } from '../support/builders.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STARTED = '2026-01-01T00:00:01.000Z';

describe('an attempt that is under way', () => {
  const underWay = begin(NO_ATTEMPTS, 'uid-1', STARTED);

  test('may land at any time', () => {
    const pending = {
      operation: 'Update',
      hash: '1:x',
      startTime: STARTED,
      instance: 'i',
    } as const;
    const term = { uid: 'uid-1', termStartedAtMs: 0, lateMs: LATE_MS };
    expect(lateUntilMs(underWay, pending, term)).toBe(Number.POSITIVE_INFINITY);
  });

  test('counts as one without an answer', () => {
    expect(underWay.last).toEqual({
      uid: 'uid-1',
      startTime: STARTED,
      endedAtMs: undefined,
      fate: 'StaysUntilLate',
    });
  });

  test('that never began does not end', () => {
    expect(end(NO_ATTEMPTS, 'Answered', 100)).toBe(NO_ATTEMPTS);
  });
});

describe('a fight', () => {
  const wish = '1 - hash';
  /** Long after the process began, as it is in life. */
  const START = 100 * HOUR;

  function after(...minutes: readonly number[]): Attempts {
    const moments = minutes.map((each) => START + each * MINUTE);
    return moments.reduce((attempts, ms) => updated(attempts, wish, ms), NO_ATTEMPTS);
  }

  test.each([
    { minutes: [0, 15, 30, 45, 59], want: true, because: 'five within the hour' },
    { minutes: [0, 15, 30, 45, 60], want: false, because: 'an hour is over' },
    { minutes: [0, 10, 20, 30, 40, 120], want: true, because: 'a probe soon after' },
    { minutes: [0, 10, 20, 30, 40, 159], want: true, because: 'a probe within two hours' },
    { minutes: [0, 10, 20, 30, 40, 160], want: false, because: 'two hours of rest' },
    { minutes: [0, 10, 20, 30, 40, 600], want: false, because: 'many hours of rest' },
  ])('of Updates at minute $minutes is one: $want, because $because', ({ minutes, want }) => {
    const last = START + (minutes.at(-1) ?? 0) * MINUTE;
    expect(converges(after(...minutes), wish, last + MINUTE)).toBe(!want);
  });
});
