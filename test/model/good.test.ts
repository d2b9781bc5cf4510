/** That all becomes well can fail: what stands for no good reason, and what was done on the way. */
import { describe, expect, test } from 'vitest';
import { type Decision, letGo, settle } from '../../src/core/action.ts';
import { decide } from '../../src/core/decide.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { View } from '../../src/core/view.ts';
import { createConverge } from './calm.ts';
import type { Rules } from './rules.ts';
import { successors } from './steps.ts';
import type { World } from './world.ts';
import { BOTH, beginningOf, playOf, type Setup } from './worlds.ts';

const STANDING: Setup = { standing: ['n/a'], budget: { removals: 1, consoles: 1 } };

/** One after the other, each what somebody does. */
function after(setup: Setup, ...deeds: readonly string[]): World {
  return deeds.reduce((world, deed) => {
    const step = successors(world, playOf(setup)).find(({ what }) => what === deed);
    if (step === undefined) throw new Error(`nobody can: ${deed}`);
    return step.world;
  }, beginningOf(setup));
}

function whyFrom(world: World, rules: Partial<Rules>): string | undefined {
  return createConverge(playOf(STANDING, rules))(world)?.why;
}

/** Whoever leaves, or lives, says no more than this. */
function saying(outcome: Outcome, when: (view: View) => boolean): Partial<Rules> {
  return { decide: (view) => (when(view) ? settle(outcome) : decide(view)) };
}

const isLeaving = ({ resource }: View) => resource.leaving;

function letGoAtOnce(view: View): Decision {
  return isLeaving(view) && !view.climb.finalizerRemoved ? letGo() : decide(view);
}

describe('All is not well', () => {
  test('while a deletion is blocked that nobody was in the way of, whatever they did', () => {
    const blocked = saying({ kind: 'Blocked', because: 'ContentDiffers' }, isLeaving);
    const world = after(STANDING, 'writes foreign', 'deletes a');
    expect(whyFrom(world, blocked)).toBe('n/a: deletion is blocked');
  });

  test('when a law was broken on the way there', () => {
    const letsGo: Partial<Rules> = { decide: letGoAtOnce };
    expect(whyFrom(after(STANDING, 'deletes a'), letsGo)).toMatch(/^leak: nobody is left/);
  });

  test('while a resource that does not hold the identity says nothing of that', () => {
    const setup: Setup = { ...BOTH, standing: ['n/a'], budget: { creations: 1 } };
    const silent = saying(
      { kind: 'Waiting', for: 'Rival' },
      ({ claim }) => claim.kind === 'Theirs',
    );
    const why = 'n/b: does not say that another holds the identity';
    expect(whyFrom(after(setup, 'creates b'), silent)).toBe(why);
  });

  test('unless nothing stands in its way', () => {
    expect(whyFrom(after(STANDING, 'writes foreign', 'deletes a'), {})).toBeUndefined();
  });
});
