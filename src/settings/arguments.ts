/** The command line as texts by flag; what they mean is not asked here. */
import { parseArgs } from 'node:util';
import { nearestNames } from './nearest.ts';

export interface Arguments {
  readonly wish: 'Run' | 'Help' | 'Version';
  /** By flag, such as `--lease-name`; of a flag given twice the last. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

type Token = ReturnType<typeof tokensOf>[number];

/** Takes `--flag=value` and `--flag value`. */
export function readArguments(argv: readonly string[], flags: readonly string[]): Arguments {
  const tokens = tokensOf(argv);
  const texts = new Map<string, string>();
  const problems: string[] = [];
  for (const [at, token] of tokens.entries()) {
    const text = textOf(token, tokens[at + 1]);
    const problem = problemOf(token, { text, before: tokens[at - 1], flags });
    if (problem !== undefined) problems.push(problem);
    else if (token.kind === 'option') texts.set(token.rawName, text ?? '');
  }
  return { wish: wishOf(tokens), texts, problems };
}

/** A text after a flag is a token of its own here, so that no flag is taken for a text. */
function tokensOf(argv: readonly string[]) {
  const options = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const;
  return parseArgs({ args: [...argv], options, strict: false, tokens: true }).tokens;
}

function textOf(token: Token, after: Token | undefined): string | undefined {
  if (token.kind !== 'option') return undefined;
  if (token.value !== undefined) return token.value;
  return after?.kind === 'positional' ? after.value : undefined;
}

function wishOf(tokens: readonly Token[]): Arguments['wish'] {
  const names = tokens.map((token) => (token.kind === 'option' ? token.name : ''));
  if (names.includes('help')) return 'Help';
  return names.includes('version') ? 'Version' : 'Run';
}

interface Place {
  readonly text: string | undefined;
  readonly before: Token | undefined;
  readonly flags: readonly string[];
}

function problemOf(token: Token, { text, before, flags }: Place): string | undefined {
  if (token.kind === 'option-terminator') return undefined;
  if (token.kind === 'positional') {
    const isTaken = before?.kind === 'option' && before.value === undefined;
    return isTaken ? undefined : `\`${token.value}\` stands alone: a value needs its flag`;
  }
  const flag = token.rawName;
  if (!flags.includes(flag)) return unknownFlag(flag, flags);
  return text === undefined ? `\`${flag}\` has no value: write \`${flag}=...\`` : undefined;
}

function unknownFlag(flag: string, flags: readonly string[]): string {
  const names = nearestNames(flag, flags);
  const hint = names.length > 0 ? `did you mean ${names.join(' or ')}?` : '--help lists them all';
  return `\`${flag}\` is no flag: ${hint}`;
}
