/**
 * Convergence: faults end, nobody touches anything any more, every key has its turn. Then the
 * world must become good, and stay so.
 *
 * Keys run only when something woke them, and pools are swept only when somebody asked for it or
 * somebody changed Cognito behind our back: a wake-up that is lost is a failure here.
 */
import { answers } from './answers.ts';
import { NOTHING } from './budget.ts';
import { type Step, start } from './climbing.ts';
import { createCodec } from './codec.ts';
import { type Fingerprint, Fingerprints } from './engine/fingerprints.ts';
import { wrongIn } from './good.ts';
import { sweepBegun, swept } from './look.ts';
import { told } from './mind.ts';
import { lapsed } from './mishaps.ts';
import type { Play } from './play.ts';
import { isSweepAsked } from './steps.ts';
import { tableOf } from './table.ts';
import { KEYS, type Key, type World } from './world.ts';

/** More rounds than any recovery needs, and how long it must stay as it is then. */
const ROUNDS_MAX = 12;
const QUIET_ROUNDS = 3;
/** More steps than any climb has. */
const STEPS_MAX = 60;

export interface Failure {
  readonly why: string;
  readonly trace: readonly Step[];
}

/** Remembers what is known to converge: later worlds that come to the same are done. */
export function createConverge(play: Play): (world: World) => Failure | undefined {
  const encode = createCodec(play);
  const known = new Fingerprints();
  return (world) => {
    const passed: Fingerprint[] = [];
    let at: Told = { world: calmed(world), story: undefined };
    for (let round = 1; round <= ROUNDS_MAX; round += 1) {
      const code = encode(at.world);
      if (known.has(code) || isAtRest(at, play)) {
        for (const each of [...passed, code]) known.add(each);
        return undefined;
      }
      passed.push(code);
      at = runRound(at, play, isDisturbed(at.world));
    }
    const why = wrongIn(at.world, play) ?? 'all is well, and it goes on writing';
    return { why, trace: traceOf(at) };
  };
}

/** The world when all is well; it must come to that. */
export function settledDown(world: World, play: Play): World {
  let at: Told = { world, story: undefined };
  for (let round = 0; round < ROUNDS_MAX; round += 1) at = runRound(at, play, true);
  const wrong = wrongIn(at.world, play);
  if (wrong !== undefined) throw new Error(`not well: ${wrong}`);
  return at.world;
}

/** No more faults; what is late and has not landed by now never does. */
function calmed(world: World): World {
  return { ...world, budget: NOTHING, blind: false, calls: [], writes: [] };
}

function isDisturbed({ disturbedAtMs }: World): boolean {
  return disturbedAtMs !== undefined;
}

/** Good, and so it stays: nothing is written and nothing is changed, whoever looks again. */
function isAtRest(begin: Told, play: Play): boolean {
  const { version, slot } = begin.world;
  let at = begin;
  for (let round = 0; round <= QUIET_ROUNDS; round += 1) {
    if (wrongIn(at.world, play) !== undefined) return false;
    if (at.world.version !== version || at.world.slot !== slot) return false;
    at = runRound(at, play, true);
  }
  return true;
}

/* ------------------------------------------------------------------------ story */

/** A world, and how it came about: newest first. */
interface Told {
  readonly world: World;
  readonly story: Story | undefined;
}

interface Story {
  readonly step: Step;
  readonly before: Story | undefined;
}

function after({ story }: Told, step: Step): Told {
  return { world: step.world, story: { step, before: story } };
}

function then(at: Told, who: string, what: string, world: World): Told {
  return after(at, { who, what, world, violation: undefined });
}

function traceOf({ story }: Told): readonly Step[] {
  const steps: Step[] = [];
  for (let at = story; at !== undefined; at = at.before) steps.unshift(at.step);
  return steps;
}

/* ----------------------------------------------------------------------- rounds */

/** Each key has its turn, then the sweep, then each again, then time passes. */
function runRound(begin: Told, play: Play, resyncs: boolean): Told {
  const turned = KEYS.reduce((at, key) => turn(at, play, key), begin);
  const looked = sweep(turned, resyncs);
  const again = KEYS.reduce((at, key) => turn(at, play, key), looked);
  return then(again, 'time', 'passes', lapsed(again.world));
}

/** The watch tells, what is under way ends, and the key runs once if something woke it. */
function turn(begin: Told, play: Play, key: Key): Told {
  const ended = finished(watched(begin, play), play);
  if (!ended.world.mind.due.includes(key)) return ended;
  const [first] = start(ended.world, play.rules, key);
  return first === undefined ? ended : finished(after(ended, first), play);
}

function watched(at: Told, { rules }: Play): Told {
  const world = KEYS.reduce((before, key) => told(before, rules, key), at.world);
  return world === at.world ? at : then(at, 'watch', 'tells', world);
}

/** All climbs go on step by step, one after the other. */
function finished(begin: Told, { rules }: Play): Told {
  let at = begin;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const before = at;
    for (const key of KEYS) {
      const [step] = answers(at.world, rules, key);
      if (step !== undefined) at = after(at, step);
    }
    if (at === before) return at;
  }
  throw new Error(`a climb does not end:\n${tableOf(traceOf(at))}`);
}

function sweep(at: Told, resyncs: boolean): Told {
  const { sweeping } = at.world.mind;
  const done = sweeping ? then(at, 'sweep', 'is complete', swept(at.world, sweeping)) : at;
  if (!resyncs && !isSweepAsked(done.world)) return done;
  const begun = sweepBegun(done.world);
  const asked = begun.mind.sweeping;
  return asked === undefined ? done : then(done, 'sweep', 'sweeps', swept(begun, asked));
}
