/** Random walks through everything, until it is told to stop. */
import { createSeededChance } from '../../support/seeded-chance.ts';
import { tableOf } from '../table.ts';
import { wander } from '../wander.ts';
import { beginningOf, EVERYTHING, playOf } from '../worlds.ts';
import type { Conditions } from './conditions.ts';
import type { Row } from './row.ts';
import { cpuMs } from './world-search.ts';

const WALKS_EACH = 250;
const STEPS_MAX = 120;

export function walk({ seed, isStopped, count }: Conditions): Row {
  const begunMs = cpuMs();
  const play = playOf(EVERYTHING);
  const first = beginningOf(EVERYTHING);
  const failures: string[] = [];
  let transitions = 0;
  let converged = 0;
  for (let round = 0; !isStopped() && failures.length === 0; round += 1) {
    const chance = createSeededChance(seed + round);
    const wandered = wander(first, play, { count: WALKS_EACH, stepsMax: STEPS_MAX, chance });
    transitions += wandered.transitions;
    converged += WALKS_EACH;
    count(wandered.transitions);
    failures.push(...wandered.failures.map(({ why, trace }) => `${why}\n${tableOf(trace)}`));
  }
  const seconds = (cpuMs() - begunMs) / 1_000;
  const name = `random walks through everything, from seed ${seed}`;
  const counts = { states: 0, transitions, seconds, isComplete: false, converged };
  return { name, kind: 'Walks', ...counts, violations: [], failures };
}
