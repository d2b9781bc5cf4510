/**
 * Worlds that wait for their turn, first in, first out: each a row of numbers of parts, a tenth of
 * the memory of the objects, and nothing for the collector to walk through.
 */
import type { Mind, World } from '../world.ts';
import type { Parts } from './parts.ts';

export class WorldQueue {
  readonly #parts: Parts;
  readonly #pattern: World;
  readonly #ofWorld: readonly (keyof World)[];
  readonly #ofMind: readonly (keyof Mind)[];
  readonly #width: number;
  readonly #chunks: Int32Array[] = [];
  /** In rows, from the first of the first chunk. */
  #begin = 0;
  #end = 0;

  /** @param pattern any world: all have the same fields */
  constructor(pattern: World, parts: Parts) {
    this.#parts = parts;
    this.#pattern = pattern;
    this.#ofWorld = keysOf(pattern).filter((key) => key !== 'mind');
    this.#ofMind = keysOf(pattern.mind);
    this.#width = this.#ofWorld.length + this.#ofMind.length;
  }

  get length(): number {
    return this.#end - this.#begin;
  }

  push(world: World): void {
    const { mind } = world;
    const row = this.#end % ROWS;
    if (row === 0) this.#chunks.push(new Int32Array(ROWS * this.#width));
    const chunk = this.#chunks.at(-1) ?? NONE;
    let at = row * this.#width;
    for (const key of this.#ofWorld) chunk[at++] = this.#parts.numberOf(world[key]);
    for (const key of this.#ofMind) chunk[at++] = this.#parts.numberOf(mind[key]);
    this.#end += 1;
  }

  shift(): World | undefined {
    if (this.length === 0) return undefined;
    const world = this.#read(this.#chunks[0] ?? NONE, this.#begin * this.#width);
    this.#begin += 1;
    if (this.#begin === ROWS) this.#forgetChunk();
    return world;
  }

  /** What waits, to be written down. */
  rows(): Int32Array {
    const rows = new Int32Array(this.length * this.#width);
    let at = 0;
    for (const [index, chunk] of this.#chunks.entries()) {
      const begin = index === 0 ? this.#begin : 0;
      const end = Math.min(this.#end - index * ROWS, ROWS);
      const waiting = chunk.subarray(begin * this.#width, end * this.#width);
      rows.set(waiting, at);
      at += waiting.length;
    }
    return rows;
  }

  /** What was written down. */
  load(rows: Int32Array): void {
    for (let from = 0; from < rows.length; from += this.#width) {
      const row = this.#end % ROWS;
      if (row === 0) this.#chunks.push(new Int32Array(ROWS * this.#width));
      this.#chunks.at(-1)?.set(rows.subarray(from, from + this.#width), row * this.#width);
      this.#end += 1;
    }
  }

  /** Copied first: all worlds keep one hidden class, which the engine is fast with. */
  #read(chunk: Int32Array, from: number): World {
    let at = from;
    const mind = { ...this.#pattern.mind } as Record<keyof Mind, unknown>;
    const world = { ...this.#pattern, mind } as Record<keyof World, unknown>;
    for (const key of this.#ofWorld) world[key] = this.#parts.valueOf(chunk[at++] ?? 0);
    for (const key of this.#ofMind) mind[key] = this.#parts.valueOf(chunk[at++] ?? 0);
    return world as World;
  }

  #forgetChunk(): void {
    this.#chunks.shift();
    this.#begin -= ROWS;
    this.#end -= ROWS;
  }
}

/** In a chunk. */
const ROWS = 4_096;
const NONE = new Int32Array(0);

function keysOf<T extends object>(pattern: T): readonly (keyof T)[] {
  return Object.keys(pattern) as (keyof T)[];
}
