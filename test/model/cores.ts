/**
 * Worlds without their budgets, and the ways between them. What may happen next is asked of the
 * protocol once for each; in how many states it happens, with more or less left to pay with, is
 * then a matter of numbers.
 */
import type { Step } from './climbing.ts';
import { createCodec, type Encode, type Merging } from './codec.ts';
import { NumberedFingerprints } from './engine/fingerprints.ts';
import { Ints } from './engine/ints.ts';
import { Parts } from './engine/parts.ts';
import { Purse } from './engine/purse.ts';
import { WorldRows } from './engine/world-rows.ts';
import type { Violation } from './laws.ts';
import type { Play } from './play.ts';
import { successors } from './steps.ts';
import type { World } from './world.ts';

export interface SavedCores {
  readonly parts: readonly unknown[];
  readonly violations: readonly Violation[];
  readonly numbers: {
    readonly rows: Int32Array;
    readonly lows: Int32Array;
    readonly highs: Int32Array;
    readonly asked: Int32Array;
    readonly begins: Int32Array;
    readonly ends: Int32Array;
    readonly targets: Int32Array;
    readonly prices: Int32Array;
  };
}

export class Cores {
  readonly purse: Purse;
  readonly #play: Play;
  readonly #parts: Parts;
  readonly #encode: Encode;
  readonly #known: NumberedFingerprints;
  readonly #rows: WorldRows;
  /** Of each core: for which kinds of prices it was asked, and where its ways are; 0 is none. */
  readonly #asked: Ints;
  readonly #begins: Ints;
  readonly #ends: Ints;
  /** Of each way: the core, or `~` the number of what is broken; and the kind of its price. */
  readonly #targets: Ints;
  readonly #prices: Ints;
  readonly #violations: Violation[];

  constructor(first: World, play: Play, merging: Merging, saved?: SavedCores) {
    const { numbers } = saved ?? {};
    this.purse = new Purse(first.budget);
    this.#play = play;
    this.#parts = new Parts(saved?.parts);
    this.#encode = createCodec(play, this.#parts, merging);
    this.#known = new NumberedFingerprints(numbers?.lows, numbers?.highs);
    this.#rows = new WorldRows(first, this.#parts, numbers?.rows);
    this.#asked = new Ints(numbers?.asked);
    this.#begins = new Ints(numbers?.begins);
    this.#ends = new Ints(numbers?.ends);
    this.#targets = new Ints(numbers?.targets);
    this.#prices = new Ints(numbers?.prices);
    this.#violations = [...(saved?.violations ?? [])];
  }

  get size(): number {
    return this.#known.size;
  }

  /** Its number, from now on. */
  enter(world: World): number {
    const print = this.#encode(world);
    const known = this.#known.find(print);
    if (known !== undefined) return known;
    this.#rows.push(world);
    this.#asked.push(NEVER);
    this.#begins.push(0);
    this.#ends.push(0);
    return this.#known.add(print);
  }

  find(world: World): number | undefined {
    return this.#known.find(this.#encode(world));
  }

  /** One of the worlds that are alike, with one left of each of these kinds. */
  worldOf(core: number, left: number): World {
    return { ...this.#rows.at(core), budget: this.purse.budgetOf(left) };
  }

  /** Whether all ways are known that this can pay for. */
  isAsked(core: number, left: number): boolean {
    const asked = this.#asked.at(core);
    return asked !== NEVER && (left & ~asked) === 0;
  }

  isNew(core: number): boolean {
    return this.#asked.at(core) === NEVER;
  }

  /** Asks the protocol for every way; those that were known before are forgotten. */
  ask(core: number, left: number): readonly Step[] {
    const kinds = this.isNew(core) ? left : left | this.#asked.at(core);
    const world = this.worldOf(core, kinds);
    const steps = successors(world, this.#play);
    const ways = steps.map((step) => this.#targetOf(step));
    this.#asked.put(core, kinds);
    this.#begins.put(core, this.#targets.length);
    for (const [at, step] of steps.entries()) {
      this.#targets.push(ways[at] ?? 0);
      this.#prices.push(this.purse.priceOf(world.budget, step.world.budget));
    }
    this.#ends.put(core, this.#targets.length);
    return steps;
  }

  beginOf(core: number): number {
    return this.#begins.at(core);
  }

  endOf(core: number): number {
    return this.#ends.at(core);
  }

  /** Where a way leads: a core, or below zero, something broken. */
  targetOf(way: number): number {
    return this.#targets.at(way);
  }

  priceOf(way: number): number {
    return this.#prices.at(way);
  }

  violationOf(target: number): Violation | undefined {
    return this.#violations[~target];
  }

  save(): SavedCores {
    return {
      parts: this.#parts.values,
      violations: this.#violations,
      numbers: {
        rows: this.#rows.rows,
        lows: this.#known.lows,
        highs: this.#known.highs,
        asked: this.#asked.items(),
        begins: this.#begins.items(),
        ends: this.#ends.items(),
        targets: this.#targets.items(),
        prices: this.#prices.items(),
      },
    };
  }

  #targetOf({ world, violation }: Step): number {
    if (violation === undefined) return this.enter(world);
    const { law, window } = violation;
    const known = this.#violations.findIndex((each) => each.law === law && each.window === window);
    return ~(known < 0 ? this.#violations.push(violation) - 1 : known);
  }
}

/** No kind of price has this bit. */
const NEVER = 1 << 30;
