/** Resources led through mishaps on a real API server, where there is one. */
import * as fc from 'fast-check';
import { findBinaries } from '../../cluster/binaries.ts';
import { startControlPlane } from '../../cluster/control-plane.ts';
import { buildBundle } from '../../support/bundle.ts';
import { launchOperator } from '../../support/launch.ts';
import { anyMishap, type Mishap, WALK } from '../walk/mishaps.ts';
import { walkAll } from '../walk/walks.ts';
import type { Lane } from './lane.ts';

/** Made as they are needed: more than a night can lead. */
const BATCH = 500;
const BATCHES_MAX = 200;

export const WALKS: Lane = {
  name: 'walks',
  promise: 'a mishap is refused, or told truthfully; reverted, all is as before',
  reaches: ['in step'],
  async run({ seed, seconds }) {
    const lookup = await findBinaries();
    if (lookup.kind === 'missing') return { inputs: {}, findings: [], notRun: lookup.reason };
    using bundle = buildBundle();
    const admin = await startControlPlane({ binaries: lookup.binaries });
    try {
      const overAtMs = performance.now() + seconds * 1_000;
      const { verdicts, findings } = await walkAll(
        { admin, launch: (flags, environment) => launchOperator(bundle.file, flags, environment) },
        mishaps(seed),
        () => performance.now() > overAtMs,
      );
      const { refused = 0, ...inputs } = verdicts;
      return { inputs, refused, findings };
    } finally {
      await admin.stop();
    }
  },
};

/** The whole walk from another beginning each time, then generated ones. */
function* mishaps(seed: number): Generator<Mishap> {
  const from = (seed * 37) % WALK.length;
  yield* [...WALK.slice(from), ...WALK.slice(0, from)];
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    yield* fc.sample(anyMishap, { seed: seed * BATCHES_MAX + batch, numRuns: BATCH });
  }
}
