/** The operator as production runs it, built for whoever starts it outside of vitest. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Bundle extends Disposable {
  readonly file: string;
}

/** A copy: another build meanwhile must not pull it from under a running process. */
export function buildBundle(): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-build-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { cwd: ROOT, stdio: 'pipe' });
  for (const file of ['main.mjs', 'main.mjs.map'])
    cpSync(join(ROOT, 'dist', file), join(folder, file));
  return {
    file: join(folder, 'main.mjs'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
