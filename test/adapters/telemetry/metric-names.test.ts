/** The table of metrics and the code that writes them, held against each other. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METRICS } from '../../../src/adapters/telemetry/metric-table.ts';

const TABLE = METRICS.map(({ name }) => name);
const CALL = /(?<=metrics\??\s*\.(?:count|observe|set)\(\s*')[a-z0-9_]+/g;
const PREFIXES = [...new Set(TABLE.map((name) => name.split('_')[0]))].join('|');
const LITERAL = new RegExp(`(?<=')(?:${PREFIXES})_[a-z0-9_]+(?=')`, 'g');

const written = globSync('src/**/*.ts')
  .filter((path) => !path.endsWith('metric-table.ts'))
  .flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return [CALL, LITERAL].flatMap((pattern) => text.match(pattern) ?? []);
  });

test('every metric that is written is in the table', () => {
  expect(written.filter((name) => !TABLE.includes(name))).toEqual([]);
});

test('every metric in the table is written somewhere', () => {
  expect(TABLE.filter((name) => !written.includes(name))).toEqual([]);
});
