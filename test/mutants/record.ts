/** What was found, written down: `verdicts.json`, and the table that is made of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './all-mutants.ts';
import { ROOT } from './copy.ts';
import type { Hunted } from './hunt.ts';
import { page, type Verdicts } from './page.ts';
import { tierOf } from './tiers.ts';

export const VERDICTS = join(import.meta.dirname, 'verdicts.json');
export const PAGE = join(ROOT, 'docs/assurance.md');

export function readVerdicts(): Verdicts {
  return existsSync(VERDICTS) ? JSON.parse(readFileSync(VERDICTS, 'utf8')) : {};
}

/** What was not asked this time stands as it was. */
export function recordVerdicts(hunted: readonly Hunted[]): void {
  const before = readVerdicts();
  const found = new Map(hunted.map((each) => [each.mutant.name, cellsOf(each)]));
  const after = Object.fromEntries(
    MUTANTS.map(({ name }) => [name, { ...before[name], ...found.get(name) }]),
  );
  writeFileSync(VERDICTS, `${JSON.stringify(after, undefined, 2)}\n`);
  writeFileSync(PAGE, page(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '', MUTANTS, after));
}

/** A tier has noticed when one of its suites has. */
function cellsOf({ verdicts }: Hunted): Verdicts[string] {
  const cells: Record<string, 'Killed' | 'Survived'> = {};
  for (const [suite, { kind }] of verdicts) {
    if (kind !== 'Broken' && cells[tierOf(suite)] !== 'Killed') cells[tierOf(suite)] = kind;
  }
  return cells;
}
