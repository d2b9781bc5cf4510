/**
 * `npm run hostile`: hostile input of every kind, for as long as is asked for.
 *
 *   npm run hostile                              a minute
 *   npm run hostile -- --minutes 30 --json totals.json
 *   npm run hostile -- --lane cognito --seed 7   what a finding printed
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { understood } from '../support/command-line.ts';
import { COGNITO_BYTES, KUBERNETES_BYTES } from './lanes/bytes.ts';
import type { Lane } from './lanes/lane.ts';
import { LEASES } from './lanes/leases.ts';
import { RESOURCES } from './lanes/resources.ts';
import { SIEGE } from './lanes/siege.ts';
import { STREAMS } from './lanes/streams.ts';
import { WALKS } from './lanes/walks.ts';
import { WORDS } from './lanes/words.ts';
import {
  isPassed,
  type Outcome,
  sum,
  type Totals,
  together,
  totalsOf,
  totalsText,
} from './totals.ts';

const USAGE = `Usage: npm run hostile -- [options]

  --minutes N    for all lanes together (1)
  --lane NAME    one of them: resources, streams, leases, words, cognito, kubernetes, siege, walks
  --seed N       of the first slice (the time of day)
  --json FILE    writes the totals
  --help
`;

/** The longest that a lane runs before the next one has its turn. */
const SLICE_SECONDS = 120;

/** One after another; the walks have servers of their own, and go on beside them. */
const LANES: readonly Lane[] = [
  RESOURCES,
  STREAMS,
  LEASES,
  WORDS,
  COGNITO_BYTES,
  KUBERNETES_BYTES,
  SIEGE,
];

const orders = understood(USAGE, {
  options: {
    minutes: { type: 'string', default: '1' },
    lane: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (orders !== undefined) {
  const { minutes, lane, seed, json } = orders.values;
  const lanes = [...LANES, WALKS].filter(({ name }) => name === lane);
  if (lane !== undefined && lanes.length === 0) throw new Error(`there is no lane ${lane}`);
  const first = Number(seed ?? Date.now() % 1_000_000);
  const seconds = Number(minutes) * 60;
  const totals =
    lane === undefined ? await runBeside(seconds, first) : await runAll(lanes, seconds, first);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(totals, undefined, 2)}\n`);
  process.stdout.write(totalsText(totals));
  const everyLane = lane !== undefined || process.env['CI'] ? 'must run' : 'may be missing';
  process.exitCode = isPassed(totals, everyLane) ? 0 : 1;
}

/** Each lane has its turn, and turns until the time is over. */
async function runAll(lanes: readonly Lane[], seconds: number, seed: number): Promise<Totals> {
  const began = performance.now();
  const tallies: Outcome['tallies'][number][] = [];
  const slice = lanes.length === 1 ? seconds : Math.min(SLICE_SECONDS, seconds / lanes.length);
  const rounds = Math.max(1, Math.round(seconds / (slice * lanes.length)));
  for (let turn = 0; turn < rounds * lanes.length; turn += 1) {
    const lane = lanes[turn % lanes.length];
    if (lane === undefined) break;
    const plan = { seed: seed + turn, inputsMax: Number.MAX_SAFE_INTEGER, seconds: slice };
    const tally = await lane.run(plan);
    tallies.push({ ...tally, lane: lane.name });
    process.stderr.write(`${lane.name}, seed ${plan.seed}: ${sum(tally.inputs)} inputs\n`);
    if (tally.notRun !== undefined)
      process.stderr.write(`NOT RUN: ${lane.name}: ${tally.notRun}\n`);
    for (const finding of tally.findings) process.stderr.write(`FOUND ${lane.name}: ${finding}\n`);
  }
  const peakRssMiB = Math.round(process.resourceUsage().maxRSS / 1_024);
  const ranSeconds = Math.round((performance.now() - began) / 1_000);
  return totalsOf({ seed, seconds: ranSeconds, peakRssMiB, lanes, tallies });
}

/** The walks in a process of their own: the lanes here leave it no time. */
async function runBeside(seconds: number, seed: number): Promise<Totals> {
  const file = join(mkdtempSync(join(tmpdir(), 'hostile-')), 'walks.json');
  const plan = { lane: WALKS.name, minutes: seconds / 60, seed, json: file };
  const flags = Object.entries(plan).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(process.execPath, [import.meta.filename, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const own = await runAll(LANES, seconds, seed);
  await ended;
  const walks = JSON.parse(readFileSync(file, 'utf8')) as Totals;
  rmSync(dirname(file), { recursive: true });
  return together(own, walks);
}
