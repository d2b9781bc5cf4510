/**
 * The model is a second telling of `reconcile/`, and a second telling may err. So the real
 * reconciler and the real auditor walk beside it, step for step, on ways chosen by a seed.
 */
import { describe, expect, test } from 'vitest';
import { createSeededChance } from '../support/seeded-chance.ts';
import type { Step } from './climbing.ts';
import { follow } from './lockstep/along.ts';
import { Lockstep } from './lockstep/lockstep.ts';
import { shortestWays } from './lockstep/ways.ts';
import type { Play } from './play.ts';
import { successors } from './steps.ts';
import { tableOf } from './table.ts';
import type { World } from './world.ts';
import { beginningOf, EVERYTHING, playOf, type Setup } from './worlds.ts';

const SETUP: Setup = {
  ...EVERYTHING,
  budget: { ...EVERYTHING.budget, losses: 9, consoles: 2, blinks: 1 },
};
const WALKS = 300;
const STEPS_MAX = 80;

async function walk(first: World, play: Play, roll: () => number): Promise<readonly Step[]> {
  const both = new Lockstep(first);
  const trace: Step[] = [];
  while (trace.length < STEPS_MAX) {
    const world = trace.at(-1)?.world ?? first;
    const steps = successors(world, play).filter((step) => !isPlaceless(step));
    const index = Math.floor(roll() * steps.length);
    const step = steps[index];
    if (step === undefined || step.violation !== undefined) break;
    trace.push(step);
    const placeless = roll() < 0.5 ? placelessAfter(step, play) : undefined;
    if (placeless !== undefined) {
      trace.push(placeless);
      await both.followPlaceless(step, placeless);
    } else await both.follow(step, steps[index - 1]?.who === 'sweep');
    expect(both.ofReal(), tableOf(trace)).toEqual(both.ofModel());
  }
  return trace;
}

/** Small ones, which have the rare things between them: no two say the same. */
const NEAR: readonly Setup[] = [
  { budget: { creations: 1, removals: 1, losses: 1 } },
  { budget: { creations: 1, edits: 1, lates: 1, crashes: 1 } },
  { budget: { creations: 1, removals: 1, blinks: 1 } },
  { keys: ['n/a', 'n/b'], budget: { creations: 2, removals: 1 } },
  {
    spec: { 'n/a': { managementPolicy: 'Observe' } },
    edits: ['Wish', 'Pause'],
    budget: { creations: 2, removals: 1, edits: 1 },
  },
];

function isPlaceless({ what }: Step): boolean {
  return what.startsWith('no place');
}

/** It comes at once, or not at all: the real thing has asked for its place before it asks. */
function placelessAfter({ who, what, world }: Step, play: Play): Step | undefined {
  if (!what.endsWith('list the pool ...')) return undefined;
  return successors(world, play).find((each) => each.who === who && isPlaceless(each));
}

/** Never slow by waiting: on a machine with other work it only takes its turns. */
const PATIENCE = { timeout: 180_000 };

describe('On a random way through everything', PATIENCE, () => {
  test('the real reconciler asks for what the model asks for, step for step', async () => {
    const chance = createSeededChance(1);
    const play = playOf(SETUP);
    const steps: Step[] = [];
    for (let count = 0; count < WALKS; count += 1) {
      steps.push(...(await walk(beginningOf(SETUP), play, chance.roll)));
    }
    expect(steps.length).toBeGreaterThan(10_000);
    expect(steps.filter(isPlaceless).length).toBeGreaterThan(20);
  });
});

describe('On the shortest way to each thing that can be done', PATIENCE, () => {
  const known = new Set<string>();
  test.each(NEAR.map((setup) => [JSON.stringify(setup), setup] as const))(
    '%s',
    async (_, setup) => {
      const first = beginningOf(setup);
      const ways = shortestWays(first, playOf(setup), known);
      expect(ways.size).toBeGreaterThan(3);
      for (const turns of ways.values()) await follow({ first, turns });
    },
  );
});
