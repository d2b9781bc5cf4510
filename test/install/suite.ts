/** The tests themselves, in a process of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Site, writeSite } from './site.ts';

const ROOT = join(import.meta.dirname, '../..');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const CONFIG = join(import.meta.dirname, 'vitest.config.ts');

export interface SuiteRequest {
  readonly folder: string;
  readonly site: Site;
  /** For vitest: names of files, `--testNamePattern`. */
  readonly choice: readonly string[];
}

/** The exit code. */
export async function runSuite({ folder, site, choice }: SuiteRequest): Promise<number> {
  const child = spawn(process.execPath, [VITEST, 'run', '--config', CONFIG, ...choice], {
    cwd: ROOT,
    env: { ...process.env, ...writeSite(folder, site) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
