/**
 * Every world that can be reached, breadth first: the first trace found is a shortest one. A world
 * is kept until its successors are known; a trace is found again by walking the choices anew.
 */
import type { Step } from './climbing.ts';
import { createCodec } from './codec.ts';
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

export interface Searched {
  readonly states: number;
  readonly transitions: number;
  /** Whether every world that can be reached was reached. */
  readonly isComplete: boolean;
  readonly found: readonly Found[];
  /** Everything that was done anywhere, in words. */
  readonly told: ReadonlySet<string>;
}

export interface Limits {
  readonly transitionsMax: number;
  /** The violation that is looked for: it ends the search. */
  readonly until?: (violation: Violation) => boolean;
  /** Asked now and then; `true` ends the search. */
  readonly isOver?: () => boolean;
  /** Called once for each world, the nearest first. */
  readonly visit?: (world: World, trace: () => readonly Step[]) => void;
}

export function search(first: World, play: Play, limits: Limits): Searched {
  const tree = new Tree(first, play);
  const { transitionsMax, until = () => false, isOver = () => false, visit } = limits;
  while (tree.transitions < transitionsMax && !tree.isExhausted) {
    if (tree.at % LOOK_EVERY === 0 && isOver()) break;
    const { at } = tree;
    visit?.(tree.world, () => tree.traceTo(at));
    if (tree.grow().some(until)) break;
  }
  return tree.searched();
}

const LOOK_EVERY = 1_000;

class Tree {
  readonly #first: World;
  readonly #play: Play;
  readonly #encode = createCodec();
  readonly #known = new Set<string>();
  /** In the order of their distance; forgotten once left. */
  readonly #worlds: (World | undefined)[] = [];
  /** How each world was reached: from which, by which of its choices. */
  readonly #parents: number[] = [];
  readonly #choices: number[] = [];
  readonly #found = new Map<string, Found>();
  readonly #told = new Set<string>();
  transitions = 0;
  /** The world that is left next. */
  at = 0;

  constructor(first: World, play: Play) {
    this.#first = first;
    this.#play = play;
    this.#enter(first, -1);
  }

  get world(): World {
    return this.#worlds[this.at] ?? this.#first;
  }

  get isExhausted(): boolean {
    return this.at === this.#worlds.length;
  }

  /** Leaves one world for all that come after it. @returns what was broken on the way */
  grow(): readonly Violation[] {
    const steps = successors(this.world, this.#play);
    const broken = steps.flatMap(({ violation }, choice) => {
      if (violation !== undefined) this.#note(violation, choice);
      return violation ?? [];
    });
    for (const [choice, { what, world, violation }] of steps.entries()) {
      this.#told.add(what);
      if (violation === undefined) this.#enter(world, choice);
    }
    this.#worlds[this.at] = undefined;
    this.transitions += steps.length;
    this.at += 1;
    return broken;
  }

  traceTo(index: number, choice?: number): readonly Step[] {
    const path = choice === undefined ? [] : [choice];
    for (let at = index; at > 0; at = this.#parents[at] ?? 0) path.unshift(this.#choices[at] ?? 0);
    const steps: Step[] = [];
    for (const each of path) {
      const step = successors(steps.at(-1)?.world ?? this.#first, this.#play)[each];
      if (step !== undefined) steps.push(step);
    }
    return steps;
  }

  searched(): Searched {
    return {
      states: this.#known.size,
      transitions: this.transitions,
      isComplete: this.isExhausted,
      found: [...this.#found.values()],
      told: new Set([...this.#told].flatMap((what) => what.split(', '))),
    };
  }

  #enter(world: World, choice: number): void {
    const code = this.#encode(world);
    if (this.#known.has(code)) return;
    this.#known.add(code);
    this.#worlds.push(world);
    this.#parents.push(this.at);
    this.#choices.push(choice);
  }

  #note(violation: Violation, choice: number): void {
    const kind = `${violation.law} ${violation.window ?? ''}`;
    const known = this.#found.get(kind);
    const trace = known?.trace ?? this.traceTo(this.at, choice);
    this.#found.set(kind, { violation, count: (known?.count ?? 0) + 1, trace });
  }
}
