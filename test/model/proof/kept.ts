/**
 * What was searched, on disk: rows of worlds, and a folder for each that is not done. All of it is
 * of one version of the code: after a change it begins anew.
 */
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './row.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CACHE = join(ROOT, '.cache/prove');
/** What decides the result. */
const SOURCES = 'src/{api,core}/**/*.ts test/model/{*,engine/*,lease/*}.ts'.split(' ');

export class Kept {
  readonly folder: string;

  /** @param resumes or else what was there is thrown away */
  constructor(resumes: boolean) {
    this.folder = join(CACHE, digest());
    if (!resumes) rmSync(CACHE, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  rows(): readonly Row[] {
    try {
      return JSON.parse(readFileSync(join(this.folder, 'rows.json'), 'utf8')) as readonly Row[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  write(rows: readonly Row[]): void {
    writeFileSync(join(this.folder, 'rows.json'), JSON.stringify(rows));
  }
}

function digest(): string {
  const hash = createHash('sha256');
  for (const path of globSync(SOURCES, { cwd: ROOT }).sort()) {
    if (path.endsWith('.test.ts')) continue;
    hash.update(path).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex').slice(0, 16);
}
