/**
 * `npm run bench`: counts and ratios of the built operator, each beside its bar, in one table. A
 * bar that is missed is reported as missed, and fails the run.
 *
 *   npm run bench                        all scenes
 *   npm run bench -- fleet               those whose name contains `fleet`
 *   npm run bench -- --write             also writes docs/bench.md
 *   npm run bench -- fleet --node-options=--cpu-prof     looks for a cause
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBundle } from '../support/bundle.ts';
import { machineName } from './machine.ts';
import { nodeOptionsOf } from './operator.ts';
import { page } from './page.ts';
import type { Conditions, Row } from './row.ts';
import { SCENES } from './scenes.ts';
import { tableText } from './table.ts';

const ROOT = join(import.meta.dirname, '../..');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    'node-options': { type: 'string', default: '' },
  },
});
const [filter = ''] = positionals;
const scenes = SCENES.filter(({ name }) => name.includes(filter));
if (scenes.length === 0) {
  const names = SCENES.map(({ name }) => name).join(', ');
  throw new Error(`no scene is called ${filter}: there are ${names}`);
}

const nodeOptions = nodeOptionsOf(text('Dockerfile'), text('deploy/plain/3-operator.yaml'));
using bundle = buildBundle();
const conditions: Conditions = {
  bundle: bundle.file,
  nodeOptions: `${nodeOptions} ${values['node-options']}`.trim(),
  say: (line) => console.error(line),
};
const rows: Row[] = [];
for (const { name, play } of scenes) {
  conditions.say(`${name} ...`);
  rows.push(...(await play(conditions)));
}
console.log(`${machineName()}\n\n${tableText(rows)}`);
if (values.write) {
  if (filter !== '') throw new Error('the page is of all scenes: leave the filter out');
  writeFileSync(join(ROOT, 'docs/bench.md'), page(rows, nodeOptions));
}
if (rows.some(({ isMet }) => !isMet)) process.exitCode = 1;

function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
