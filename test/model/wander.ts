/**
 * Random walks through worlds too large to be searched to the end: deep where the search is broad.
 * The same seed walks the same ways. At the end of each walk faults end, and it must converge.
 */
import type { Chance } from '../../src/ports.ts';
import type { Budget } from './budget.ts';
import { createConverge } from './calm.ts';
import type { Step } from './climbing.ts';
import type { Violation } from './laws.ts';
import type { Play } from './play.ts';
import { successors } from './steps.ts';
import type { World } from './world.ts';

export interface Wandered {
  readonly transitions: number;
  readonly failures: readonly Mishap[];
}

/** What went wrong on a walk: a law broken, or no convergence at its end. */
export interface Mishap {
  readonly violation: Violation | undefined;
  readonly why: string;
  readonly trace: readonly Step[];
}

export interface Walks {
  readonly count: number;
  readonly stepsMax: number;
  readonly chance: Chance;
}

export function wander(first: World, play: Play, { count, stepsMax, chance }: Walks): Wandered {
  const converge = createConverge(play);
  const failures: Mishap[] = [];
  let transitions = 0;
  for (let walk = 0; walk < count; walk += 1) {
    const begin = { ...first, budget: drawn(first.budget, chance) };
    const { trace, mishap } = walkOn(begin, play, stepsMax, chance);
    transitions += trace.length;
    const failed = mishap ?? stuck(converge, trace);
    if (failed !== undefined) failures.push(failed);
  }
  return { transitions, failures };
}

/** Each walk has its own mixture of what may go wrong, so that rare ones have room. */
function drawn(budget: Budget, chance: Chance): Budget {
  const entries = Object.entries(budget).map(([what, most]: [string, number]) => {
    const least = what === 'creations' ? 1 : 0;
    return [what, Math.max(least, Math.floor(chance.roll() * (most + 1)))] as const;
  });
  return Object.fromEntries(entries) as unknown as Budget;
}

interface Walked {
  readonly trace: readonly Step[];
  readonly mishap: Mishap | undefined;
}

function walkOn(first: World, play: Play, stepsMax: number, chance: Chance): Walked {
  const trace: Step[] = [];
  while (trace.length < stepsMax) {
    const steps = successors(trace.at(-1)?.world ?? first, play);
    const step = steps[Math.floor(chance.roll() * steps.length)];
    if (step === undefined) break;
    trace.push(step);
    const { violation } = step;
    if (violation !== undefined) return { trace, mishap: { violation, why: violation.law, trace } };
  }
  return { trace, mishap: undefined };
}

function stuck(
  converge: ReturnType<typeof createConverge>,
  trace: readonly Step[],
): Mishap | undefined {
  const last = trace.at(-1);
  const failure = last && converge(last.world);
  if (failure === undefined) return undefined;
  return { violation: undefined, why: failure.why, trace: [...trace, ...failure.trace] };
}
