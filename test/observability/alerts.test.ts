/** The alerts are well formed, lead to a runbook, and fire when they should and not before. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ALL_ROWS } from '../core/outcomes.ts';
import { anchorsOf } from '../golden/markdown.ts';
import { ALERTS, GROUPS, minutesOf, RULES_FILE } from './alert-rules.ts';
import { HEALTHY, type Scenario, TROUBLES, type Trouble } from './alert-scenarios.ts';
import { aWorld, MINUTES, nameOf, type Series, touched } from './alert-world.ts';
import { faultsOf, knownMetrics } from './known-metrics.ts';
import { groupLabelsOf, selectorsOf } from './promql.ts';
import { findPromtool, promtool } from './promtool.ts';

const lookup = findPromtool();
if (lookup.kind === 'missing') console.warn(`SKIPPED: promtool test rules: ${lookup.reason}`);

const known = await knownMetrics();
const DOCUMENT = 'docs/observability.md';
const runbooks = readFileSync(join(import.meta.dirname, '../..', DOCUMENT), 'utf8');

describe('every alert', () => {
  test('has a name of its own', () => {
    const names = ALERTS.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^CognitoOperator[A-Z]\w+$/.test(name))).toEqual([]);
    expect(GROUPS.length).toBeGreaterThan(1);
  });

  test.each(ALERTS)('$alert waits, and says how bad it is', (alert) => {
    expect(minutesOf(alert.for)).toBeGreaterThanOrEqual(1);
    expect(Object.keys(alert.labels)).toEqual(['severity']);
    expect(['critical', 'warning', 'info']).toContain(alert.labels['severity']);
  });

  test.each(ALERTS)('$alert says what is wrong, and where help is', ({ alert, annotations }) => {
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url']);
    expect(annotations['summary']).toMatch(/^(?:[A-Z]|cognito-operator ).{10,80}\.$/);
    expect(annotations['summary']).not.toContain('{{');
    expect(annotations['description']).toMatch(/^\S.*\.$/);
    const [page = '', anchor = ''] = annotations['runbook_url']?.split('#') ?? [];
    expect(page).toBe(DOCUMENT);
    expect(anchor).toBe(alert.toLowerCase());
    expect(anchorsOf(runbooks)).toContain(anchor);
  });

  test.each(ALERTS)('$alert asks for what there is', ({ expr }) => {
    expect(selectorsOf(expr).length).toBeGreaterThan(0);
    expect(faultsOf(expr, known)).toEqual([]);
  });

  test.each(ALERTS)('$alert tells of no label that it does not have', ({ expr, annotations }) => {
    const told = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)];
    const labels = told.map(([, label = '']) => label);
    const metrics = selectorsOf(expr).flatMap(({ metric }) => [
      ...(known.get(metric)?.keys() ?? []),
    ]);
    const isGrouped = /\bby \(/.test(expr);
    const has = isGrouped ? groupLabelsOf(expr) : [...metrics, 'job', 'namespace', 'instance'];
    expect(labels.filter((label) => !has.includes(label))).toEqual([]);
  });

  test('has a trouble in which it fires', () => {
    const fired = new Set(TROUBLES.map(({ alert }) => alert));
    expect(ALERTS.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([]);
  });
});

test('every reason that is not well, and not asked for, has an alert', () => {
  const rows = ALL_ROWS.flatMap(({ says, leaving }) => [says, leaving]);
  const reasons = rows.flatMap((says) => (typeof says === 'object' ? [says.reason] : []));
  const alerted = ALERTS.flatMap(({ expr }) => selectorsOf(expr))
    .filter(({ metric }) => metric === 'cognito_operator_resources')
    .flatMap(({ matchers }) => matchers.flatMap(({ value }) => value.split('|')));
  const wanted = new Set(['Unseen', ...reasons]);
  wanted.delete('Synced');
  expect([...alerted].sort()).toEqual([...wanted].sort());
});

test('every runbook is of an alert', () => {
  const [, after = ''] = runbooks.split(/^## Alerts$/m);
  const [section = ''] = after.split(/^## /m);
  const headings = [...section.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  expect(headings).toEqual(ALERTS.map(({ alert }) => alert));
});

describe.skipIf(lookup.kind === 'missing')('by the word of promtool', () => {
  test('the rules are rules', () => {
    expect(promtool(lookup, ['check', 'rules', '--lint-fatal', RULES_FILE])).toEqual({
      code: 0,
      said: expect.stringContaining(`SUCCESS: ${ALERTS.length} rules found`),
    });
  });

  test('each trouble fires its alert and no other, in time, and a healthy day none', async () => {
    const world = await aWorld();
    const [nothing, troubles] = [true, false].map((empty) =>
      TROUBLES.filter(({ series }) => (series === 'Nothing') === empty).map(checked),
    );
    const together = [...HEALTHY.map(unfired), ...(troubles ?? [])].map((each, index) =>
      seriesAndChecks(each, world, `job-${index}`),
    );
    const alone = (nothing ?? []).map((each) => seriesAndChecks(each, world, ''));
    expect(verdictOn([mergedOf(together), ...alone])).toBe('');
  });
});

/* ------------------------------------------------------------------ for promtool */

