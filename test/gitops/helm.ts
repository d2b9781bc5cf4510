/** The real helm on a chart of a few resources, with a home of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface Helm {
  /** The folder of a new chart that holds these objects. */
  chartOf(name: string, objects: readonly object[]): string;
  /** Runs to the end, whatever the exit code. */
  run(...args: readonly string[]): Promise<HelmResult>;
  dispose(): void;
}

const DEADLINE_MS = 60_000;

/** @param kubeconfig its path */
export function createHelm(path: string, kubeconfig: string): Helm {
  const home = mkdtempSync(join(tmpdir(), 'helm-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  return {
    chartOf(name, objects) {
      const folder = join(home, name);
      mkdirSync(join(folder, 'templates'), { recursive: true });
      const chart = { apiVersion: 'v2', name, version: '1.0.0' };
      writeFileSync(join(folder, 'Chart.yaml'), stringify(chart));
      const manifests = objects.map((object) => stringify(object)).join('---\n');
      writeFileSync(join(folder, 'templates', 'objects.yaml'), manifests);
      return folder;
    },
    run: (...args) =>
      new Promise((resolve) => {
        const startedMs = performance.now();
        const options = { env, timeout: DEADLINE_MS };
        execFile(path, [...args], options, (error, stdout, stderr) => {
          const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
          resolve({ code, stdout, stderr, tookMs: performance.now() - startedMs });
        });
      }),
    dispose: () => rmSync(home, { recursive: true, force: true }),
  };
}
