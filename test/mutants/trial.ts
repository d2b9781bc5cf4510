/** One suite on one copy: who failed first, if anybody did. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf, type Suite } from './tiers.ts';

export type Verdict =
  /** The first test that failed, or that the suite did not end. */
  | { readonly kind: 'Killed'; readonly by: string }
  | { readonly kind: 'Survived' }
  /** Nothing was tested: the code does not load, or the suite is not there. */
  | { readonly kind: 'Broken'; readonly because: string };

export interface Trial {
  readonly verdict: Verdict;
  readonly tookMs: number;
}

const REPORT = '.cache/mutant.json';

export async function tryOut(folder: string, suite: Suite, withinMs: number): Promise<Trial> {
  rmSync(join(folder, REPORT), { force: true });
  const { filters, config, project } = placeOf(suite);
  const startedAtMs = performance.now();
  const ended = await run(folder, withinMs, [
    join(folder, 'node_modules/vitest/vitest.mjs'),
    'run',
    `--config=${config}`,
    `--project=${project}`,
    '--bail=1',
    '--reporter=json',
    `--outputFile=${REPORT}`,
    ...filters,
  ]);
  const tookMs = Math.round(performance.now() - startedAtMs);
  return { verdict: verdictOf(folder, ended), tookMs };
}

type Ended = { readonly kind: 'Overdue' } | { readonly kind: 'Exited'; readonly words: string };

/** With all that it started: a mutant may never end, and its processes neither. */
async function run(cwd: string, withinMs: number, args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, CI: '' };
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: 'pipe' });
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => words.push(text));
  }
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const end = (): void => endGroup(child.pid);
  process.prependOnceListener('exit', end);
  const timer = setTimeout(() => resolve({ kind: 'Overdue' }), withinMs);
  child.on('error', (error) => resolve({ kind: 'Exited', words: error.message }));
  child.on('exit', () => resolve({ kind: 'Exited', words: words.join('').slice(-2_000) }));
  const ended = await promise;
  clearTimeout(timer);
  process.off('exit', end);
  end();
  return ended;
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // None of them is left.
  }
}

/** What is read of vitest's report. */
interface Report {
  readonly success: boolean;
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What a file says that cannot even be loaded. */
const UNLOADABLE =
  /SyntaxError|Transform failed|Failed to (load|resolve)|Cannot find module|PARSE_ERROR/;

function verdictOf(folder: string, ended: Ended): Verdict {
  if (ended.kind === 'Overdue') return { kind: 'Killed', by: 'it never ends' };
  const report = readReport(folder);
  if (report === undefined) return { kind: 'Broken', because: ended.words };
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'Killed', by: failed.fullName };
  if (report.success && report.numTotalTests > 0) return { kind: 'Survived' };
  const file = report.testResults.find(({ status }) => status === 'failed');
  const isLoaded = file !== undefined && !UNLOADABLE.test(file.message);
  if (isLoaded) return { kind: 'Killed', by: file.message.split('\n')[0] ?? '' };
  return { kind: 'Broken', because: file?.message ?? ended.words };
}

function readReport(folder: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, REPORT), 'utf8'));
  } catch {
    return undefined;
  }
}