interface Check {
  readonly expr: (selected: string) => string;
  readonly atMinute: number;
  readonly fires: readonly string[];
}

type Checked = Scenario & { readonly checks: readonly Check[] };

const countNow = (selected: string) => `count by (alertname) (${selected})`;
const countEver = (selected: string) =>
  `count by (alertname) (last_over_time(${selected}[${MINUTES}m]))`;

function checked(trouble: Trouble): Checked {
  const { alert, quietAt, firesAt, overAt } = trouble;
  const at = (atMinute: number, ...fires: readonly string[]) => ({
    expr: countNow,
    atMinute,
    fires,
  });
  const over = overAt === undefined ? [] : [at(overAt)];
  return { ...trouble, checks: [at(quietAt), at(firesAt, alert), ...over] };
}

function unfired(scenario: Scenario): Checked {
  return { ...scenario, checks: [{ expr: countEver, atMinute: MINUTES, fires: [] }] };
}

/** A test as promtool knows them. */
interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly object[];
  readonly promql_expr_test: readonly object[];
}

/** @param job tells it from others in the same test; empty when it stands alone */
function seriesAndChecks(scenario: Checked, world: readonly Series[], job: string): PromtoolTest {
  const { series, checks, name } = scenario;
  const over = typeof series === 'function' ? series(world) : series;
  const all = over === 'Nothing' ? [] : over.length === 0 ? world : touched(world, over);
  const ofJob = job === '' ? '' : `,job="${job}"`;
  return {
    name,
    interval: '1m',
    input_series: all.map((each) => ({ series: nameOf(each, job), values: each.values })),
    promql_expr_test: checks.map(({ expr, atMinute, fires }) => ({
      expr: expr(`ALERTS{alertstate="firing"${ofJob}}`),
      eval_time: `${atMinute}m`,
      exp_samples: fires.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 })),
    })),
  };
}

/** All at once, each with a job of its own: promtool takes its time for each test. */
function mergedOf(tests: readonly PromtoolTest[]): PromtoolTest {
  return {
    name: 'all together',
    interval: '1m',
    input_series: tests.flatMap((each) => each.input_series),
    promql_expr_test: tests.flatMap((each) => each.promql_expr_test),
  };
}

/** What promtool has to complain of. */
function verdictOn(tests: readonly PromtoolTest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-alerts-'));
  const file = join(folder, 'test.yaml');
  writeFileSync(file, stringify({ rule_files: [RULES_FILE], evaluation_interval: '1m', tests }));
  const { code, said } = promtool(lookup, ['test', 'rules', file]);
  rmSync(folder, { recursive: true });
  return code === 0 ? '' : said;
}
