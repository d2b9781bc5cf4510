/** What a standby makes of a Lease that somebody edited, or wrote in haste. */
import { expect, test } from 'vitest';
import { type LeaseRecord, sight } from '../../src/core/lease.ts';

const TIMES = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

const held: LeaseRecord = {
  holder: 'other',
  leaseDurationSeconds: 15,
  acquireTime: '2026-01-01T00:00:01.000Z',
  renewTime: '2026-01-01T00:00:01.000Z',
  transitions: 3,
  resourceVersion: '7',
};

test('another holder counts from when it was seen, though nothing else changed', () => {
  const first = sight(undefined, held, 0, TIMES);
  const edited = { ...held, holder: 'third', resourceVersion: '8' };
  expect(sight(first, edited, 9_000, TIMES).freeAtMs).toBe(24_000);
});

test.each([0, 1])('a holder that wrote %i seconds is waited for as long as any', (seconds) => {
  const hasty = { ...held, leaseDurationSeconds: seconds };
  expect(sight(undefined, hasty, 0, TIMES).freeAtMs).toBe(15_000);
});
