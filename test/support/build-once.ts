/**
 * Builds the operator once for all files that run it as a process, into a folder of its own:
 * another build meanwhile must not pull it from under a running test. A build that fails ends the
 * run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const ROOT = join(import.meta.dirname, '../..');

declare module 'vitest' {
  interface ProvidedContext {
    /** The bundle that production runs. */
    readonly operatorFile: string;
    /** What Node compiled of it, so that not each of hundreds of processes compiles it again. */
    readonly compileCache: string;
    /** Holds a file for each operator that runs, named by its process id. */
    readonly operatorsFolder: string;
  }
}

export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-build-'));
  const bundle = join(folder, 'bundle');
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts'), bundle], { stdio: 'pipe' });
  const operators = join(folder, 'operators');
  mkdirSync(operators);
  const operatorFile = join(bundle, 'main.mjs');
  const compileCache = join(folder, 'compiled');
  compileInto(compileCache, operatorFile);
  project.provide('operatorFile', operatorFile);
  project.provide('compileCache', compileCache);
  project.provide('operatorsFolder', operators);
  return () => {
    for (const id of readdirSync(operators)) end(Number(id));
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Written by a process that ends by itself: here as it finds no cluster. */
function compileInto(folder: string, file: string): void {
  const env = { ...process.env, NODE_COMPILE_CACHE: folder };
  const nowhere = `--kubeconfig=${join(folder, 'nowhere')}`;
  const { status, stdout } = spawnSync(process.execPath, [file, nowhere], { env });
  if (status !== 2) throw new Error(`the operator did not begin: ${stdout.toString()}`);
}

/** Whoever started it was killed before it could end it. */
function end(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
