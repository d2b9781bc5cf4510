/**
 * Many lives on all cores, each with a week of rest at its end.
 *
 *   npm run simulate -- --minutes 30 [--from 1000] [--json file]
 *   npm run simulate -- --seeds 0..99
 *   npm run simulate -- --seed 7
 *   npm run simulate -- --plan .cache/simulation/seed-7.json
 *
 * Exit code 1: a law was broken, a life was not repeated, or, in a run of many lives, a situation
 * that is looked for never came.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Errand, Report } from './lives.ts';
import type { Plan } from './plan.ts';
import { asText, type Season, seasonOf } from './season.ts';
import { FOR_A_WEEK } from './swarm.ts';

const HOUR_MS = 3_600_000;
const TWICE_EVERY = 50;
const SHRINKING_MS = 90_000;
/** From so many lives on, all that is looked for has to have come. */
const MANY = 300;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seeds: { type: 'string' },
    seed: { type: 'string' },
    plan: { type: 'string' },
    from: { type: 'string', default: '0' },
    'rest-hours': { type: 'string', default: String(FOR_A_WEEK.restMs / HOUR_MS) },
    jobs: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'string' },
  },
});

const peace = { ...FOR_A_WEEK, restMs: Number(values['rest-hours']) * HOUR_MS };

function* plans(): Generator<Plan | number> {
  if (values.plan !== undefined) return yield JSON.parse(readFileSync(values.plan, 'utf8'));
  if (values.seed !== undefined) return yield Number(values.seed);
  const [from, to] = (values.seeds ?? `${values.from}..`).split('..');
  const last = to === undefined || to === '' ? Number.POSITIVE_INFINITY : Number(to);
  for (let seed = Number(from); seed <= last; seed += 1) yield seed;
}

const endsAtMs =
  values.minutes === undefined
    ? Number.POSITIVE_INFINITY
    : Date.now() + Number(values.minutes) * 60_000;
if (values.minutes === undefined && !values.seeds && !values.seed && !values.plan)
  throw new Error('say how long, or which: --minutes 30, --seeds 0..99, --seed 7 or --plan file');

async function work(child: ChildProcess, ahead: Generator<Plan | number>, done: Report[]) {
  const death = died(child);
  for (const plan of ahead) {
    const twice = typeof plan === 'number' && plan % TWICE_EVERY === 0;
    const errand: Errand = { plan, peace, twice, shrinkingMs: SHRINKING_MS };
    child.send(errand);
    const [report] = (await Promise.race([once(child, 'message'), death])) as [Report];
    done.push(report);
    if (report.failure !== undefined) console.log(report.failure);
    if (Date.now() >= endsAtMs) break;
  }
  child.disconnect();
}

/** Before its work was done. */
async function died(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`a process of lives ended with ${code}`);
}

function conclude(season: Season): void {
  console.log(asText(season));
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(season, undefined, 2));
  const isBlind = season.lives >= MANY && season.neverSeen.length > 0;
  process.exitCode = season.failures.length > 0 || isBlind ? 1 : 0;
}

const startedAtMs = Date.now();
const reports: Report[] = [];
const ahead = plans();
/** One source for all: `for of` would close it for the others. */
const shared = {
  next: () => ahead.next(),
  [Symbol.iterator]: () => shared,
} as unknown as Generator<Plan | number>;
const program = new URL('./lives.ts', import.meta.url);
const children = Array.from({ length: Number(values.jobs) }, () => fork(program));
await Promise.all(children.map((child) => work(child, shared, reports)));
conclude(seasonOf(reports, Date.now() - startedAtMs));
