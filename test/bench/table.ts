/** The table, for a terminal and for a page. */
import type { Row } from './row.ts';

const HEAD = ['measure', 'bar', 'measured', 'verdict'] as const;

export function verdictOf({ isMet }: Row): string {
  if (isMet === undefined) return 'NOT MEASURED';
  return isMet ? 'met' : 'MISSED';
}

/** Of all rows, in a sentence. */
export function verdictOfAll(rows: readonly Row[]): string {
  const missed = rows.filter(({ isMet }) => isMet !== true).length;
  if (missed === 0) return 'Every bar is met.';
  return `${missed} of ${rows.length} bars missed, or not measured.`;
}

export function tableText(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  return aligned(lines)
    .map((line) => line.join('  ').trimEnd())
    .join('\n');
}

/** With columns as wide as the formatter wants them. */
export function tableMarkdown(rows: readonly Row[]): string {
  const [head = [], ...body] = aligned([HEAD, ...rows.map(cellsOf)]);
  const lines = [head, head.map(({ length }) => '-'.repeat(length)), ...body];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

type Line = readonly string[];

function aligned(lines: readonly Line[]): readonly Line[] {
  const widths = HEAD.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines.map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)));
}

function cellsOf(row: Row): Line {
  return [row.measure, row.bar, row.measured, verdictOf(row)];
}
