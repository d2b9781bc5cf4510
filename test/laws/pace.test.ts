/** Laws of the auditor's pace, whatever the ages of the pools. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextDue, type Pace, type SweptPool } from '../../src/pace.ts';

const MINUTE_MS = 60_000;
const PACE: Pace = { resyncMs: 10 * MINUTE_MS, readsPerSecond: 16 };
/** How long `nextDue` may look away. */
const CHECK_MS = 1_000;

interface Sweep {
  readonly userPoolId: string;
  readonly atMs: number;
  readonly ageMs: number;
}

/** Of pools that were swept last at these moments; each sweep ends at once. */
function sweepsOf(sweptAtMs: readonly number[], pace: Pace, untilMs: number): readonly Sweep[] {
  const pools = new Map(sweptAtMs.map((atMs, index) => [`pool-${index}`, atMs]));
  const sweeps: Sweep[] = [];
  for (let nowMs = 0; nowMs < untilMs; ) {
    const all = [...pools].map(
      ([userPoolId, atMs]): SweptPool => ({ userPoolId, sweptAtMs: atMs }),
    );
    const { userPoolId, inMs } = nextDue(all, pace, nowMs);
    if (userPoolId !== undefined) {
      const ageMs = nowMs - (pools.get(userPoolId) ?? 0);
      sweeps.push({ userPoolId, atMs: nowMs, ageMs });
      pools.set(userPoolId, nowMs);
    }
    nowMs += Math.max(inMs, 1);
  }
  return sweeps;
}

const RUNS = { numRuns: 20 };
const ages = fc.array(fc.integer({ min: -PACE.resyncMs, max: 0 }), { minLength: 1, maxLength: 60 });

test('pools that were all listed at once are listed again within the interval', () => {
  const sweeps = sweepsOf(
    Array.from({ length: 200 }, () => 0),
    PACE,
    3 * PACE.resyncMs,
  );
  expect(new Set(sweeps.map(({ userPoolId }) => userPoolId)).size).toBe(200);
  expect(Math.max(...sweeps.map(({ ageMs }) => ageMs))).toBeLessThanOrEqual(
    PACE.resyncMs + CHECK_MS,
  );
});

test('in the long run a pool is listed once in an interval, and hardly sooner', () => {
  const rounds = 5;
  fc.assert(
    fc.property(ages, (sweptAtMs) => {
      const sweeps = sweepsOf(sweptAtMs, PACE, rounds * PACE.resyncMs);
      expect(sweeps.length).toBeGreaterThanOrEqual((rounds - 1) * sweptAtMs.length);
      expect(sweeps.length).toBeLessThanOrEqual((rounds + 1) * sweptAtMs.length);
    }),
    RUNS,
  );
});

test('no more than half of the reads are used, however many the pools', () => {
  const pools = Array.from({ length: 2_000 }, () => 0);
  const pace = { ...PACE, readsPerSecond: 2 };
  const sweeps = sweepsOf(pools, pace, 3 * MINUTE_MS);
  expect(sweeps.length).toBeGreaterThan(0);
  for (const [index, { atMs }] of sweeps.entries()) {
    const beforeMs = sweeps[index - 1]?.atMs ?? Number.NEGATIVE_INFINITY;
    expect(atMs - beforeMs).toBeGreaterThanOrEqual(2_000 / pace.readsPerSecond);
  }
});

test('a pool that is younger than a tenth of the interval is never due', () => {
  fc.assert(
    fc.property(ages, fc.double({ min: 0.1, max: 1_000, noNaN: true }), (sweptAtMs, reads) => {
      const pace = { ...PACE, readsPerSecond: reads };
      for (const { ageMs } of sweepsOf(sweptAtMs, pace, 2 * PACE.resyncMs)) {
        expect(ageMs).toBeGreaterThanOrEqual(PACE.resyncMs / 10 - 1);
      }
    }),
    RUNS,
  );
});
