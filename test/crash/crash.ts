/**
 * `npm run crash`: the built operator is killed at every call that it makes, in every scenario, on
 * a real kube-apiserver where there is one; then at two calls, sampled by a seed, until the time is
 * over. Nothing may be lost, doubled or stolen.
 *
 *   npm run crash                                  30 minutes
 *   npm run crash -- --minutes 5 --seed 7
 *   npm run crash -- --json totals.json
 *   npm run crash -- --plan 'create: kill sent Create https://weather.example.com #1'
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Launch } from '../ha/stage.ts';
import { buildBundle } from '../support/bundle.ts';
import { understood } from '../support/command-line.ts';
import { launchOperator } from '../support/launch.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { complaintOf, type Played, scenarioOf } from './campaign.ts';
import { openCluster } from './cluster.ts';
import { type Plan, planText, readPlan } from './plan.ts';
import type { Theatre } from './play.ts';
import { pairsOf, prepare } from './season.ts';
import { isFlawless, type Totals, totalsOf, totalsText } from './totals.ts';

const USAGE = `Usage: npm run crash -- [options]

  --minutes N    when no other plan is begun (30)
  --seed N       of the pairs (1)
  --worlds N     played beside each other (10)
  --plan TEXT    this plan alone, as a failure prints it
  --json FILE    writes the totals there
  --help
`;

const orders = understood(USAGE, {
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    worlds: { type: 'string', default: '10' },
    plan: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (orders !== undefined) {
  const { minutes, seed, worlds, plan, json } = orders.values;
  using bundle = buildBundle();
  await using cluster = await openCluster();
  process.stdout.write(`against ${cluster.name}\n`);
  const theatre = { cluster, launch: launcher(bundle.file) };
  if (plan === undefined) {
    const totals = await season(theatre, {
      minutes: Number(minutes),
      seed: Number(seed),
      worlds: Number(worlds),
    });
    process.stdout.write(`\n${totalsText(totals)}`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(totals, null, 2)}\n`);
    process.exitCode = isFlawless(totals) ? 0 : 1;
  } else {
    process.exitCode = (await repeat(theatre, readPlan(plan))) ? 0 : 1;
  }
}

/** What Node compiles is kept by a process that ends by itself, here as it finds no cluster. */
function launcher(file: string): Launch {
  const folder = join(dirname(file), 'compiled');
  const compiled = { NODE_COMPILE_CACHE: folder };
  const nowhere = `--kubeconfig=${join(folder, 'nowhere')}`;
  const env = { ...process.env, ...compiled };
  const { status, stdout } = spawnSync(process.execPath, [file, nowhere], { env });
  if (status !== 2) throw new Error(`the operator did not begin: ${stdout.toString()}`);
  return (flags, environment) => launchOperator(file, flags, { ...compiled, ...environment });
}

interface Orders {
  readonly minutes: number;
  readonly seed: number;
  readonly worlds: number;
}

async function season(theatre: Theatre, { minutes, seed, worlds }: Orders): Promise<Totals> {
  const beganMs = performance.now();
  const ranMinutes = (): number => (performance.now() - beganMs) / 60_000;
  const pace = { worlds, isOver: () => ranMinutes() >= minutes };
  const prepared = await prepare(theatre, { worlds });
  const tell = createTeller();
  const singles = await prepared.play(prepared.singles, { ...pace, tell });
  const stales = await prepared.play(prepared.stales, { ...pace, tell });
  const { roll } = createSeededChance(seed);
  const victimOf = (plan: Plan): number => scenarioOf(plan).victim;
  const pairs = await prepared.play(pairsOf(singles, victimOf, roll), { ...pace, tell });
  const played = [...singles, ...stales, ...pairs];
  const server = theatre.cluster.name;
  return totalsOf({ server, seed, minutes: ranMinutes(), season: prepared, played });
}

/** One line a plan; all of it when something is amiss. */
function createTeller(): (played: Played) => void {
  const count = { plans: 0 };
  return (played) => {
    count.plans += 1;
    const complaint = complaintOf(played);
    process.stderr.write(`${count.plans} ${planText(played.plan)}\n`);
    if (complaint !== undefined) process.stdout.write(`${complaint}\n`);
  };
}

/** Whether nothing was amiss. */
async function repeat(theatre: Theatre, plan: Plan): Promise<boolean> {
  const prepared = await prepare(theatre, { worlds: 1 }, [scenarioOf(plan)]);
  const [played] = await prepared.play([plan], { worlds: 1 });
  if (played === undefined) throw new Error('nothing was played');
  const complaint = complaintOf(played);
  process.stdout.write(complaint ?? `${planText(plan)}: nothing is amiss\n`);
  return complaint === undefined;
}
