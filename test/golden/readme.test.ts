/** What the README promises, held against what there is. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../src/adapters/telemetry/metric-table.ts';
import { EVENT_REASONS, REASONS, type Reason } from '../../src/api/conditions.ts';
import { SETTINGS } from '../../src/settings.ts';
import { ALL_ROWS, type Says } from '../core/outcomes.ts';
import { codeOf, fencesOf, tableOf } from './markdown.ts';
import { ROOT } from './schema.ts';

const README = read('README.md');

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function firstCode(cell = ''): string {
  return codeOf(cell)[0] ?? '';
}

describe('the table of reasons', () => {
  const { rows } = tableOf(README, "Ready's reason");

  test('has one row for each reason, in their order', () => {
    expect(rows.map(([reason]) => firstCode(reason))).toEqual(REASONS);
  });

  test.each(rows)('says of %s what the status contract says', (reason, ready, beside = '') => {
    const named = ['Reconciling', 'Stalled', 'Paused'].filter((type) => beside.includes(type));
    expect({ ready, beside: named }).toEqual(saidOf(firstCode(reason) as Reason));
  });

  test.each(rows)('says of %s what it means and what to do', (...cells) => {
    expect(cells).toHaveLength(5);
    for (const cell of cells.slice(3)) expect(cell).toMatch(/^[A-Z`].*\.$/);
  });
});

/** `Ready` and the conditions beside it, whatever ended the climb. */
function saidOf(reason: Reason) {
  if (reason === 'Paused') return { ready: 'kept', beside: ['Paused'] };
  const said = ALL_ROWS.flatMap(({ says, leaving }) => [says, leaving]).filter(isSaid);
  const ours = said.filter((each) => each.reason === reason);
  const beside = ours.flatMap((each) => each.beside?.split(':')[0] ?? []);
  return { ready: ours[0]?.ready, beside: [...new Set(beside)].sort() };
}

function isSaid(says: Says): says is Exclude<Says, string> {
  return typeof says === 'object';
}

test('the table of events has one row for each of them, in their order', () => {
  const { rows } = tableOf(README, 'Event');
  expect(rows.map(([reason]) => firstCode(reason))).toEqual(EVENT_REASONS);
});

test('the tables of settings have each with its names and its default', () => {
  const { rows } = tableOf(README, 'Flag');
  const shown = rows.map(([flag, variable, text]) => [flag, variable, text].map(firstCode));
  expect(shown).toEqual(
    SETTINGS.map(({ flag, variable, default: text }) => [flag, variable, text]),
  );
});

test('the IAM policy allows what the adapter calls, and nothing else', () => {
  const [policy = ''] = fencesOf(README, 'json');
  const { Statement } = JSON.parse(policy) as {
    readonly Statement: readonly { readonly Action: readonly string[] }[];
  };
  const source = read('src/adapters/cognito/user-pools.ts');
  const commands = [...source.matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => name);
  expect(Statement.flatMap(({ Action }) => Action)).toEqual(
    [...new Set(commands)].sort().map((name) => `cognito-idp:${name}`),
  );
});

test('the resource of the README is the one of the examples', () => {
  const [manifest] = fencesOf(README, 'yaml');
  expect(read('examples/one.yaml').replace(/^#.*\n/, '')).toBe(manifest);
});

test('every line of the log that is explained is one that is written', () => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map(read).join('\n');
  const { rows } = tableOf(README, 'The log says (`msg`)');
  const explained = rows.map(([line]) => firstCode(line));
  expect(explained.length).toBeGreaterThan(10);
  expect(explained.filter((line) => !sources.includes(`'${line}'`))).toEqual([]);
});

test('every metric that is worth an alert is one that is written, with its labels', () => {
  const { rows } = tableOf(README, 'Metric');
  for (const [cell] of rows) {
    const [name = '', labels = ''] = firstCode(cell).split(/[{}]/);
    const metric = METRICS.find((each) => each.name === name);
    expect(metric, name).toBeDefined();
    const known = Object.keys(metric?.labels ?? {});
    expect(known).toEqual(expect.arrayContaining(labels.split(',').filter(Boolean)));
  }
});

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: object };
  const commands = [...fencesOf(README, 'sh'), ...codeOf(README)].join('\n');
  const named = [...commands.matchAll(/npm (?:run )?(\w+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => name !== 'ci' && !Object.hasOwn(scripts, name))).toEqual([]);
});
