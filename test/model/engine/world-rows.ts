/**
 * Worlds by number, each a row of numbers of parts: a tenth of the memory of the objects, and
 * nothing for the collector to walk through.
 */
import type { Mind, World } from '../world.ts';
import { Ints } from './ints.ts';
import type { Parts } from './parts.ts';

export class WorldRows {
  readonly #parts: Parts;
  readonly #pattern: World;
  readonly #ofWorld: readonly (keyof World)[];
  readonly #ofMind: readonly (keyof Mind)[];
  readonly #numbers: Ints;

  /** @param pattern any world: all have the same fields */
  constructor(pattern: World, parts: Parts, rows?: Int32Array) {
    this.#parts = parts;
    this.#pattern = pattern;
    this.#ofWorld = keysOf(pattern).filter((key) => key !== 'mind');
    this.#ofMind = keysOf(pattern.mind);
    this.#numbers = new Ints(rows);
  }

  /** To be written down. */
  get rows(): Int32Array {
    return this.#numbers.items();
  }

  push(world: World): void {
    const { mind } = world;
    for (const key of this.#ofWorld) this.#numbers.push(this.#parts.numberOf(world[key]));
    for (const key of this.#ofMind) this.#numbers.push(this.#parts.numberOf(mind[key]));
  }

  /** Copied first: all worlds keep one hidden class, which the engine is fast with. */
  at(number: number): World {
    let at = number * (this.#ofWorld.length + this.#ofMind.length);
    const mind = { ...this.#pattern.mind } as Record<keyof Mind, unknown>;
    const world = { ...this.#pattern, mind } as Record<keyof World, unknown>;
    for (const key of this.#ofWorld) world[key] = this.#parts.valueOf(this.#numbers.at(at++));
    for (const key of this.#ofMind) mind[key] = this.#parts.valueOf(this.#numbers.at(at++));
    return world as World;
  }
}

function keysOf<T extends object>(pattern: T): readonly (keyof T)[] {
  return Object.keys(pattern) as (keyof T)[];
}
