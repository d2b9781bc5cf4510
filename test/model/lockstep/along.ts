/**
 * The real thing on the way of a sabotage: as far as the shipped rules allow that way, and on by
 * each one that they leave where it is forbidden. A random way seldom comes there.
 */
import { expect } from 'vitest';
import { NOTHING } from '../budget.ts';
import type { Step } from '../climbing.ts';
import { createCodec } from '../codec.ts';
import { Fingerprints } from '../engine/fingerprints.ts';
import type { Play } from '../play.ts';
import { successors } from '../steps.ts';
import { tableOf } from '../table.ts';
import type { World } from '../world.ts';
import { beginningOf, playOf, type Setup } from '../worlds.ts';
import { Lockstep } from './lockstep.ts';

/** A step, and whether it is a sweep that saw what was there at its end. */
export interface Turn {
  readonly step: Step;
  readonly isLate: boolean;
}

export interface Way {
  readonly first: World;
  readonly turns: readonly Turn[];
}

/** @returns how many ways were gone to their end */
export async function goAlong(setup: Setup, forbidden: readonly Step[]): Promise<number> {
  const play = playOf(setup);
  const begun = settled(setup, play);
  let { turns } = begun;
  let world = { ...endOf(begun), budget: { ...NOTHING, ...setup.budget } };
  for (const wanted of forbidden) {
    const ways = turnsFrom(world, play);
    const turn = ways.find(({ step }) => isSame(step, wanted));
    if (turn === undefined && wanted.who === 'time') continue;
    if (turn === undefined) {
      const others = ways.filter(({ step }) => step.who !== 'user');
      for (const other of others) await follow({ ...begun, turns: [...turns, other] });
      return others.length;
    }
    turns = [...turns, turn];
    world = turn.step.world;
  }
  await follow({ ...begun, turns });
  return 1;
}

/** Steps that the real thing cannot be asked to take are left out. */
export function turnsFrom(world: World, play: Play): readonly Turn[] {
  const steps = successors(world, play).filter(({ what }) => !what.startsWith('no place'));
  return steps.map((step, index) => ({ step, isLate: steps[index - 1]?.who === 'sweep' }));
}

/** What stands when the world begins comes about here, without a fault: the real thing is new. */
function settled(setup: Setup, play: Play): Way {
  const { standing = [] } = setup;
  const first = beginningOf({
    ...setup,
    standing: [],
    budget: { creations: standing.length, sweeps: 1 },
  });
  if (standing.length === 0) return { first, turns: [] };
  const turns: Turn[] = [];
  const births = standing.map((key) => `creates ${key.slice(2)}`);
  const encode = createCodec(play);
  const known = new Fingerprints();
  for (;;) {
    const ways = turnsFrom(endOf({ first, turns }), play);
    const birth = births.shift();
    const turn = ways.find(({ step }) =>
      birth === undefined
        ? step.who !== 'user' && !known.has(encode(step.world))
        : step.what === birth,
    );
    if (turn === undefined) return { first, turns };
    known.add(encode(turn.step.world));
    turns.push(turn);
  }
}

function endOf({ first, turns }: Way): World {
  return turns.at(-1)?.step.world ?? first;
}

function isSame(step: Step, wanted: Step): boolean {
  return step.who === wanted.who && step.what === wanted.what;
}

export async function follow({ first, turns }: Way): Promise<void> {
  const both = new Lockstep(first);
  const trace: Step[] = [];
  for (const { step, isLate } of turns) {
    trace.push(step);
    await both.follow(step, isLate);
    expect(both.ofReal(), tableOf(trace)).toEqual(both.ofModel());
  }
}
