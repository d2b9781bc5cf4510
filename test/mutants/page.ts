/** The table of mutants and tiers, between its markers in `docs/assurance.md`. */
import type { Mutant } from './mutant.ts';
import { TIERS, type Tier } from './tiers.ts';

export type Verdicts = Readonly<
  Record<string, Readonly<Partial<Record<Tier, 'Killed' | 'Survived'>>>>
>;

const BEGIN = '<!-- mutants:begin -->';
const END = '<!-- mutants:end -->';
const EMPTY = `# Assurance\n\n${BEGIN}\n${END}\n`;

/** @throws when the page has lost its markers */
export function page(before: string, mutants: readonly Mutant[], verdicts: Verdicts): string {
  return between(before || EMPTY, BEGIN, END, table(mutants, verdicts));
}

export function between(before: string, begin: string, end: string, text: string): string {
  const [head, rest, ...more] = before.split(begin);
  const [, tail] = rest?.split(end) ?? [];
  if (head === undefined || tail === undefined || more.length > 0) {
    throw new Error(`not one pair of ${begin} and ${end}`);
  }
  return `${head}${begin}\n\n${text}\n\n${end}${tail}`;
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
