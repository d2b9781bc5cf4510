/** The command line as texts by flag; what it means is not asked here. */
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
  const tokens = tokensOf(argv, flags);
  const asked = (name: string) => tokens.some((token) => 'name' in token && token.name === name);
  const texts = new Map<string, string>();
  const problems: string[] = [];
  for (const [at, token] of tokens.entries()) {
    const problem = problemOf(token, tokens[at - 1], flags);
    if (problem !== undefined) problems.push(problem);
    else if (token.kind === 'option') texts.set(token.rawName, token.value ?? '');
  }
  const version = asked('version') ? 'Version' : 'Run';
  return { wish: asked('help') ? 'Help' : version, texts, problems };
}

function tokensOf(argv: readonly string[], flags: readonly string[]) {
  const withValue = flags.map((flag) => [flag.slice(2), { type: 'string' as const }]);
  const options = {
    help: { type: 'boolean' as const, short: 'h' },
    version: { type: 'boolean' as const },
    ...Object.fromEntries(withValue),
  };
  const args = [...argv];
  return parseArgs({ args, options, strict: false, tokens: true }).tokens;
}

function problemOf(token: Token, before: Token | undefined, flags: readonly string[]) {
  if (token.kind === 'option-terminator') return undefined;
  if (token.kind === 'positional') {
    // What follows a bad flag was meant for it: one mistake, one problem.
    const isExplained = before !== undefined && problemOf(before, undefined, flags) !== undefined;
    return isExplained ? undefined : `\`${token.value}\` stands alone: a value needs its flag`;
  }
  if (token.name === 'help' || token.name === 'version') return undefined;
  if (!flags.includes(token.rawName)) return unknownFlag(token.rawName, flags);
  const isMissing = token.value === undefined || (!token.inlineValue && /^--/.test(token.value));
  return isMissing
    ? `\`${token.rawName}\` has no value: write \`${token.rawName}=...\``
    : undefined;
}

function unknownFlag(flag: string, flags: readonly string[]): string {
  const names = nearestNames(flag, flags);
  const hint = names.length > 0 ? `did you mean ${names.join(' or ')}?` : '--help lists them all';
  return `\`${flag}\` is no flag: ${hint}`;
}
