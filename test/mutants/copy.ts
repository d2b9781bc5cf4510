/** A copy of the tree, for one worker: what is changed is never the checkout. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Changed } from './mutant.ts';

export const ROOT = join(import.meta.dirname, '../..');

export interface Copy extends Disposable {
  readonly folder: string;
  /** The changes are there until what is returned is disposed of. */
  change(changed: readonly Changed[]): Disposable;
  /** Of every file below one of the prefixes: equal hash, equal verdict. */
  hashOf(prefixes: readonly string[]): string;
}

/** All that Git knows or would take, as it is now; the packages are shared. */
export function copyTree(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-mutants-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove);
  const all = paths().filter((path) => existsSync(join(ROOT, path)));
  for (const path of all) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  return {
    folder,
    change: (changed) => {
      for (const { file, after } of changed) write(file, after);
      return {
        [Symbol.dispose]: () => {
          for (const { file, before } of changed) write(file, before);
        },
      };
    },
    hashOf: (prefixes) => {
      const read = all.filter((path) => prefixes.some((each) => path.startsWith(each)));
      return hashOf(folder, read.sort());
    },
    [Symbol.dispose]: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

function paths(): readonly string[] {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', options, { cwd: ROOT, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '');
}

function hashOf(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest('hex').slice(0, 16);
}
