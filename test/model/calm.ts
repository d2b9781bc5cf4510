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
import type { Violation } from './laws.ts';
import { sweepBegun, swept } from './look.ts';
import { told } from './mind.ts';
import { lapsed } from './mishaps.ts';
import type { Play } from './play.ts';
import type { Rules } from './rules.ts';
import { isSweepAsked } from './steps.ts';
import { tableOf, wordsOf } from './table.ts';
import { KEYS, type World } from './world.ts';

/** More rounds than any recovery needs, and how long it must stay as it is then. */
const ROUNDS_MAX = 12;
const QUIET_ROUNDS = 3;
/** More steps than any round has. */
const STEPS_MAX = 300;

export interface Failure {
  readonly why: string;
  readonly trace: readonly Step[];
}

/**
 * Remembers after each step what is known to converge: later worlds that come to the same, at the
 * same stage of a round, are done.
 */
export function createConverge(play: Play): (world: World) => Failure | undefined {
  const encode = createCodec(play);
  const good = STAGES.map(() => new Fingerprints());
  return (world) => {
    const passed: (readonly [number, Fingerprint])[] = [];
    let at: Told = { world: calmed(world), ...BEGUN };
    while (at.rounds < ROUNDS_MAX && !isBug(at.broken)) {
      const code = encode(at.world);
      passed.push([at.stage, code]);
      const isKnown = good[at.stage]?.has(code);
      if (isKnown || (at.stage === RESTING && isAtRest(at, play))) {
        for (const [stage, each] of passed) good[stage]?.add(each);
        return undefined;
      }
      at = next(at, play, isDisturbed(at.world));
    }
    return { why: whyOf(at, play), trace: traceOf(at) };
  };
}

function whyOf({ world, broken }: Told, play: Play): string {
  if (isBug(broken)) return wordsOf(broken);
  return wrongIn(world, play) ?? 'all is well, and it goes on writing';
}

function isBug(broken: Violation | undefined): broken is Violation {
  return broken !== undefined && broken.window === undefined;
}

/** The world when all is well; it must come to that. */
export function settledDown(world: World, play: Play): World {
  let at: Told = { world, ...BEGUN };
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
  /** On the way, first of all: where a window opened, more may follow from that. */
  readonly broken: Violation | undefined;
  /** Of the round that is under way, and how many there were before. */
  readonly stage: number;
  readonly rounds: number;
}

const BEGUN = { story: undefined, broken: undefined, stage: 0, rounds: 0 };

interface Story {
  readonly step: Step;
  readonly before: Story | undefined;
}

function after(at: Told, step: Step): Told {
  const { world, violation } = step;
  return { ...at, world, broken: at.broken ?? violation, story: { step, before: at.story } };
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

/** What is done at this stage of a round; `undefined` when it is over. */
type Stage = (at: Told, play: Play, resyncs: boolean) => Told | undefined;

/** The watch tells, and what is under way goes on, step by step, one key after the other. */
const goesOn: Stage = (at, { rules }) => {
  const heard = watched(at, rules);
  if (heard !== at) return heard;
  const steps = KEYS.flatMap((key) => answers(at.world, rules, key).slice(0, 1));
  return steps[0] && after(at, steps[0]);
};

/** A key runs once if something woke it. */
const TURNS: readonly Stage[] = KEYS.flatMap((key) => [
  (at, { rules }) => {
    const [first] = at.world.mind.due.includes(key) ? start(at.world, rules, key) : [];
    return first && over(after(at, first));
  },
  goesOn,
]);

/** Each key has its turn, then the sweep, then each again, then time passes. */
const STAGES: readonly Stage[] = [
  goesOn,
  ...TURNS,
  (at, _, resyncs) => over(sweep(at, resyncs)),
  goesOn,
  ...TURNS,
  (at) => over(then(at, 'time', 'passes', lapsed(at.world))),
];

/** Where nothing is under way, if anywhere. */
const RESTING = 1;

/** The stage has nothing more to do. */
function over(at: Told): Told {
  const stage = (at.stage + 1) % STAGES.length;
  return { ...at, stage, rounds: stage === 0 ? at.rounds + 1 : at.rounds };
}

function next(at: Told, play: Play, resyncs: boolean): Told {
  return STAGES[at.stage]?.(at, play, resyncs) ?? over(at);
}

function runRound(begin: Told, play: Play, resyncs: boolean): Told {
  let at = begin;
  for (let steps = 0; at.rounds === begin.rounds; steps += 1) {
    if (steps > STEPS_MAX) throw new Error(`a round does not end:\n${tableOf(traceOf(at))}`);
    at = next(at, play, resyncs);
  }
  return at;
}

function watched(at: Told, rules: Rules): Told {
  const world = KEYS.reduce((before, key) => told(before, rules, key), at.world);
  return world === at.world ? at : then(at, 'watch', 'tells', world);
}

function sweep(at: Told, resyncs: boolean): Told {
  const { sweeping } = at.world.mind;
  const done = sweeping ? then(at, 'sweep', 'is complete', swept(at.world, sweeping)) : at;
  if (!resyncs && !isSweepAsked(done.world)) return done;
  const begun = sweepBegun(done.world);
  const asked = begun.mind.sweeping;
  return asked === undefined ? done : then(done, 'sweep', 'sweeps', swept(begun, asked));
}
