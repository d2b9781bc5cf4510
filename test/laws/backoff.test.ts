import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DelayPolicy, delayMs, HOURLY, QUOTA, RETRY, SLOW } from '../../src/core/backoff.ts';

const policy = fc.constantFrom<DelayPolicy>(RETRY, SLOW, HOURLY, QUOTA, {
  kind: 'Doubling',
  baseMs: 750,
  maxMs: 1_501,
});
const roll = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.nat({ max: 1_000_000 });

test('a delay is never a hot loop and never longer than its policy says', () => {
  fc.assert(
    fc.property(policy, failures, roll, (by, count, chance) => {
      const ms = delayMs(by, count, chance);
      const [least, most] =
        by.kind === 'Timer'
          ? [by.everyMs * (1 - by.spread), by.everyMs * (1 + by.spread)]
          : [by.baseMs / 10, by.maxMs];
      expect(ms).toBeGreaterThanOrEqual(least);
      expect(ms).toBeLessThanOrEqual(most);
    }),
  );
});

test('one more failure never shortens a delay, and a higher roll never does', () => {
  fc.assert(
    fc.property(policy, failures, roll, roll, (by, count, one, other) => {
      expect(delayMs(by, count + 1, one)).toBeGreaterThanOrEqual(delayMs(by, count, one));
      const [low, high] = one < other ? [one, other] : [other, one];
      expect(delayMs(by, count, high)).toBeGreaterThanOrEqual(delayMs(by, count, low));
    }),
  );
});
