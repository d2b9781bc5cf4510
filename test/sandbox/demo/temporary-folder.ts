/** A folder of our own, which is gone when we are, unless somebody wants to look into it. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends Disposable {
  /** Without symbolic links. */
  readonly path: string;
  /** Stays for people to read. */
  keep(): void;
}

export function createTemporaryFolder(name: string): TemporaryFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  let kept = false;
  const remove = (): void => {
    process.removeListener('exit', remove);
    if (!kept) rmSync(path, { recursive: true, force: true });
  };
  // However we end, but for a SIGKILL.
  process.once('exit', remove);
  return {
    path,
    keep() {
      kept = true;
    },
    [Symbol.dispose]: remove,
  };
}
