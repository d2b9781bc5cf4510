/** One line that breaks a rule, and what to do about it. */
import type { Source } from './source.ts';

export type Finding = string;

export function at(source: Pick<Source, 'path'>, line: number, advice: string): Finding {
  return `${source.path}:${line}: ${advice}`;
}
