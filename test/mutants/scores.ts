/** What StrykerJS found of a file of `src/core`, less its wording. */
import { basename } from 'node:path';
import { EQUIVALENTS, type Equivalent } from './equivalents.ts';

export interface Judged {
  /** Below `src/core`, without its ending. */
  readonly file: string;
  readonly noticed: number;
  readonly missed: readonly Missed[];
}

export interface Missed {
  readonly line: string;
  readonly change: string;
  /** Why nothing has to notice it; `undefined` when nobody has said so. */
  readonly because: string | undefined;
}

/** The part of a report that is read. */
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: Made[] }>>;
}

interface Made {
  readonly status: string;
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Counted from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

export function readReport({ files }: Report): readonly Judged[] {
  return Object.entries(files).map(([path, { source, mutants }]) => {
    const file = basename(path, '.ts');
    const lines = source.split('\n');
    const missed = mutants.filter(({ status }) => MISSED.includes(status));
    return {
      file,
      noticed: mutants.filter(({ status }) => NOTICED.includes(status)).length,
      missed: missed.map((made) => missedOf(file, lines, made)),
    };
  });
}

function missedOf(file: string, lines: readonly string[], { location, replacement }: Made): Missed {
  const { start, end } = location;
  const line = lines[start.line - 1]?.trim() ?? '';
  const change = `${squeezed(textOf(lines, start, end))} -> ${squeezed(replacement)}`;
  const reason = EQUIVALENTS.find((each) => excuses(each, { file, line, change }));
  return { line, change, because: reason?.because };
}

interface Where {
  readonly file: string;
  readonly line: string;
  readonly change: string;
}

function excuses({ file, within, changes }: Equivalent, where: Where): boolean {
  return file === where.file && where.line.includes(within) && changes.includes(where.change);
}

function textOf(lines: readonly string[], start: Place, end: Place): string {
  const whole = lines.slice(start.line - 1, end.line);
  const cut = whole.map((line, at) =>
    at === end.line - start.line ? line.slice(0, end.column - 1) : line,
  );
  return cut.map((line, at) => (at === 0 ? line.slice(start.column - 1) : line)).join('\n');
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** In percent; of nothing, all was noticed. */
export function scoreOf(judged: readonly Judged[]): number {
  const noticed = judged.reduce((sum, each) => sum + each.noticed, 0);
  const all = judged.reduce((sum, each) => sum + each.noticed + each.missed.length, 0);
  return all === 0 ? 100 : (100 * noticed) / all;
}

/** Reasons for what is not missed, or not there any more. */
export function stale(judged: readonly Judged[]): readonly string[] {
  const missed = judged.flatMap(({ file, missed: all }) => all.map((each) => ({ file, ...each })));
  return EQUIVALENTS.flatMap((each) => {
    const gone = each.changes.filter(
      (change) => !missed.some((one) => excuses({ ...each, changes: [change] }, one)),
    );
    return gone.map((change) => `${each.file}: ${change}   in   ${each.within}`);
  });
}
