/** Links between the texts of the project lead somewhere. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, linksOf } from './markdown.ts';
import { ROOT } from './schema.ts';

const TEXTS = globSync(['*.md', '{charts,deploy,docs,examples,src}/**/*.md'], { cwd: ROOT });

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test.each(TEXTS)('%s: every link leads somewhere', (path) => {
  const broken = linksOf(read(path)).filter((link) => !leads(path, link));
  expect(broken).toEqual([]);
});

function leads(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : join(dirname(from), file);
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).includes(anchor);
}
