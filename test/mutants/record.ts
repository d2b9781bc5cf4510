/** What was found, written down: of the mutants and of StrykerJS. `npm run generate` shows it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './all-mutants.ts';
import type { Hunted } from './hunt.ts';
import type { Judged } from './scores.ts';
import { type Tier, tierOf } from './tiers.ts';

/** Mutant -> tier -> whether it noticed; one that was not asked is not there. */
export type Verdicts = Readonly<
  Record<string, Readonly<Partial<Record<Tier, 'Killed' | 'Survived'>>>>
>;

const VERDICTS = join(import.meta.dirname, 'verdicts.json');
const SCORES = join(import.meta.dirname, 'scores.json');

export function readVerdicts(): Verdicts {
  return readJson(VERDICTS, {});
}

export function readScores(): readonly Judged[] {
  return readJson(SCORES, []);
}

/** What was not asked this time stands as it was. */
export function recordVerdicts(hunted: readonly Hunted[]): void {
  const before = readVerdicts();
  const found = new Map(hunted.map((each) => [each.mutant.name, cellsOf(each)]));
  const after = MUTANTS.map(({ name }) => [name, { ...before[name], ...found.get(name) }] as const);
  writeJson(VERDICTS, Object.fromEntries(after));
}

export function recordScores(judged: readonly Judged[]): void {
  const files = new Set(judged.map(({ file }) => file));
  const others = readScores().filter(({ file }) => !files.has(file));
  writeJson(
    SCORES,
    [...others, ...judged].sort((a, b) => (a.file < b.file ? -1 : 1)),
  );
}

function readJson<T>(file: string, otherwise: T): T {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : otherwise;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** A tier has noticed when one of its suites has. */
function cellsOf({ verdicts }: Hunted): Verdicts[string] {
  const cells: Record<string, 'Killed' | 'Survived'> = {};
  for (const [suite, { kind }] of verdicts) {
    if (kind !== 'Broken' && cells[tierOf(suite)] !== 'Killed') cells[tierOf(suite)] = kind;
  }
  return cells;
}
