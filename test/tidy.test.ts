/** The house rules that neither compiler nor linter knows, on every file there is. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cycleFindings, importFindings } from './tidy/import-rules.ts';
import {
  assertionFindings,
  coreFindings,
  hookFindings,
  moduleFindings,
} from './tidy/shape-rules.ts';
import { fileSizeFindings, functionSizeFindings, lineSizeFindings } from './tidy/size-rules.ts';
import { readSource } from './tidy/source.ts';
import { globalFindings, leftoverFindings, nameFindings, pathFindings } from './tidy/word-rules.ts';

const sources = globSync('src/**/*.ts').sort().map(readSource);
const others = globSync('{test,scripts}/**/*.ts').sort().map(readSource);
const everything = [...sources, ...others];

const FOLDERS = '{charts,crds,deploy,docs,examples,scripts,src,test}';
const TEXTS = [
  '*.{ts,md,json,yaml}',
  'Dockerfile',
  '.ci/*',
  '.github/**/*.yaml',
  `${FOLDERS}/**/*.{ts,md,json,yaml,yml,lua,tpl,txt,sh}`,
];

describe('the sources', () => {
  test('are found', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(others.length).toBeGreaterThan(20);
  });

  test('import downwards only, each what its row of the table allows', () => {
    expect(sources.flatMap(importFindings)).toEqual([]);
  });

  test('import each other in no circle', () => {
    expect(cycleFindings(sources)).toEqual([]);
  });

  test('are short files, of short lines', () => {
    expect(everything.flatMap(fileSizeFindings)).toEqual([]);
    expect(everything.flatMap(lineSizeFindings)).toEqual([]);
  });

  test('have short functions, and a reason for each that is not', () => {
    expect(sources.flatMap(functionSizeFindings)).toEqual([]);
  });

  test('leave time, chance, the process and the console to those whose task they are', () => {
    expect(sources.flatMap(globalFindings)).toEqual([]);
  });

  test('have names that say something', () => {
    expect(sources.flatMap(nameFindings)).toEqual([]);
  });

  test('neither wait nor throw in core', () => {
    expect(sources.flatMap(coreFindings)).toEqual([]);
    expect(assertionFindings(sources)).toEqual([]);
  });

  test('export by name what is theirs, and keep nothing at module level', () => {
    expect(sources.flatMap(moduleFindings)).toEqual([]);
  });

  test('have hooks where they are run for each file', () => {
    expect(others.flatMap(hookFindings)).toEqual([]);
  });

  test('leave nothing for later', () => {
    expect(everything.flatMap(leftoverFindings)).toEqual([]);
  });

  test('speak of no machine, nor does anything beside them', () => {
    const paths = globSync(TEXTS).filter((path) => path !== 'package-lock.json');
    expect(paths.length).toBeGreaterThan(everything.length);
    expect(paths.flatMap((path) => pathFindings(path, readFileSync(path, 'utf8')))).toEqual([]);
  });
});
