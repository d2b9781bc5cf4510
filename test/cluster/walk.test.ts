/**
 * Every property of the CRD's schema times every mutator, on a real API server with the operator
 * at work, and some generated ones; `npm run hostile -- --lane walks` goes on from here.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyMishap, WALK } from '../hostile/walk/mishaps.ts';
import { walkAll } from '../hostile/walk/walks.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { describeOnCluster } from './on-cluster.ts';

const GENERATED = { seed: 20_260_101, numRuns: 60 };
const WITHIN_MS = 15 * 60_000;

describeOnCluster('a mishap', (admin) => {
  test(
    'is refused and changes nothing, or is told truthfully; reverted, all is as before',
    async () => {
      const mishaps = [...WALK, ...fc.sample(anyMishap, GENERATED)];
      const { verdicts, findings } = await walkAll({ admin, launch }, mishaps);
      expect(findings).toEqual([]);
      const led = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
      expect(led).toBe(mishaps.length);
      expect(Object.keys(verdicts)).toEqual(
        expect.arrayContaining(['refused', 'in step', 'paused']),
      );
    },
    WITHIN_MS,
  );
});
