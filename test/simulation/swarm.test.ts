/** As many lives as a few seconds allow; `run.ts` lives more of them, and lets them rest a day. */
import { expect, test } from 'vitest';
import { live, SHORT_REST_MS, tell } from './swarm.ts';

const SEEDS = 50;

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'whatever befalls it, the operator comes to a truthful rest: seed %i',
  async (seed) => {
    const life = await live(seed, SHORT_REST_MS);
    expect(life.findings, tell(life)).toEqual([]);
  },
);
