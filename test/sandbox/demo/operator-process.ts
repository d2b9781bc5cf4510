/** The operator as its own process, with its log in a file; killed and started again at will. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface OperatorSettings {
  readonly bundle: string;
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logPath: string;
}

export interface OperatorProcess extends AsyncDisposable {
  start(): void;
  readonly pid: number | undefined;
  /** SIGKILL: it learns nothing and writes nothing. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL if that takes too long; its exit code, unless a signal ended it. */
  stop(): Promise<number | undefined>;
  /**
   * Aborted when it ended and nobody had told it to. One that lost its Lease, as on a machine that
   * is busy for seconds, is started again, as a kubelet would.
   */
  readonly died: AbortSignal;
  /** The lines of the log that parse, of all processes so far. */
  log(): readonly LogLine[];
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** More than the operator takes by itself. */
const GRACE_MS = 30_000;

/** Among so many last words an operator tells that it could not renew its Lease in time. */
const LAST = 5;

function isLeaseLost({ msg }: LogLine): boolean {
  return msg === 'leadership lost';
}

export function createOperatorProcess(settings: OperatorSettings): OperatorProcess {
  const died = new AbortController();
  let child: ChildProcess | undefined;
  const start = (): void => {
    const started = spawnOperator(settings);
    child = started;
    started.once('exit', (code, signal) => ended(started, code, signal));
  };
  const ended = (each: ChildProcess, code: number | null, signal: string | null): void => {
    if (each !== child) return;
    if (code === 1 && readLog(settings.logPath).slice(-LAST).some(isLeaseLost)) return start();
    died.abort(new Error(`the operator ended by itself (${signal ?? `exit code ${code}`})`));
  };
  /** From here on its end is expected. */
  const dismiss = (): ChildProcess | undefined => {
    const dismissed = child;
    child = undefined;
    return dismissed;
  };
  const end = async (signal: NodeJS.Signals): Promise<number | undefined> => {
    const dismissed = dismiss();
    return dismissed && endProcess(dismissed, signal);
  };
  return {
    start,
    get pid() {
      return child?.pid;
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    died: died.signal,
    log: () => readLog(settings.logPath),
    [Symbol.asyncDispose]: async () => void (await end('SIGTERM')),
  };
}

function spawnOperator({ bundle, flags, environment, logPath }: OperatorSettings): ChildProcess {
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, [bundle, ...flags], {
    env: environment,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const killHard = (): void => void child.kill('SIGKILL');
  // However we end, but for a SIGKILL: then it loses the Lease, and ends for that.
  process.once('exit', killHard);
  child.once('exit', () => process.removeListener('exit', killHard));
  return child;
}

async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
): Promise<number | undefined> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? undefined;
  const gone = once(child, 'exit');
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(impatience);
  return child.exitCode ?? undefined;
}

function readLog(path: string): readonly LogLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => parsed(line));
}

/** A line that is being written, or that Node itself printed, is no line of the log. */
function parsed(line: string): readonly LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [];
  }
}
