/** The table, for a terminal and for a page. */
import type { Row } from './row.ts';

const HEAD = ['measure', 'bar', 'measured', 'verdict'] as const;

export function verdictOf({ isMet }: Row): string {
  return isMet ? 'met' : 'MISSED';
}

export function tableText(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

export function tableMarkdown(rows: readonly Row[]): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(cellsOf)];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cellsOf(row: Row): readonly string[] {
  return [row.measure, row.bar, row.measured, verdictOf(row)];
}
