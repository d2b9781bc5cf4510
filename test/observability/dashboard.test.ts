/** The dashboard asks for what there is, shows all of it, and no panel covers another. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { METRICS } from '../../src/adapters/telemetry/metric-table.ts';
import { ALL_ROWS } from '../core/outcomes.ts';
import { faultsOf, knownMetrics, TARGET_LABELS } from './known-metrics.ts';
import { groupLabelsOf, selectorsOf } from './promql.ts';
import { findPromtool, promtool } from './promtool.ts';

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: { readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly Target[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
}

const FILE = join(import.meta.dirname, '../../charts/cognito-operator/files/dashboard.json');
const dashboard = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
};

const { panels } = dashboard;
const graphs = panels.filter(({ type }) => type !== 'row');
const targets = graphs.flatMap(({ title, targets: all = [] }) =>
  all.map((target) => ({ title, ...target })),
);

/** As Grafana sends it. */
function sent(expression: string): string {
  return expression.replaceAll('$__rate_interval', '5m').replaceAll(/\$(job|namespace)\b/g, '.*');
}

const known = await knownMetrics();
const lookup = findPromtool();
if (lookup.kind === 'missing') console.warn(`SKIPPED: queries by promtool: ${lookup.reason}`);

describe('the panels', () => {
  test('have each an id and a title of their own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  test.each(graphs)('$title: has a unit, says what it shows, and asks something', (panel) => {
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^(none|s|bytes|percentunit|ops|reqps)$/);
    expect(panel.description).toMatch(/^[A-Z0-9].*\.$/);
    expect(panel.targets?.length).toBeGreaterThan(0);
  });

  test('stand within the grid, none over another', () => {
    const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => ({
        title,
        cell: `${x + (at % w)},${y + Math.floor(at / w)}`,
      })),
    );
    const seen = new Map<string, string>();
    const overlaps = cells.filter(({ title, cell }) => {
      const before = seen.get(cell);
      seen.set(cell, title);
      return before !== undefined;
    });
    expect(overlaps).toEqual([]);
    expect(panels.filter(({ gridPos: { x, w } }) => x < 0 || x + w > 24)).toEqual([]);
  });
});

describe('the queries', () => {
  test.each(targets)('$title: $expr asks for what there is', ({ expr }) => {
    expect(selectorsOf(sent(expr)).length).toBeGreaterThan(0);
    expect(faultsOf(sent(expr), known)).toEqual([]);
  });

  test.each(targets)('$title: $expr keeps to the job and the data source', (target) => {
    expect(target.datasource.uid).toBe('${datasource}');
    for (const { matchers } of selectorsOf(target.expr)) {
      const asked = matchers.map(({ label, value }) => `${label}=${value}`);
      expect(asked).toEqual(expect.arrayContaining(['job=$job', 'namespace=$namespace']));
    }
  });

  test.each(targets)('$title: $legendFormat names what $expr tells apart', (target) => {
    const named = [...target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    const isGrouped = /\b(?:sum|max|count)\b/.test(target.expr);
    const has = isGrouped ? groupLabelsOf(target.expr) : TARGET_LABELS;
    expect(named.filter((name) => !has.includes(name))).toEqual([]);
    expect(target.legendFormat).not.toBe('');
  });

  test('show every metric of ours', () => {
    const shown = new Set(
      targets.flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric)),
    );
    const missing = METRICS.filter(
      ({ name }) => !['', '_bucket', '_sum'].some((suffix) => shown.has(name + suffix)),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test('of those who need somebody name each reason that is Stalled or failing', () => {
    const rows = ALL_ROWS.flatMap(({ says }) => (typeof says === 'object' ? [says] : []));
    const failing = rows.filter(({ ready }) => ready === 'False').map(({ reason }) => reason);
    const asked = targets
      .filter(({ title }) => /^(Need|Denied)/.test(title))
      .flatMap(({ expr }) => selectorsOf(expr))
      .flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'reason'))
      .flatMap(({ value }) => value.split('|'));
    expect([...asked].sort()).toEqual([...new Set(failing)].sort());
  });

  test.skipIf(lookup.kind === 'missing')('are PromQL, by the word of promtool', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-dashboard-'));
    const file = join(folder, 'rules.yaml');
    const rules = targets.map(({ expr }, at) => ({ record: `query:${at}`, expr: sent(expr) }));
    writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
    const { code, said } = promtool(lookup, ['check', 'rules', file]);
    rmSync(folder, { recursive: true });
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('SUCCESS') });
  });
});

test('the variables are those that the queries use', () => {
  const { list } = dashboard.templating;
  expect(list.map(({ name }) => name)).toEqual(['datasource', 'job', 'namespace']);
  const queries = list.flatMap(({ query }) => (typeof query === 'object' ? [query.query] : []));
  for (const query of queries)
    expect(query).toMatch(/^label_values\(cognito_operator_build_info\b/);
});
