/** Faults end, nobody touches the Lease, everybody takes turns: one leads, and goes on leading. */
import type { Fingerprint, Fingerprints } from '../engine/fingerprints.ts';
import type { EncodeLease } from './code.ts';
import { replicaSteps, ticked } from './steps.ts';
import { type LeaseBudget, type LeasePlay, type LeaseWorld, leadersOf } from './world.ts';

const NOTHING: LeaseBudget = { crashes: 0, ends: 0, losses: 0, lates: 0, edits: 0, news: 0 };
/** Rounds until somebody must lead: a lease that runs out on the slowest clock, and more. */
const ROUNDS_MAX = 16;
/** And for how many it must be the same one, at every moment of them. */
const QUIET_ROUNDS = 8;
/** More than any replica takes between two ticks. */
const STEPS_MAX = 12;

/** What is known to converge, added to. */
export interface Good {
  readonly encode: EncodeLease;
  readonly known: Fingerprints;
}

export function converges(begin: LeaseWorld, play: LeasePlay, { encode, known }: Good): boolean {
  const passed: Fingerprint[] = [];
  let world: LeaseWorld = { ...begin, budget: NOTHING, late: [] };
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const code = encode(world);
    passed.push(code);
    if (known.has(code) || isLed(world, play)) {
      for (const each of passed) known.add(each);
      return true;
    }
    world = ticked(takeTurns(world, play), play);
  }
  return false;
}

function isLed(begin: LeaseWorld, play: LeasePlay): boolean {
  const [leader, ...others] = leadersOf(begin);
  if (leader === undefined || others.length > 0) return false;
  let world = begin;
  for (let round = 0; round < QUIET_ROUNDS; round += 1) {
    world = ticked(takeTurns(world, play), play);
    if (leadersOf(world).join() !== leader) return false;
  }
  return true;
}

/** Each does what it can, one after the other, without a fault. */
function takeTurns(begin: LeaseWorld, play: LeasePlay): LeaseWorld {
  let world = begin;
  for (const seat of begin.replicas.keys()) {
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const [step] = replicaSteps(world, play, seat);
      if (step === undefined) break;
      world = step.world;
      const doing = world.replicas[seat]?.doing.kind;
      if (doing === 'Nothing') break;
    }
  }
  return world;
}
