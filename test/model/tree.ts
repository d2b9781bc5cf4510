/**
 * What a search knows. A state is the number of a world and the number of what is left to pay with;
 * of each only that is kept, and from which it was reached. A trace is found again by walking on
 * from the beginning to whatever is alike.
 */
import type { Step } from './climbing.ts';
import type { Merging } from './codec.ts';
import { Cores, type SavedCores } from './cores.ts';
import { type Fingerprint, Fingerprints } from './engine/fingerprints.ts';
import { finished } from './engine/hashing.ts';
import { Ints } from './engine/ints.ts';
import type { Violation } from './laws.ts';
import type { Play } from './play.ts';
import { successors } from './steps.ts';
import type { World } from './world.ts';

/** One way to break one law: how often it was found, and the shortest trace there. */
export interface Found {
  readonly violation: Violation;
  readonly count: number;
  readonly trace: readonly Step[];
}

/** What is written down, so that the search can go on another day. */
export interface Saved {
  readonly counts: { readonly transitions: number; readonly left: number };
  readonly found: readonly Found[];
  readonly cores: Omit<SavedCores, 'numbers'>;
  readonly numbers: SavedCores['numbers'] & {
    readonly slots: Int32Array;
    readonly worlds: Int32Array;
    readonly budgets: Int32Array;
    readonly parents: Int32Array;
  };
}

export class Tree {
  readonly #first: World;
  readonly #play: Play;
  readonly #cores: Cores;
  readonly #known: Fingerprints;
  /** Of each state, in the order of their distance. */
  readonly #worlds: Ints;
  readonly #budgets: Ints;
  readonly #parents: Ints;
  readonly #found = new Map<string, Found>();
  #transitions = 0;
  #left = 0;

  constructor(first: World, play: Play, merging: Merging = 'Alike', saved?: Saved) {
    const { numbers, cores } = saved ?? {};
    this.#first = first;
    this.#play = play;
    this.#cores = new Cores(first, play, merging, numbers && cores && { ...cores, numbers });
    const slots = numbers && new Uint32Array(numbers.slots.buffer);
    this.#known = new Fingerprints(slots, numbers?.worlds.length);
    this.#worlds = new Ints(numbers?.worlds);
    this.#budgets = new Ints(numbers?.budgets);
    this.#parents = new Ints(numbers?.parents);
    if (saved === undefined) this.#enter(this.#cores.enter(first), this.#cores.purse.full, 0);
    else this.#resume(saved);
  }

  get states(): number {
    return this.#worlds.length;
  }

  /** Worlds that differ in more than what is left to pay with. */
  get worlds(): number {
    return this.#cores.size;
  }

  get transitions(): number {
    return this.#transitions;
  }

  /** How many states were left for their successors: the number of the next. */
  get left(): number {
    return this.#left;
  }

  get isComplete(): boolean {
    return this.#left === this.states;
  }

  get found(): readonly Found[] {
    return [...this.#found.values()];
  }

  /** The world of the next state, if no state was left with it before. */
  news(): World | undefined {
    const core = this.#worlds.at(this.#left);
    return this.#cores.isNew(core) ? this.#cores.worldOf(core, 0) : undefined;
  }

  /**
   * Leaves the nearest state for all that come after it.
   *
   * @param broken told of what is broken on the way
   * @returns what the protocol was asked for, and did not say before
   */
  leave(broken: (violation: Violation) => void): readonly Step[] {
    const at = this.#left;
    const core = this.#worlds.at(at);
    const budget = this.#budgets.at(at);
    const left = this.#cores.purse.leftIn(budget);
    const steps = this.#cores.isAsked(core, left) ? [] : this.#cores.ask(core, left);
    const end = this.#cores.endOf(core);
    for (let way = this.#cores.beginOf(core); way < end; way += 1) {
      const price = this.#cores.priceOf(way);
      if (price > 0 && ((left >> (price - 1)) & 1) === 0) continue;
      this.#transitions += 1;
      const target = this.#cores.targetOf(way);
      if (target >= 0) this.#enter(target, this.#cores.purse.pay(budget, price), at);
      else this.#note(this.#cores.violationOf(target), at, broken);
    }
    this.#left += 1;
    return steps;
  }

  traceTo(number: number): readonly Step[] {
    const path: number[] = [];
    for (let at = number; at > 0; at = this.#parents.at(at)) path.unshift(at);
    const steps: Step[] = [];
    for (const at of path) {
      steps.push(this.#walk(steps.at(-1)?.world ?? this.#first, (step) => this.#isAt(step, at)));
    }
    return steps;
  }

  save(): Saved {
    const { numbers, ...cores } = this.#cores.save();
    return {
      counts: { transitions: this.#transitions, left: this.#left },
      found: this.found,
      cores,
      numbers: {
        ...numbers,
        slots: new Int32Array(this.#known.slots.buffer),
        worlds: this.#worlds.items(),
        budgets: this.#budgets.items(),
        parents: this.#parents.items(),
      },
    };
  }

  #resume({ counts, found }: Saved): void {
    this.#transitions = counts.transitions;
    this.#left = counts.left;
    for (const each of found) this.#found.set(nameOf(each.violation), each);
  }

  #enter(core: number, budget: number, parent: number): void {
    if (!this.#known.add(keyOf(core * this.#cores.purse.size + budget))) return;
    this.#worlds.push(core);
    this.#budgets.push(budget);
    this.#parents.push(parent);
  }

  #note(
    violation: Violation | undefined,
    at: number,
    broken: (violation: Violation) => void,
  ): void {
    if (violation === undefined) return;
    const name = nameOf(violation);
    const known = this.#found.get(name);
    const trace = known?.trace ?? this.#traceOf(violation, at);
    this.#found.set(name, { violation, count: (known?.count ?? 0) + 1, trace });
    broken(violation);
  }

  #traceOf({ law, window }: Violation, at: number): readonly Step[] {
    const before = this.traceTo(at);
    const last = this.#walk(before.at(-1)?.world ?? this.#first, ({ violation }) => {
      return violation?.law === law && violation.window === window;
    });
    return [...before, last];
  }

  #isAt({ world, violation }: Step, state: number): boolean {
    if (violation !== undefined) return false;
    const isPaid = this.#cores.purse.numberOf(world.budget) === this.#budgets.at(state);
    return isPaid && this.#cores.find(world) === this.#worlds.at(state);
  }

  /** What is alike has the same ways; if it has not, the codec takes for alike what is not. */
  #walk(world: World, isWanted: (step: Step) => boolean): Step {
    const step = successors(world, this.#play).find(isWanted);
    if (step === undefined) throw new Error('a world that was taken for another has other ways');
    return step;
  }
}

/** Exact: both halves of a number below 2^53, the lower one scattered. Never 0. */
function keyOf(number: number): Fingerprint {
  const high = Math.floor(number / 2 ** 32);
  return { low: finished(number | 0), high: high + 1 };
}

function nameOf({ law, window }: Violation): string {
  return `${law} ${window ?? ''}`;
}
