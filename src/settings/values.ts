/** From texts to values: each setting takes the first text that somebody gave it. */
import type { Setting } from './setting.ts';

export interface Given {
  readonly text: string;
  readonly value: unknown;
}

export interface Values {
  /** By field; those with a problem are missing. */
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly string[];
}

type Texts = ReadonlyMap<string, string>;

const ECHO_CHARS_MAX = 80;

export function readValues(settings: readonly Setting[], flags: Texts, variables: Texts): Values {
  const given = new Map<string, Given>();
  const problems: string[] = [];
  for (const setting of settings) {
    const text = textOf(setting, flags, variables);
    const read = setting.kind.read(text);
    if (read !== undefined) given.set(setting.field, { text, value: Object.freeze(read.value) });
    else problems.push(problemOf(setting, text, flags.has(setting.flag)));
  }
  return { given, problems };
}

function textOf(setting: Setting, flags: Texts, variables: Texts): string {
  return (flags.get(setting.flag) ?? variables.get(setting.variable) ?? setting.default).trim();
}

/** Names what the text came from first, and the other name it has. */
function problemOf({ flag, variable, kind }: Setting, text: string, isFlag: boolean): string {
  const [name, other] = isFlag ? [flag, variable] : [variable, flag];
  const echo = text.slice(0, ECHO_CHARS_MAX);
  return `\`${name}\` (also ${other}) is \`${echo}\`: it must be ${kind.wants}`;
}
