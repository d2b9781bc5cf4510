/**
 * A search on disk: a folder of numbers as they are in memory, and of the parts that they mean.
 * Written beside the one before and renamed, so that a stop at any moment leaves a whole one.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Saved } from '../tree.ts';

export interface Checkpoint<T> {
  readonly saved: Saved;
  /** What whoever searches wants to know again. */
  readonly beside: T;
}

export function writeCheckpoint<T>(folder: string, { saved, beside }: Checkpoint<T>): void {
  const { rows, slots, parents, choices, ...rest } = saved;
  const unfinished = `${folder}.unfinished`;
  removeCheckpoint(unfinished);
  mkdirSync(unfinished, { recursive: true });
  for (const [name, numbers] of Object.entries({ rows, slots, parents, choices })) {
    writeFileSync(join(unfinished, name), numbers);
  }
  writeFileSync(join(unfinished, 'rest'), serialize({ rest, beside }));
  removeCheckpoint(folder);
  renameSync(unfinished, folder);
}

/** `undefined` when none was written. */
export function readCheckpoint<T>(folder: string): Checkpoint<T> | undefined {
  if (!existsSync(folder)) return undefined;
  const { rest, beside } = deserialize(readFileSync(join(folder, 'rest'))) as Written<T>;
  const signed = (name: string) => new Int32Array(numbersOf(join(folder, name)));
  const saved = {
    ...rest,
    rows: signed('rows'),
    slots: new Uint32Array(numbersOf(join(folder, 'slots'))),
    parents: signed('parents'),
    choices: signed('choices'),
  };
  return { saved, beside };
}

export function removeCheckpoint(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

interface Written<T> {
  readonly rest: Omit<Saved, 'rows' | 'slots' | 'parents' | 'choices'>;
  readonly beside: T;
}

function numbersOf(path: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
