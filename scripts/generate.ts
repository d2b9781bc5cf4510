// Writes every generated file; with --check writes none, names those that differ, and exits 1.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { OUTPUTS } from './generate/outputs.ts';
import { differing, type Rendering, renderAll } from './generate/rendering.ts';

const ROOT = join(import.meta.dirname, '..');

function write({ path, wanted }: Rendering): void {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
  console.log(`generated ${path}`);
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const stale = differing(renderAll(ROOT, OUTPUTS));

if (values.check) {
  for (const { path } of stale) console.error(`${path} differs: run \`npm run generate\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const rendering of stale) write(rendering);
}
