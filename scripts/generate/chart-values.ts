// The tables of values in the chart's README, made of the comments in its values.yaml: `##` begins
// a table, and a value is what has a comment above it.

import { isMap, isNode, isScalar, parse, parseDocument, stringify, type YAMLMap } from 'yaml';
import { code, table } from './markdown.ts';
import { marksOf, withPart } from './marked-part.ts';
import type { Output } from './output.ts';

const VALUES = 'charts/cognito-operator/values.yaml';
const MARKS = marksOf('values', 'values.yaml');

export const chartValues: Output = {
  path: 'charts/cognito-operator/README.md',
  render: ({ committed, read }) => withPart(committed, MARKS, tablesOf(read(VALUES))),
};

export interface ChartValue {
  readonly path: string;
  readonly section: string;
  readonly default: unknown;
  readonly description: string;
}

/** @throws for a value without a comment, and for one before the first section */
export function valuesOf(text: string): readonly ChartValue[] {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new Error(`${VALUES} is no map`);
  return valuesIn(contents, { text, parent: '' });
}

interface Place {
  readonly text: string;
  readonly parent: string;
}

function valuesIn(map: YAMLMap, { text, parent }: Place): readonly ChartValue[] {
  return map.items.flatMap(({ key, value }) => {
    if (!isScalar<string>(key)) throw new Error(`${VALUES}: ${parent} has a key that is no word`);
    const path = parent + key.value;
    const above = text.slice(0, key.range?.[0]).split('\n').slice(0, -1);
    const description = commentIn(above);
    if (description !== '') {
      return [{ path, description, section: sectionIn(above), default: asJs(value) }];
    }
    if (isMap(value)) return valuesIn(value, { text, parent: `${path}.` });
    throw new Error(`${VALUES}: ${path} needs a comment that says what it is`);
  });
}

/** The comment that the last lines are; the parser would give some of them to the value before. */
function commentIn(above: readonly string[]): string {
  const first = above.findLastIndex((line) => !/^ *# /.test(line)) + 1;
  const lines = above.slice(first).map((line) => line.replace(/^ *# /, ''));
  return lines.join(' ');
}

function sectionIn(above: readonly string[]): string {
  const title = above.findLast((line) => line.startsWith('## '));
  if (title === undefined) throw new Error(`${VALUES} begins without a section`);
  return title.slice('## '.length);
}

function asJs(value: unknown): unknown {
  return isNode(value) ? parse(stringify(value)) : value;
}

function tablesOf(text: string): string {
  const sections = Map.groupBy(valuesOf(text), ({ section }) => section);
  return [...sections].map(([title, rows]) => `### ${title}\n\n${tableOf(rows)}`).join('\n');
}

function tableOf(values: readonly ChartValue[]): string {
  const rows = values.map((each) => [code(each.path), defaultOf(each.default), each.description]);
  return table(['Value', 'Default', 'What it is'], rows);
}

function defaultOf(value: unknown): string {
  return value === null || value === '' ? '' : code(JSON.stringify(value));
}
