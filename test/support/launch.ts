/**
 * The built operator as a process of its own: started with flags, watched by its log lines, ended
 * by signals. One that is forgotten ends with whoever started it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { waitFor } from './wait.ts';

/** Without dashes, such as `lease-duration`; `undefined` takes a flag away. */
export type Flags = Readonly<Record<string, string | undefined>>;
export type Environment = Readonly<Record<string, string>>;

/** One line of the log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface OperatorProcess {
  readonly pid: number;
  /** Standard output, as it was written; a line that is no JSON has the level `raw`. */
  readonly lines: readonly LogLine[];
  /** Standard error. */
  readonly complaints: string;
  /** The exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;
  isRunning(): boolean;
  /** Lines with this message. */
  said(msg: string): readonly LogLine[];
  untilSaid(msg: string): Promise<LogLine>;
  untilLeading(): Promise<void>;
  /** SIGKILL: nothing is finished, nothing is released. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | string>;
}

/** Anything that is alive when this process ends is killed with it. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

function track(child: ChildProcess, exited: Promise<unknown>): void {
  const forget = (): void => void alive.delete(child);
  alive.add(child);
  exited.then(forget, forget);
}

/** @param file the bundle that production runs */
export function launchOperator(
  file: string,
  flags: Flags,
  environment: Environment,
): OperatorProcess {
  const child = spawn(process.execPath, [file, ...argumentsOf(flags)], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  const complaints: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(lineOf(line)));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  });
  track(child, exited);
  const said = (msg: string) => lines.filter((line) => line.msg === msg);
  const tellMore = () => tailOf({ lines, complaints: complaints.join('') });
  const untilSaid = (msg: string) =>
    waitFor(`the log line "${msg}"`, () => said(msg).at(-1), { tellMore });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    lines,
    get complaints() {
      return complaints.join('');
    },
    exited,
    isRunning,
    said,
    untilSaid,
    untilLeading: async () => void (await untilSaid('leading')),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

function argumentsOf(flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
}

function lineOf(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: 'raw', msg: text };
  }
}

const TAIL = 25;

/** The end of what it said, for whoever has to find out why a test failed. */
export function tailOf({ lines, complaints }: Pick<OperatorProcess, 'lines' | 'complaints'>) {
  const tail = lines.slice(-TAIL).map((line) => JSON.stringify(line).slice(0, 400));
  return [...tail, complaints].join('\n');
}
