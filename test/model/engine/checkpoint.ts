/**
 * A search on disk: a folder of numbers as they are in memory, and of the parts that they mean.
 * Written beside the one before and renamed, so that a stop at any moment leaves a whole one.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Saved } from '../tree.ts';

export interface Checkpoint<T> {
  readonly saved: Saved;
  /** What whoever searches wants to know again. */
  readonly beside: T;
}

const NUMBERS = '.numbers';

export function writeCheckpoint<T>(folder: string, { saved, beside }: Checkpoint<T>): void {
  const { numbers, ...rest } = saved;
  const unfinished = `${folder}.unfinished`;
  removeCheckpoint(unfinished);
  mkdirSync(unfinished, { recursive: true });
  for (const [name, each] of Object.entries(numbers)) {
    writeFileSync(join(unfinished, name + NUMBERS), each);
  }
  writeFileSync(join(unfinished, 'rest'), serialize({ rest, beside }));
  removeCheckpoint(folder);
  renameSync(unfinished, folder);
}

/** `undefined` when none was written. */
export function readCheckpoint<T>(folder: string): Checkpoint<T> | undefined {
  if (!existsSync(folder)) return undefined;
  const { rest, beside } = deserialize(readFileSync(join(folder, 'rest'))) as Written<T>;
  const files = readdirSync(folder).filter((file) => file.endsWith(NUMBERS));
  const numbers = files.map((file) => [file.slice(0, -NUMBERS.length), read(join(folder, file))]);
  return { saved: { ...rest, numbers: Object.fromEntries(numbers) }, beside };
}

export function removeCheckpoint(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

interface Written<T> {
  readonly rest: Omit<Saved, 'numbers'>;
  readonly beside: T;
}

function read(path: string): Int32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Int32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
