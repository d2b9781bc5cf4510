/** What was recorded of mutants and scores, as `docs/assurance.md` shows it. */
import { code, table } from '../../scripts/generate/markdown.ts';
import { MUTANTS } from './all-mutants.ts';
import { readScores, readVerdicts } from './record.ts';
import { type Judged, type Missed, scoreOf } from './scores.ts';
import { TIERS } from './tiers.ts';

const SIGNS = { Killed: 'noticed', Survived: 'missed', Unasked: '' } as const;

/** A tier that was not asked, because two others had noticed, says nothing. */
export function mutantsPart(): string {
  const verdicts = readVerdicts();
  const tiers = TIERS.filter((tier) => MUTANTS.some(({ name }) => verdicts[name]?.[tier]));
  const rows = MUTANTS.map(({ name, bug }) => {
    const cells = tiers.map((tier) => SIGNS[verdicts[name]?.[tier] ?? 'Unasked']);
    return [bug, ...cells];
  });
  return table(['Bug', ...tiers], rows);
}

/** Each file with its score, and what was missed with the reason. */
export function scoresPart(): string {
  const judged = readScores();
  const rows = judged.map((each) => [code(`core/${each.file}.ts`), ...figuresOf([each])]);
  const missed = judged.flatMap(({ file, missed: all }) => all.map((each) => rowOf(file, each)));
  return [
    table(['File', 'Changes', 'Noticed'], [...rows, ['All', ...figuresOf(judged)]]),
    table(['File', 'Change that was missed', 'Why nobody has to notice'], missed),
  ].join('\n');
}

function figuresOf(judged: readonly Judged[]): readonly string[] {
  const all = judged.reduce((sum, { noticed, missed }) => sum + noticed + missed.length, 0);
  return [`${all}`, `${scoreOf(judged).toFixed(1)} %`];
}

function rowOf(file: string, { change, because }: Missed): readonly string[] {
  return [code(`core/${file}.ts`), quoted(change), because ?? 'open'];
}

/** What has back-quotes itself stands between two of them. */
function quoted(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : code(text);
}
