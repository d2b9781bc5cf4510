/** `--help`: a table that a terminal of 100 columns can show. */
import { type Section, type Setting, VARIABLE_PREFIX } from './setting.ts';

const COLUMNS = 100;
const GAP = '  ';

const INTRODUCTION = `Usage: cognito-operator [--flag=value ...]

Keeps the resource servers of Amazon Cognito user pools in step with ResourceServer resources.
Each flag has a variable, --lease-name is ${VARIABLE_PREFIX}LEASE_NAME; the flag wins over it.
Durations are written 800ms, 4s, 10m or 1h. AWS credentials are found as by the AWS SDK.
`;

const CLOSING = `
  --help, -h
  --version

SIGTERM and SIGINT end it, SIGUSR2 turns debug lines on and off again.
`;

export function helpText(sections: readonly Section[]): string {
  const settings = sections.flatMap((section) => section.settings);
  const flagWidth = Math.max(...settings.map(({ flag }) => flag.length));
  const defaultWidth = Math.max(...settings.map((row) => defaultOf(row).length));
  const margin = GAP + ' '.repeat(flagWidth) + GAP + ' '.repeat(defaultWidth) + GAP;
  const rowOf = (row: Setting): string => {
    const [first, ...others] = wrap(descriptionOf(row), COLUMNS - margin.length);
    const names = [row.flag.padEnd(flagWidth), defaultOf(row).padEnd(defaultWidth), first];
    return [GAP + names.join(GAP), ...others.map((line) => margin + line)].join('\n');
  };
  const blocks = sections.map(({ title, settings: rows }) =>
    [title, ...rows.map(rowOf)].join('\n'),
  );
  return [INTRODUCTION, blocks.join('\n\n'), CLOSING].join('\n');
}

function defaultOf(row: Setting): string {
  return [row.default, row.unit].filter((word) => word !== '').join(' ') || '-';
}

function descriptionOf({ description, kind }: Setting): string {
  return kind.bounds === '' ? description : `${description} (${kind.bounds})`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
