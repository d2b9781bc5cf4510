/** Everything that may happen next. */
import { answers } from './answers.ts';
import { paid } from './budget.ts';
import { type Step, start } from './climbing.ts';
import { sweepBegun, swept, visible } from './look.ts';
import { told } from './mind.ts';
import { mishaps } from './mishaps.ts';
import type { Play } from './play.ts';
import { userSteps } from './users.ts';
import { KEYS, type Key, type World } from './world.ts';

export function successors(world: World, play: Play): readonly Step[] {
  return [
    ...KEYS.flatMap((key) => [...operatorSteps(world, play, key), ...userSteps(world, play, key)]),
    ...sweepSteps(world),
    ...mishaps(world, play),
  ];
}

function operatorSteps(world: World, { rules }: Play, key: Key): readonly Step[] {
  const { cache, climbs, due } = world.mind;
  const begins = climbs[key] === undefined && due.includes(key);
  const isBehind = cache[key]?.resourceVersion !== world.objects[key]?.resourceVersion;
  return [
    ...answers(world, rules, key),
    ...(begins ? start(world, rules, key) : []),
    ...(isBehind ? [watch(told(world, rules, key), key)] : []),
  ];
}

function watch(world: World, key: Key): Step {
  return { who: 'watch', what: `tells of ${key.slice(2)}`, world, violation: undefined };
}

/** A sweep looks, and is complete later. One that somebody asked for costs nothing. */
function sweepSteps(world: World): readonly Step[] {
  const { sweeping, cache } = world.mind;
  const step = (what: string, after: World): readonly Step[] => [
    { who: 'sweep', what, world: after, violation: undefined },
  ];
  if (sweeping !== undefined) {
    const late = { ...sweeping, found: visible(world), poolAnswers: !world.blind };
    const early = step('is complete', swept(world, sweeping));
    const isSame = late.found === sweeping.found && late.poolAnswers === sweeping.poolAnswers;
    return isSame ? early : [...early, ...step('is complete', swept(world, late))];
  }
  if (Object.keys(cache).length === 0) return [];
  const begin = (after: World) => step('looks', sweepBegun(after));
  return isSweepAsked(world) ? begin(world) : paid(world, 'sweeps', begin);
}

/** By a key that waits for it, or by its own failure. */
export function isSweepAsked({ mind }: World): boolean {
  return mind.awaiting.length > 0 || mind.pool.kind === 'PoolMissing';
}
