/**
 * Many lives on all cores, each with a week of rest at its end. Exit code 1: a law was broken, a
 * life was not repeated, or a situation that is looked for never came. The last is asked of every
 * run, unless its lives were named or it was told to be short: then it says so.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { understood } from '../support/command-line.ts';
import type { Errand, Report } from './lives.ts';
import type { Plan } from './plan.ts';
import { asText, isWell, NIGHTLY_MINUTES, type Season, seasonOf } from './season.ts';
import { FOR_A_WEEK } from './swarm.ts';

const USAGE = `Usage: npm run simulate -- [options]

  --minutes N      when no life is named (30); with fewer, coverage is not judged
  --from N         the first seed (0)
  --seeds A..B     these lives
  --seed N         this one, as a failure prints it
  --plan FILE      what was left of it, as a failure prints it
  --rest-hours N   of peace at the end of each, in which nothing may be written (168)
  --jobs N         processes (one for each core)
  --json FILE      writes the totals there
  --help
`;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const TWICE_EVERY = 50;
const SHRINKING_MS = 90_000;

const orders = understood(USAGE, {
  options: {
    minutes: { type: 'string', default: String(NIGHTLY_MINUTES) },
    from: { type: 'string', default: '0' },
    seeds: { type: 'string' },
    seed: { type: 'string' },
    plan: { type: 'string' },
    'rest-hours': { type: 'string', default: String(FOR_A_WEEK.restMs / HOUR_MS) },
    jobs: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

type Wishes = NonNullable<typeof orders>['values'];

if (orders !== undefined) await simulate(orders.values);

async function simulate(wishes: Wishes): Promise<void> {
  const beganAtMs = Date.now();
  const { minutes, seeds, seed, plan, jobs, json } = wishes;
  const isNamed = seeds !== undefined || seed !== undefined || plan !== undefined;
  const shift: Shift = {
    ahead: shared(plans(wishes)),
    peace: { ...FOR_A_WEEK, restMs: Number(wishes['rest-hours']) * HOUR_MS },
    endsAtMs: isNamed ? Number.POSITIVE_INFINITY : beganAtMs + Number(minutes) * MINUTE_MS,
    reports: [],
  };
  const program = new URL('./lives.ts', import.meta.url);
  const children = Array.from({ length: Number(jobs) }, () => fork(program));
  await Promise.all(children.map((child) => work(child, shift)));
  const length = isNamed ? 'Named' : Number(minutes);
  conclude(seasonOf(shift.reports, Date.now() - beganAtMs, length), json);
}

/** What the processes have in common. */
interface Shift {
  readonly ahead: Iterable<Plan | number>;
  readonly peace: Errand['peace'];
  readonly endsAtMs: number;
  readonly reports: Report[];
}

function* plans({ plan, seed, seeds, from }: Wishes): Generator<Plan | number> {
  if (plan !== undefined) return yield JSON.parse(readFileSync(plan, 'utf8'));
  if (seed !== undefined) return yield Number(seed);
  const [first, last = ''] = (seeds ?? `${from}..`).split('..');
  const to = last === '' ? Number.POSITIVE_INFINITY : Number(last);
  for (let each = Number(first); each <= to; each += 1) yield each;
}

/** One source for all: `for of` would close it for the others. */
function shared<T>(source: Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: () => ({ next: () => source.next() }) };
}

async function work(child: ChildProcess, shift: Shift): Promise<void> {
  const death = died(child);
  // One that has nothing left to do may end before the others have.
  death.catch(() => {});
  for (const plan of shift.ahead) {
    const twice = typeof plan === 'number' && plan % TWICE_EVERY === 0;
    const errand: Errand = { plan, peace: shift.peace, twice, shrinkingMs: SHRINKING_MS };
    child.send(errand);
    const [report] = (await Promise.race([once(child, 'message'), death])) as [Report];
    shift.reports.push(report);
    if (report.failure !== undefined) console.log(report.failure);
    if (Date.now() >= shift.endsAtMs) break;
  }
  child.disconnect();
}

/** Before its work was done. */
async function died(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`a process of lives ended with ${code}`);
}

function conclude(season: Season, json: string | undefined): void {
  console.log(asText(season));
  if (json !== undefined) writeFileSync(json, JSON.stringify(season, undefined, 2));
  process.exitCode = isWell(season) ? 0 : 1;
}
