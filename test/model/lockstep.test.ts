/**
 * The model is a second telling of `reconcile/`, and a second telling may err. So the real
 * reconciler and the real auditor walk beside it, step for step, on ways chosen by a seed.
 */
import { describe, expect, test } from 'vitest';
import { createSeededChance } from '../support/seeded-chance.ts';
import type { Step } from './climbing.ts';
import { Lockstep } from './lockstep/lockstep.ts';
import type { Play } from './play.ts';
import { successors } from './steps.ts';
import { tableOf } from './table.ts';
import type { World } from './world.ts';
import { beginningOf, EVERYTHING, playOf, type Setup } from './worlds.ts';

const SETUP: Setup = {
  ...EVERYTHING,
  budget: { ...EVERYTHING.budget, consoles: 2, blinks: 1 },
};
const WALKS = 300;
const STEPS_MAX = 80;

async function walk(first: World, play: Play, roll: () => number): Promise<readonly Step[]> {
  const both = new Lockstep(first);
  const trace: Step[] = [];
  while (trace.length < STEPS_MAX) {
    const world = trace.at(-1)?.world ?? first;
    const steps = successors(world, play).filter(({ what }) => !what.startsWith('no place'));
    const index = Math.floor(roll() * steps.length);
    const step = steps[index];
    if (step === undefined || step.violation !== undefined) break;
    trace.push(step);
    await both.follow(step, steps[index - 1]?.who === 'sweep');
    expect(both.ofReal(), tableOf(trace)).toEqual(both.ofModel());
  }
  return trace;
}

/** Never slow by waiting: on a machine with other work it only takes its turns. */
const PATIENCE = { timeout: 180_000 };

describe('On a random way through everything', PATIENCE, () => {
  test('the real reconciler asks for what the model asks for, step for step', async () => {
    const chance = createSeededChance(1);
    const play = playOf(SETUP);
    let steps = 0;
    for (let count = 0; count < WALKS; count += 1) {
      const trace = await walk(beginningOf(SETUP), play, chance.roll);
      steps += trace.length;
    }
    expect(steps).toBeGreaterThan(10_000);
  });
});
