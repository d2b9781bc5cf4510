/** The tables of mutants, between their markers in `docs/assurance.md`. */
import type { Mutant } from './mutant.ts';
import { type Judged, type Missed, scoreOf } from './scores.ts';
import { TIERS, type Tier } from './tiers.ts';

export type Verdicts = Readonly<
  Record<string, Readonly<Partial<Record<Tier, 'Killed' | 'Survived'>>>>
>;

const MUTANTS = { begin: '<!-- mutants:begin -->', end: '<!-- mutants:end -->' };
const SCORES = { begin: '<!-- stryker:begin -->', end: '<!-- stryker:end -->' };
export const EMPTY_PAGE = ['# Assurance', ...Object.values(MUTANTS), ...Object.values(SCORES), '']
  .join('\n\n')
  .trimStart();

/** @throws when the page has lost its markers */
export function page(before: string, mutants: readonly Mutant[], verdicts: Verdicts): string {
  return between(before, MUTANTS, table(mutants, verdicts));
}

/** @throws when the page has lost its markers */
export function scoresPage(before: string, judged: readonly Judged[]): string {
  return between(before, SCORES, scoresTable(judged));
}

interface Markers {
  readonly begin: string;
  readonly end: string;
}

function between(before: string, { begin, end }: Markers, text: string): string {
  const [head, rest, ...more] = before.split(begin);
  const [, tail] = rest?.split(end) ?? [];
  if (head === undefined || tail === undefined || more.length > 0) {
    throw new Error(`not one pair of ${begin} and ${end}`);
  }
  return `${head}${begin}\n\n${text}\n\n${end}${tail}`;
}

function scoresTable(judged: readonly Judged[]): string {
  const rows = judged.map((each) => {
    const all = each.noticed + each.missed.length;
    return [`\`core/${each.file}.ts\``, `${all}`, `${scoreOf([each]).toFixed(1)} %`];
  });
  const all = judged.reduce((sum, { noticed, missed }) => sum + noticed + missed.length, 0);
  const sum = ['all', `${all}`, `${scoreOf(judged).toFixed(1)} %`];
  const missed = judged.flatMap(({ file, missed: each }) => each.map((one) => lineOf(file, one)));
  const list = missed.length === 0 ? 'None was missed.' : missed.join('\n');
  return `${aligned([['file', 'mutants', 'noticed'], ...rows, sum])}\n\n${list}`;
}

function lineOf(file: string, { change, line, because }: Missed): string {
  const [before = '', after = ''] = change.split(' -> ');
  return `- \`core/${file}.ts\`, \`${line}\`: \`${before}\` -> \`${after}\`: ${because ?? 'open'}`;
}

function table(mutants: readonly Mutant[], verdicts: Verdicts): string {
  const tiers = TIERS.filter((tier) => mutants.some(({ name }) => verdicts[name]?.[tier]));
  const rows = mutants.map(({ name, bug }) => {
    const cells = tiers.map((tier) => SIGNS[verdicts[name]?.[tier] ?? 'Unasked']);
    return [bug, ...cells];
  });
  return aligned([['bug', ...tiers], ...rows]);
}

const SIGNS = { Killed: 'noticed', Survived: '-', Unasked: '' } as const;

/** As the formatter would have it: columns of one width. */
export function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) =>
    Math.max(...[name, ...rows.map((row) => row[at] ?? '')].map((each) => each.length), 3),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
