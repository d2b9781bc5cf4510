/**
 * The search as far as it is given time:
 *
 *   node test/model/prove.ts --seconds 600
 *
 *   node test/model/prove.ts --traces
 *
 * Each world has an equal share of the time that is left, the smallest first; then come random
 * walks. A tenth of the worlds, chosen at random, must converge. Ends with 1 when a law is broken
 * that no documented window excuses, or when a world does not converge. With `--traces` it tells
 * how each documented window opens, and what breaks without each rule of the protocol.
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createSeededChance } from '../support/seeded-chance.ts';
import { createConverge } from './calm.ts';
import type { Violation } from './laws.ts';
import type { Play } from './play.ts';
import { SHIPPED } from './rules.ts';
import { SABOTAGES } from './sabotages.ts';
import { search } from './search.ts';
import { tableOf, tell } from './table.ts';
import { wander } from './wander.ts';
import { WINDOWS } from './windows.ts';
import type { World } from './world.ts';
import { beginningOf, EVERYTHING, LARGE_WORLDS, type Named, playOf, WORLDS } from './worlds.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    traces: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});

/** What fits into the memory of a small machine. */
const TRANSITIONS_MAX = 12_000_000;
const SAMPLE = 0.1;
const WALKS_EACH = 2_000;
const STEPS_MAX = 120;

interface Row {
  readonly name: string;
  readonly states: number | undefined;
  readonly transitions: number;
  readonly converged: number;
  readonly failures: readonly string[];
  readonly isComplete: boolean;
}

function prove({ name, setup }: Named, seconds: number, seed: number): Row {
  const play = playOf(setup);
  const converge = createConverge(play);
  const chance = createSeededChance(seed);
  const endMs = performance.now() + seconds * 1_000;
  const stuck: string[] = [];
  let converged = 0;
  const { found, ...searched } = search(beginningOf(setup), play, {
    transitionsMax: TRANSITIONS_MAX,
    isOver: () => performance.now() > endMs,
    visit: (world, trace) => {
      if (chance.roll() >= SAMPLE) return;
      converged += 1;
      const failure = converge(world);
      if (failure) stuck.push(`${failure.why}\n${tableOf([...trace(), ...failure.trace])}`);
    },
  });
  const broken = found.filter(({ violation }) => violation.window === undefined).map(tell);
  return { name, ...searched, converged, failures: [...broken, ...stuck.slice(0, 1)] };
}

function walk(seconds: number, seed: number): Row {
  const endMs = performance.now() + seconds * 1_000;
  const failures: string[] = [];
  let transitions = 0;
  let converged = 0;
  for (let round = 0; performance.now() < endMs && failures.length === 0; round += 1) {
    const chance = createSeededChance(seed + round);
    const walks = { count: WALKS_EACH, stepsMax: STEPS_MAX, chance };
    const wandered = wander(beginningOf(EVERYTHING), playOf(EVERYTHING), walks);
    transitions += wandered.transitions;
    converged += WALKS_EACH;
    failures.push(...wandered.failures.map(({ why, trace }) => `${why}\n${tableOf(trace)}`));
  }
  const name = 'random walks through everything';
  return { name, states: undefined, transitions, converged, failures, isComplete: false };
}

function report({ name, states, transitions, converged, failures, isComplete }: Row): void {
  const extent = isComplete ? 'to the end' : 'as far as there was time';
  const counts = [states && `${states} states`, `${transitions} transitions`, extent];
  const verdicts = [`${failures.length} failures`, `${converged} worlds tried for convergence`];
  console.log(`${name}\n  ${[...counts, ...verdicts].filter(Boolean).join(', ')}`);
  for (const failure of failures) console.log(failure);
}

/** Shortest traces, as tables. */
function show(name: string, play: Play, first: World, law: Violation['law']): void {
  const { found } = search(first, play, {
    transitionsMax: TRANSITIONS_MAX,
    until: (violation) => violation.law === law,
  });
  const [shown] = found.filter(({ violation }) => violation.law === law);
  console.log(`\n${name}\n${shown ? tell(shown) : 'not found'}`);
}

function showAll(): void {
  for (const { window, because, setup, law } of WINDOWS) {
    show(`${window}: ${because}`, playOf(setup), beginningOf(setup), law);
  }
  for (const { without, setup, rules, law } of SABOTAGES) {
    const play = { ...playOf(setup), rules: { ...SHIPPED, ...rules } };
    show(`Without ${without}`, play, beginningOf(setup), law);
  }
}

function main(): void {
  if (values.traces) return showAll();
  const seed = Number(values.seed);
  const endMs = performance.now() + Number(values.seconds) * 1_000;
  const worlds = [...WORLDS, ...LARGE_WORLDS];
  const rows: Row[] = [];
  console.log(`seed ${seed}`);
  for (const [index, world] of worlds.entries()) {
    const share = (endMs - performance.now()) / 1_000 / (worlds.length + 1 - index);
    rows.push(prove(world, share, seed));
    report(rows.at(-1) as Row);
  }
  rows.push(walk((endMs - performance.now()) / 1_000, seed));
  report(rows.at(-1) as Row);
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const failures = sum((row) => row.failures.length);
  console.log(
    `\n${sum((row) => row.states ?? 0)} states, ${sum((row) => row.transitions)} transitions, ` +
      `${sum((row) => row.converged)} tried for convergence, ${failures} failures`,
  );
  process.exitCode = failures === 0 ? 0 : 1;
}

main();
