/** Verdicts that are kept: a run that was stopped goes on where it was. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mutant } from './mutant.ts';
import type { Suite } from './tiers.ts';
import type { Trial } from './trial.ts';

export interface Entry extends Trial {
  /** Of what was tested, by what, and changed how. */
  readonly key: string;
}

export interface Ledger {
  get(key: string): Trial | undefined;
  /** @param isKept beyond the end of this process */
  put(key: string, trial: Trial, isKept: boolean): void;
}

/** One line a verdict; a line that was cut off counts as none. */
export function openLedger(file: string): Ledger {
  mkdirSync(dirname(file), { recursive: true });
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const known = new Map(lines.flatMap(readEntry).map(({ key, ...trial }) => [key, trial]));
  return {
    get: (key) => known.get(key),
    put: (key, trial, isKept) => {
      known.set(key, trial);
      if (isKept) appendFileSync(file, `${JSON.stringify({ key, ...trial })}\n`);
    },
  };
}

function readEntry(line: string): readonly Entry[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** @param tree the hash of all that the suite reads */
export function keyOf(mutant: Mutant | undefined, suite: Suite, tree: string): string {
  const edits = JSON.stringify(mutant?.edits ?? []);
  const hash = createHash('sha256').update(`${suite}\0${tree}\0${edits}`).digest('hex');
  return `${mutant?.name ?? 'none'} ${suite} ${hash.slice(0, 16)}`;
}
