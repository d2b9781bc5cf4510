/** Every world that can be reached, breadth first: the first trace found is a shortest one. */
import type { Step } from './climbing.ts';
import type { Merging } from './codec.ts';
import type { Violation } from './laws.ts';
import type { Play } from './play.ts';
import { type Found, Tree } from './tree.ts';
import type { World } from './world.ts';

export interface Searched {
  readonly states: number;
  readonly transitions: number;
  /** Whether every world that can be reached was reached. */
  readonly isComplete: boolean;
  readonly found: readonly Found[];
}

export interface Limits {
  readonly transitionsMax: number;
  /** The violation that is looked for: it ends the search. */
  readonly until?: (violation: Violation) => boolean;
  /** Asked now and then; `true` ends the search. */
  readonly isOver?: () => boolean;
  /** Called once for each world, whatever its budget, the nearest first. */
  readonly visit?: (world: World, trace: () => readonly Step[]) => void;
  /** Told of everything that is done, in words. */
  readonly hear?: (what: string) => void;
  readonly merging?: Merging;
}

export function search(first: World, play: Play, limits: Limits): Searched {
  const tree = new Tree(first, play, limits.merging);
  goOn(tree, limits);
  const { states, transitions, isComplete, found } = tree;
  return { states, transitions, isComplete, found };
}

/** From where the tree is. */
export function goOn(tree: Tree, limits: Limits): void {
  const { transitionsMax, until = () => false, isOver = () => false, visit, hear } = limits;
  const wanted: Violation[] = [];
  const look = (violation: Violation): void => {
    if (until(violation)) wanted.push(violation);
  };
  while (wanted.length === 0 && !tree.isComplete && tree.transitions < transitionsMax) {
    const at = tree.left;
    if (at % LOOK_EVERY === 0 && isOver()) return;
    const world = visit && tree.news();
    if (world !== undefined) visit?.(world, () => tree.traceTo(at));
    const steps = tree.leave(look);
    if (hear !== undefined) for (const { what } of steps) hear(what);
  }
}

const LOOK_EVERY = 1_000;
