/** Searches one world until it is told to stop, and goes on another day where it stopped. */
import { performance } from 'node:perf_hooks';
import { createSeededChance } from '../../support/seeded-chance.ts';
import { createConverge } from '../calm.ts';
import type { Step } from '../climbing.ts';
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from '../engine/checkpoint.ts';
import { goOn } from '../search.ts';
import { tableOf, tell } from '../table.ts';
import { type Found, Tree } from '../tree.ts';
import type { World } from '../world.ts';
import { beginningOf, type Named, playOf } from '../worlds.ts';
import type { Conditions } from './conditions.ts';
import type { Broken, Row } from './row.ts';

/** What two of may take of a small machine: about 3 GB each. */
const STATES_MAX = 80_000_000;
const CHECKPOINT_EVERY_MS = 180_000;

/** What is known beside the tree. */
interface Progress {
  readonly converged: number;
  readonly stuck: readonly string[];
  readonly seconds: number;
}

const NOTHING: Progress = { converged: 0, stuck: [], seconds: 0 };

export function searchWorld(named: Named, conditions: Conditions): Row {
  return new WorldSearch(named, conditions).run();
}

class WorldSearch {
  readonly #name: string;
  readonly #conditions: Conditions;
  readonly #tree: Tree;
  readonly #converge: ReturnType<typeof createConverge>;
  readonly #roll: () => number;
  readonly #begunMs = cpuMs();
  readonly #before: number;
  readonly #stuck: string[];
  #converged: number;
  #counted: number;
  #writeAtMs = performance.now() + CHECKPOINT_EVERY_MS;

  constructor({ name, setup }: Named, conditions: Conditions) {
    const play = playOf(setup);
    const kept = readCheckpoint<Progress>(conditions.folder);
    const { converged, stuck, seconds } = kept?.beside ?? NOTHING;
    this.#name = name;
    this.#conditions = conditions;
    this.#tree = new Tree(beginningOf(setup), play, 'Alike', kept?.saved);
    this.#converge = createConverge(play);
    this.#roll = createSeededChance(conditions.seed).roll;
    this.#before = seconds;
    this.#stuck = [...stuck];
    this.#converged = converged;
    this.#counted = this.#tree.transitions;
  }

  run(): Row {
    goOn(this.#tree, {
      transitionsMax: Number.POSITIVE_INFINITY,
      isOver: () => this.#isOver(),
      visit: (world, trace) => this.#visit(world, trace),
    });
    this.#count();
    if (this.#tree.isComplete) removeCheckpoint(this.#conditions.folder);
    else this.#write();
    return this.#row();
  }

  #visit(world: World, trace: () => readonly Step[]): void {
    if (this.#roll() >= this.#conditions.sample || this.#stuck.length > 0) return;
    this.#converged += 1;
    const failure = this.#converge(world);
    if (failure === undefined) return;
    this.#stuck.push(`${failure.why}\n${tableOf([...trace(), ...failure.trace])}`);
  }

  #isOver(): boolean {
    this.#count();
    if (performance.now() > this.#writeAtMs) this.#write();
    return this.#conditions.isStopped() || this.#tree.states > STATES_MAX;
  }

  #count(): void {
    this.#conditions.count(this.#tree.transitions - this.#counted);
    this.#counted = this.#tree.transitions;
  }

  #write(): void {
    const beside = { converged: this.#converged, stuck: this.#stuck, seconds: this.#seconds() };
    writeCheckpoint<Progress>(this.#conditions.folder, { saved: this.#tree.save(), beside });
    this.#writeAtMs = performance.now() + CHECKPOINT_EVERY_MS;
  }

  #seconds(): number {
    return this.#before + (cpuMs() - this.#begunMs) / 1_000;
  }

  #row(): Row {
    const { states, transitions, isComplete, found } = this.#tree;
    const unexcused = found.filter(({ violation }) => violation.window === undefined);
    return {
      name: this.#name,
      kind: 'Search',
      states,
      transitions,
      seconds: this.#seconds(),
      isComplete,
      converged: this.#converged,
      violations: found.map(brokenOf),
      failures: [...unexcused.map(tell), ...this.#stuck],
    };
  }
}

function brokenOf({ violation: { law, window }, count, trace }: Found): Broken {
  return { law, window: window ?? null, count, steps: trace.length };
}

/** Of this thread alone. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
