/** The operator as production runs it, built for whoever starts it outside of vitest. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Bundle extends Disposable {
  readonly file: string;
}

/** In a folder of its own: no other build can pull it from under a running process. */
export function buildBundle(): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-build-'));
  const out = join(folder, 'bundle');
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts'), out], { stdio: 'pipe' });
  return {
    file: join(out, 'main.mjs'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
