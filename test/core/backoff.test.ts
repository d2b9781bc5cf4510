import { expect, test } from 'vitest';
import { type DelayPolicy, delayMs, HOURLY, QUOTA, RETRY, SLOW } from '../../src/core/backoff.ts';

const MINUTE = 60_000;
const ALMOST_ONE = 1 - Number.EPSILON;

interface Row {
  readonly name: string;
  readonly policy: DelayPolicy;
  /** The longest delay after so many failures in a row. */
  readonly ceilingsMs: Readonly<Record<number, number>>;
}

test.each<Row>([
  {
    name: 'RETRY doubles from 750 ms to 15 min',
    policy: RETRY,
    ceilingsMs: { 1: 750, 2: 1_500, 3: 3_000, 11: 768_000, 12: 15 * MINUTE, 5_000: 15 * MINUTE },
  },
  {
    name: 'SLOW doubles from 15 s to 15 min',
    policy: SLOW,
    ceilingsMs: { 1: 15_000, 2: 30_000, 6: 480_000, 7: 15 * MINUTE, 5_000: 15 * MINUTE },
  },
])('$name, with full jitter', ({ policy, ceilingsMs }) => {
  for (const [failures, ceilingMs] of Object.entries(ceilingsMs)) {
    expect(delayMs(policy, Number(failures), ALMOST_ONE)).toBeCloseTo(ceilingMs);
    expect(delayMs(policy, Number(failures), 0.5)).toBe(ceilingMs / 2);
    expect(delayMs(policy, Number(failures), 0)).toBe(ceilingMs / 10);
  }
});

test('no failure counts as the first', () => {
  expect(delayMs(RETRY, 0, 0.5)).toBe(delayMs(RETRY, 1, 0.5));
});

test.each([
  { name: 'HOURLY', policy: HOURLY, everyMs: 60 * MINUTE },
  { name: 'QUOTA', policy: QUOTA, everyMs: 30 * MINUTE },
])('$name is spread by 20 % either way, whatever failed before', ({ policy, everyMs }) => {
  for (const failures of [1, 7, 5_000]) {
    expect(delayMs(policy, failures, 0)).toBeCloseTo(0.8 * everyMs);
    expect(delayMs(policy, failures, 0.5)).toBe(everyMs);
    expect(delayMs(policy, failures, ALMOST_ONE)).toBeCloseTo(1.2 * everyMs);
  }
});
