/** The reader's own kubectl: what is typed is shown, and what it prints. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Hands, Progress } from './hands.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

export interface Kubectl {
  readonly path: string;
  readonly version: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** One that runs; asked for its version, without a cluster. */
export async function findKubectl(
  environment: Environment,
  home: string,
): Promise<Kubectl | undefined> {
  const path = environment['KUBECTL'] ?? inPath(environment['PATH'] ?? '');
  if (path === undefined) return undefined;
  try {
    const env = environmentOf({ home });
    const { stdout } = await promisify(execFile)(path, ['version', '--client'], { env });
    return { path, version: /v\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'of an unknown version' };
  } catch {
    return undefined;
  }
}

function inPath(path: string): string | undefined {
  const names = process.platform === 'win32' ? ['kubectl.exe'] : ['kubectl'];
  const files = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return files.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Without proxies, and with a home of its own: it caches what a server of that port can do. */
function environmentOf(own: { readonly home: string; readonly kubeconfig?: string }) {
  const { PATH = '' } = process.env;
  const kubeconfig = own.kubeconfig === undefined ? {} : { KUBECONFIG: own.kubeconfig };
  return { PATH, HOME: own.home, ...kubeconfig };
}

interface KubectlSettings extends Kubectl {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
  readonly home: string;
}

const MESSAGE = '{.status.conditions[?(@.type=="Ready")].message}';
const WAIT = ['wait', 'cogrs', '--all', '--for=condition=Ready'];
const MESSAGES = ['-o', 'custom-columns=MESSAGE:.message'];
const DELETE_TIMEOUT = '--timeout=90s';
const BRIEF_LINES = 4;

export function createKubectlHands(settings: KubectlSettings): Hands {
  const { narrator, version } = settings;
  const type = async (args: readonly string[], linesMax?: number): Promise<void> => {
    narrator.typed('$', commandLine(args));
    narrator.output(await run(settings, args), linesMax);
  };
  /** Typed at once; what it prints is shown when it has ended. */
  const typeLong = async (args: readonly string[], progress: Progress): Promise<void> => {
    narrator.typed('$', commandLine(args));
    narrator.output(await narrator.during(run(settings, args), progress), BRIEF_LINES);
  };
  return {
    introduction: `Commands are typed into your own kubectl (${version}).`,
    apply: (file, progress) => typeLong(['apply', '-f', file], progress),
    waitUntilReady(namespace, withinMs, progress) {
      const timeout = `--timeout=${Math.ceil(withinMs / 1_000)}s`;
      return typeLong([...within(namespace), ...WAIT, timeout], progress);
    },
    show: (namespace, linesMax) => type([...within(namespace), 'get', 'cogrs'], linesMax),
    async showMessage(namespace, name) {
      const args = [...within(namespace), 'get', 'cogrs', name, '-o', `jsonpath=${MESSAGE}`];
      narrator.typed('$', commandLine(args));
      narrator.quote(await run(settings, args));
    },
    showEvents: (namespace, reason) =>
      type([
        ...within(namespace),
        'get',
        'events',
        '--field-selector',
        `reason=${reason}`,
        ...MESSAGES,
      ]),
    remove: (namespace, name, progress) =>
      typeLong([...within(namespace), 'delete', 'cogrs', name, DELETE_TIMEOUT], progress),
    unapply: (file, progress) => typeLong(['delete', '-f', file, DELETE_TIMEOUT], progress),
    removeNamespaces: (namespaces, progress) =>
      typeLong(['delete', 'namespace', ...namespaces, DELETE_TIMEOUT], progress),
  };
}

function within(namespace: string): readonly string[] {
  return namespace === 'default' ? [] : ['-n', namespace];
}

/** As a shell would have to read it. */
function commandLine(args: readonly string[]): string {
  const quoted = args.map((each) => (/^[\w@%+=:,./-]+$/.test(each) ? each : `'${each}'`));
  return ['kubectl', ...quoted].join(' ');
}

/** What it printed, complaints included: a command that fails fails in the reader's sight. */
async function run(
  { path, stage, home, signal }: KubectlSettings,
  args: readonly string[],
): Promise<string> {
  const env = environmentOf({ home, kubeconfig: stage.kubeconfig });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(path, args, { env, cwd: stage.folder, signal }, (error, stdout, stderr) => {
    if (signal.aborted) return reject(signal.reason as Error);
    if (error !== null && typeof error.code !== 'number') return reject(error);
    resolve(stdout + stderr);
  });
  return promise;
}
