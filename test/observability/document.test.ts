/** What docs/observability.md promises, held against what there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../src/adapters/telemetry/metric-table.ts';
import { REASONS } from '../../src/api/conditions.ts';
import { RECONCILE_ID_ANNOTATION } from '../../src/api/names.ts';
import { codeOf, tableOf } from '../golden/markdown.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/observability.md');

describe('the tables of metrics', () => {
  const { rows } = tableOf(page, 'Metric');

  test('have every metric in its order, with its kind and its labels', () => {
    const shown = rows.map(([name = '', kind, labels = '']) => ({
      name: codeOf(name)[0],
      kind,
      labels: codeOf(labels),
    }));
    expect(shown).toEqual(
      METRICS.map(({ name, kind, fixed, labels }) => ({
        name,
        kind: kind.toLowerCase(),
        labels: [...Object.keys(fixed), ...Object.keys(labels)],
      })),
    );
  });

  test.each(rows)('say what %s tells', (...cells) => {
    expect(cells[3]).toMatch(/^[A-Z0-9`].*\.$/);
  });
});

test('the annotation and the fields of the log are those that are written', () => {
  expect(codeOf(page)).toContain(RECONCILE_ID_ANNOTATION);
  const fields = tableOf(page, 'Field').rows.flatMap(([field = '']) => codeOf(field));
  const [, written = ''] = /const fields = \{([^}]*)\}/.exec(read('src/reconcile/settle.ts')) ?? [];
  const expanded = written.replace('...identity', 'userPoolId, identifier');
  expect(fields).toEqual(expanded.split(',').map((field) => field.trim()));
});

describe('the picture of the life of a resource', () => {
  const picture = read('docs/pictures/status.svg');
  const words = [...picture.matchAll(/>([A-Za-z]+)</g)].map(([, word = '']) => word);

  test('shows every reason', () => {
    expect(REASONS.filter((reason) => !words.includes(reason))).toEqual([]);
  });

  test('says in words what it shows', () => {
    expect(picture).toMatch(/<svg[^>]* role="img"[^>]* aria-labelledby="title description"/);
    expect(picture).toMatch(/<title id="title">.+<\/title>/);
    expect(picture).toMatch(/<desc id="description">.+<\/desc>/s);
  });
});
