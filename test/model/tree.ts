/**
 * What a search knows. A world is kept, as a row of numbers, until its successors are known; of
 * those that were left only the fingerprint stays, and how they were reached: a trace is found
 * again by walking the choices anew.
 */
import type { Step } from './climbing.ts';
import { createCodec, type Encode, type Merging } from './codec.ts';
import { Fingerprints } from './engine/fingerprints.ts';
import { Ints } from './engine/ints.ts';
import { Parts } from './engine/parts.ts';
import { WorldQueue } from './engine/world-queue.ts';
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
  readonly counts: {
    readonly transitions: number;
    readonly left: number;
    readonly states: number;
  };
  readonly found: readonly Found[];
  readonly parts: readonly unknown[];
  readonly rows: Int32Array;
  readonly slots: Uint32Array;
  readonly parents: Int32Array;
  readonly choices: Int32Array;
}

export class Tree {
  readonly #first: World;
  readonly #play: Play;
  readonly #encode: Encode;
  readonly #known: Fingerprints;
  readonly #worlds: WorldQueue;
  /** How each world was reached: from which, by which of its choices. */
  readonly #parents: Ints;
  readonly #choices: Ints;
  readonly #found = new Map<string, Found>();
  readonly #parts: Parts;
  #transitions = 0;
  #left = 0;

  constructor(first: World, play: Play, merging: Merging = 'Alike', saved?: Saved) {
    this.#first = first;
    this.#play = play;
    this.#parts = new Parts(saved?.parts);
    this.#encode = createCodec(play, this.#parts, merging);
    this.#worlds = new WorldQueue(first, this.#parts);
    this.#known = new Fingerprints(saved?.slots, saved?.counts.states);
    this.#parents = new Ints(saved?.parents);
    this.#choices = new Ints(saved?.choices);
    if (saved === undefined) this.#enter(first, 0, 0);
    else this.#resume(saved);
  }

  get states(): number {
    return this.#known.size;
  }

  get transitions(): number {
    return this.#transitions;
  }

  /** How many worlds were left for their successors: the number of the next. */
  get left(): number {
    return this.#left;
  }

  get isComplete(): boolean {
    return this.#worlds.length === 0;
  }

  get found(): readonly Found[] {
    return [...this.#found.values()];
  }

  /** The nearest world that was not left yet. */
  leave(): World | undefined {
    this.#left += 1;
    return this.#worlds.shift();
  }

  /** All that come after a world. @param at its number */
  grow(world: World, at: number): readonly Step[] {
    const steps = successors(world, this.#play);
    for (const [choice, step] of steps.entries()) {
      if (step.violation !== undefined) this.#note(step.violation, at, choice);
      else this.#enter(step.world, at, choice);
    }
    this.#transitions += steps.length;
    return steps;
  }

  traceTo(number: number, choice?: number): readonly Step[] {
    const path = choice === undefined ? [] : [choice];
    for (let at = number; at > 0; at = this.#parents.at(at)) path.unshift(this.#choices.at(at));
    const steps: Step[] = [];
    for (const each of path) {
      const step = successors(steps.at(-1)?.world ?? this.#first, this.#play)[each];
      if (step !== undefined) steps.push(step);
    }
    return steps;
  }

  save(): Saved {
    return {
      counts: { transitions: this.#transitions, left: this.#left, states: this.states },
      found: this.found,
      parts: this.#parts.values,
      rows: this.#worlds.rows(),
      slots: this.#known.slots,
      parents: this.#parents.items(),
      choices: this.#choices.items(),
    };
  }

  #resume({ counts, found, rows }: Saved): void {
    this.#transitions = counts.transitions;
    this.#left = counts.left;
    for (const each of found) this.#found.set(nameOf(each.violation), each);
    this.#worlds.load(rows);
  }

  #enter(world: World, parent: number, choice: number): void {
    if (!this.#known.add(this.#encode(world))) return;
    this.#worlds.push(world);
    this.#parents.push(parent);
    this.#choices.push(choice);
  }

  #note(violation: Violation, at: number, choice: number): void {
    const name = nameOf(violation);
    const known = this.#found.get(name);
    const trace = known?.trace ?? this.traceTo(at, choice);
    this.#found.set(name, { violation, count: (known?.count ?? 0) + 1, trace });
  }
}

function nameOf({ law, window }: Violation): string {
  return `${law} ${window ?? ''}`;
}
