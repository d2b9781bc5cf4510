/** The list of mutants is about today's source: each of them applies, once, and can be loaded. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MUTANTS } from './all-mutants.ts';
import { ROOT } from './copy.ts';
import { type Changed, transform } from './mutant.ts';
import { tierOf } from './tiers.ts';

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Whether it is TypeScript at all: what it means is for the tiers to say. */
function parses({ after }: Changed): boolean {
  return stripTypeScriptTypes(after).length > 0;
}

describe('the list of mutants', () => {
  test('has at least forty, each with a name of its own', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  test('names two tiers for each', () => {
    for (const { name, killedBy } of MUTANTS) {
      expect(new Set(killedBy.map(tierOf)).size, name).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('each mutant applies to the source of today and can be loaded', () => {
  test.for(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s', ([, mutant]) => {
    const changed = transform(mutant, read);
    expect(changed).not.toEqual([]);
    expect(changed.filter(({ before, after }) => before !== after)).toEqual(changed);
    expect(changed.filter((each) => !parses(each))).toEqual([]);
  });
});
