/** The built operator as the image runs it: the same bundle, the same flags of Node. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LogLine } from '../support/launch.ts';
import { readMetric } from '../support/metrics-page.ts';
import { waitFor } from '../support/wait.ts';
import { sharedMs } from './shared-clock.ts';

/** Without dashes. */
export type Flags = Readonly<Record<string, string>>;

export interface Launch {
  readonly bundle: string;
  readonly nodeOptions: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly flags: Flags;
}

export interface Operator extends AsyncDisposable {
  /** Moment of the shared clock: just before it was started. */
  readonly startedAtMs: number;
  readonly lines: readonly LogLine[];
  /** Standard error, which is also passed on. */
  readonly complaints: string;
  isRunning(): boolean;
  /** Lines with this message. */
  said(msg: string): readonly LogLine[];
  untilSaid(msg: string): Promise<LogLine>;
  /** The sum of a metric's series. */
  metric(name: string): Promise<number>;
  rssMiB(): number;
  /** SIGTERM; complains when it does not end as it should. */
  stop(): Promise<void>;
}

export function startOperator({ bundle, nodeOptions, environment, flags }: Launch): Operator {
  const argv = Object.entries({ ...LOCAL, ...flags }).map(([name, value]) => `--${name}=${value}`);
  const startedAtMs = sharedMs();
  const child = spawn(process.execPath, [bundle, ...argv], {
    env: { ...environment, NODE_ENV: 'production', NODE_OPTIONS: nodeOptions },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void exited.then(() => process.removeListener('exit', kill));
  const lines: LogLine[] = [];
  const complaints: string[] = [];
  createInterface(child.stdout).on('line', (text) => lines.push(JSON.parse(text) as LogLine));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  child.stderr.pipe(process.stderr);
  const said = (msg: string) => lines.filter((line) => line.msg === msg);
  const untilSaid = (msg: string) =>
    waitFor(`the log line "${msg}"`, () => said(msg)[0], {
      tellMore: () => JSON.stringify(lines.slice(-5)),
    });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    const code = await exited;
    if (code !== 0) throw new Error(`the operator ended with exit code ${code}`);
  };
  return {
    startedAtMs,
    lines,
    get complaints() {
      return complaints.join('');
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    said,
    untilSaid,
    metric: async (name) => {
      const { metricsPort } = await untilSaid('started');
      return readMetric(metricsPort, name);
    },
    rssMiB: () => rssKiB(child.pid ?? 0) / 1024,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Free ports, and nothing that is heard outside. */
const LOCAL: Flags = { 'bind-address': '127.0.0.1', 'metrics-port': '0', 'probes-port': '0' };

function rssKiB(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]));
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1]);
}

/**
 * The flags of Node that the image sets, in a container with the memory that the manifest allows:
 * there is none here that Node could take its percentage of.
 */
export function nodeOptionsOf(dockerfile: string, manifest: string): string {
  const options = /NODE_OPTIONS="([^"]*)"/.exec(dockerfile)?.[1];
  const limitMiB = Number(/limits:\s+memory: (\d+)Mi/.exec(manifest)?.[1]);
  if (options === undefined || Number.isNaN(limitMiB)) {
    throw new Error('no NODE_OPTIONS in the Dockerfile, or no memory limit in the manifest');
  }
  return options.replace(
    /--max-old-space-size-percentage=(\d+)/,
    (_, percent) => `--max-old-space-size=${(limitMiB * Number(percent)) / 100}`,
  );
}
