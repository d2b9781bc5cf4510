/** As many lives as a few seconds allow; `run.ts` lives more of them. */
import { expect, test } from 'vitest';
import { live, tell } from './swarm.ts';

const SEEDS = 50;

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'whatever befalls it, the operator comes to a truthful rest: seed %i',
  async (seed) => {
    const life = await live(seed);
    expect(life.findings, tell(life)).toEqual([]);
  },
);
