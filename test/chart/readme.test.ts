/** What the chart's README tells people to do, and its tables. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { chartCrd } from '../../scripts/generate/chart-crd.ts';
import { type ChartValue, valuesOf } from '../../scripts/generate/chart-values.ts';
import { fencesOf } from '../golden/markdown.ts';
import { CRD } from '../golden/schema.ts';
import { chartFile, describeChart } from './chart.ts';

const README = chartFile('README.md');

describeChart('its README', (chart) => {
  test.each(fencesOf(README, 'yaml'))('has values that the chart takes: %s', async (fence) => {
    expect(await chart.render(parse(fence))).toMatchObject({ kind: 'Rendered' });
  });

  test.each(README.match(/(?<=`|set )[a-zA-Z.]+=[\w./-]+/g) ?? [])(
    'has a setting that the chart takes: %s',
    async (setting) => {
      const { code, stdout, stderr } = await chart.helm.run([
        'lint',
        'charts/cognito-operator',
        `--set=${setting}`,
      ]);
      expect(stderr + stdout).toContain('0 chart(s) failed');
      expect(code).toBe(0);
    },
  );

  test('quotes a refusal as it is', async () => {
    const [refusal = 'none'] = fencesOf(README, 'text');
    expect(await chart.render({ watch: { namespaces: 'team-a' } })).toEqual({
      kind: 'Refused',
      message: expect.stringContaining(refusal.trim()),
    });
  });
});

test('the tables have one row for each value, in the order of values.yaml', () => {
  const rows = [...README.matchAll(/^\| `([\w.]+)` +\|/gm)].map(([, path]) => path);
  expect(rows).toEqual(valuesOf(chartFile('values.yaml')).map(({ path }) => path));
});

const values = (...lines: readonly string[]): readonly ChartValue[] =>
  valuesOf(`${lines.join('\n')}\n`);

test('a value is described by the comment above it, in the section above that', () => {
  const described = values(
    '## One',
    '# What',
    '# it is.',
    'a:',
    '## Two',
    'b:',
    '  # That.',
    '  c: 1',
  );
  expect(described).toEqual([
    { path: 'a', section: 'One', default: null, description: 'What it is.' },
    { path: 'b.c', section: 'Two', default: 1, description: 'That.' },
  ]);
});

test.each([
  [['## One', 'a: 1'], 'a needs a comment that says what it is'],
  [['# That.', 'a: 1'], 'begins without a section'],
  [['- a'], 'is no map'],
])('values such as %j are refused', (lines, complaint) => {
  expect(() => values(...lines)).toThrow(complaint);
});

test('a CRD is refused when it has what Helm would take for its own', () => {
  const source = { crd: CRD, committed: '', read: () => 'metadata:\n  name: {{ a }}\n' };
  expect(() => chartCrd.render(source)).toThrow('has {{');
});
