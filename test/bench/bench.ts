/**
 * `npm run bench`: counts and ratios of the built operator, each beside its bar, in one table. A
 * bar that is missed is reported as missed, and fails the run.
 *
 *   npm run bench                        all scenes
 *   npm run bench -- fleet               those whose name contains `fleet`
 *   npm run bench -- cluster             those on a real kube-apiserver
 *   npm run bench -- --write             also writes docs/bench.md
 *   npm run bench -- fleet --node-options=--cpu-prof     looks for a cause
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundle } from '../support/bundle.ts';
import { understood } from '../support/command-line.ts';
import { machineName } from './machine.ts';
import { nodeOptionsOf } from './operator.ts';
import { page } from './page.ts';
import type { Conditions, Row, Scene } from './row.ts';
import { SCENES } from './scenes.ts';
import { tableText } from './table.ts';

const ROOT = join(import.meta.dirname, '../..');

const USAGE = `Usage: npm run bench -- [scene] [options]

  scene                only those whose name contains it:
                       ${SCENES.map(({ name }) => name).join(`\n${' '.repeat(23)}`)}
  --write              also writes docs/bench.md; of all scenes only
  --node-options=...   more flags of Node for the operator, such as --cpu-prof
  --help
`;

const orders = understood(USAGE, {
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    'node-options': { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (orders !== undefined) await play(orders.values, orders.positionals[0] ?? '');

interface Wishes {
  readonly write: boolean;
  readonly 'node-options': string;
}

async function play(wishes: Wishes, filter: string): Promise<void> {
  const scenes = SCENES.filter(({ name }) => name.includes(filter));
  if (scenes.length === 0) throw new Error(`no scene is called ${filter}: see --help`);
  if (wishes.write && filter !== '') throw new Error('--write is of all scenes: name none');
  const nodeOptions = nodeOptionsOf(text('Dockerfile'), text('deploy/plain/3-operator.yaml'));
  using bundle = buildBundle();
  const rows = await rowsOf(scenes, {
    bundle: bundle.file,
    nodeOptions: `${nodeOptions} ${wishes['node-options']}`.trim(),
    say: (line) => console.error(line),
  });
  console.log(`${machineName()}\n\n${tableText(rows)}`);
  if (wishes.write) writeFileSync(join(ROOT, 'docs/bench.md'), page(rows, nodeOptions));
  if (rows.some(({ isMet }) => isMet !== true)) process.exitCode = 1;
}

async function rowsOf(scenes: readonly Scene[], conditions: Conditions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const scene of scenes) {
    conditions.say(`${scene.name} ...`);
    rows.push(...(await scene.play(conditions)));
  }
  return rows;
}

function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
