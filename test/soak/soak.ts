/**
 * `npm run soak`: replicas of the built operator under load on a real kube-apiserver and etcd, for
 * as long as it takes a leak to show. A bar that is missed fails the run.
 *
 *   npm run soak -- --minutes 30          5,000 resources in 200 pools
 *   npm run soak -- --minutes 2 --resources 200 --pools 8
 *   npm run soak -- --minutes 30 --json soak.json
 *   npm run soak -- --minutes 30 --write  also writes docs/soak.md and its picture
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineName } from '../bench/machine.ts';
import { nodeOptionsOf } from '../bench/operator.ts';
import { tableText } from '../bench/table.ts';
import { startControlPlane } from '../cluster/control-plane.ts';
import { buildBundle } from '../support/bundle.ts';
import { understood } from '../support/command-line.ts';
import { launchOperator } from '../support/launch.ts';
import type { Diary } from './diary.ts';
import { pageOf } from './page.ts';
import { pictureOf } from './picture.ts';
import { FULL } from './plan.ts';
import { rowsOf, tookMs } from './rows.ts';
import { soak } from './run.ts';
import { toldOf } from './told.ts';

const ROOT = join(import.meta.dirname, '../..');

const USAGE = `Usage: npm run soak -- [options]

  --minutes N      of load (30)
  --resources N    5000
  --pools N        200
  --seed N         of who wishes what, and which call is struck (1)
  --json FILE      also writes the numbers there
  --logs FOLDER    also leaves there what each replica logged, and a trace of Cognito's calls
  --write          also writes docs/soak.md and docs/pictures/soak.svg
  --help
`;

const orders = understood(USAGE, {
  options: {
    minutes: { type: 'string', default: '30' },
    resources: { type: 'string', default: '5000' },
    pools: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    logs: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (orders !== undefined) {
  const { minutes, resources, pools, seed, ...wanted } = orders.values;
  const plan = {
    ...FULL,
    seconds: 60 * countOf('minutes', minutes, 1),
    resources: countOf('resources', resources, 10),
    pools: countOf('pools', pools, 2),
    seed: countOf('seed', seed, 0),
  };
  const nodeOptions = nodeOptionsOf(text('Dockerfile'), text('deploy/plain/3-operator.yaml'));
  using bundle = buildBundle();
  const admin = await startControlPlane();
  try {
    const diary = await soak(plan, {
      admin,
      launch: (flags, environment) => launchOperator(bundle.file, flags, environment),
      nodeOptions,
      say: (line) => console.error(line),
    });
    await using _ = diary.stage;
    report(diary, { ...wanted, nodeOptions });
  } finally {
    await admin.stop();
  }
}

interface Wanted {
  readonly json?: string | undefined;
  readonly logs?: string | undefined;
  readonly write: boolean;
  readonly nodeOptions: string;
}

function report(diary: Diary, { json, logs, write, nodeOptions }: Wanted): void {
  const rows = rowsOf(diary);
  const told = toldOf(diary);
  const machine = machineName();
  console.log(`${machine}\n\n${tableText(rows)}\n`);
  for (const [name, value] of Object.entries(told)) console.log(`${name}: ${value}`);
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ machine, rows, told }, null, 2)}\n`);
  }
  if (logs !== undefined) leaveLogs(logs, diary);
  if (write) {
    const page = pageOf({ diary, rows, told, machine, nodeOptions });
    writeFileSync(join(ROOT, 'docs/soak.md'), page);
    writeFileSync(join(ROOT, 'docs/pictures/soak.svg'), pictureOf(diary));
  }
  if (rows.some(({ isMet }) => isMet !== true)) process.exitCode = 1;
}

function leaveLogs(folder: string, diary: Diary): void {
  const leave = (name: string, all: readonly unknown[]): void => {
    writeFileSync(join(folder, name), all.map((each) => `${JSON.stringify(each)}\n`).join(''));
  };
  mkdirSync(folder, { recursive: true });
  for (const { name, patients } of Object.values(diary.crews)) {
    for (const [index, { replica }] of patients.entries()) {
      leave(`${name}-${index}-${replica.accessKey}.log`, replica.lines);
    }
  }
  leave('cognito.log', diary.stage.cognito.log.calls());
  leave(
    'wishes.log',
    diary.wishes.map(({ crew, ...wish }) => ({ crew: crew.name, ...wish, tookMs: tookMs(wish) })),
  );
}

function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function countOf(name: string, given: string, least: number): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= least) return count;
  throw new Error(`--${name} takes a whole number of at least ${least}, not ${given}`);
}
