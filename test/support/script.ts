/**
 * One of the project's own scripts as a process, away from the reader's terminal: its output is
 * collected, and its temporary files have a folder to themselves.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait.ts';

export interface Script extends Disposable {
  readonly stdout: string;
  readonly stderr: string;
  /** Until it has printed that; what was printed in the groups of the pattern. */
  untilPrinted(pattern: RegExp): Promise<readonly string[]>;
  signal(signal: NodeJS.Signals): void;
  /** Its exit code; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it left in the folder for temporary files. */
  leftovers(): readonly string[];
}

const PRINTED_WITHIN_MS = 120_000;

export function startScript(path: string, args: readonly string[] = []): Script {
  const folder = mkdtempSync(join(tmpdir(), 'script-'));
  const env = { ...process.env, TMPDIR: folder, TEMP: folder };
  const child = spawn(process.execPath, [path, ...args], { env, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return {
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    async untilPrinted(pattern) {
      const isPrinted = () => pattern.test(output.stdout) || hasEnded(child);
      const tellMore = () => output.stdout + output.stderr;
      const withinMs = PRINTED_WITHIN_MS;
      await waitFor(`${path} to print ${pattern}`, isPrinted, { withinMs, tellMore });
      const found = pattern.exec(output.stdout);
      if (found === null) throw new Error(`ended before that:\n${output.stdout}${output.stderr}`);
      return found.slice(1);
    },
    signal: (signal) => void child.kill(signal),
    ended: once(child, 'close').then(([code]) => code as number | null),
    leftovers: () => readdirSync(folder),
    [Symbol.dispose]() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
