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
import { type Lane, missedBy, type Tally } from './lanes/lane.ts';
import { LEASES } from './lanes/leases.ts';
import { RESOURCES } from './lanes/resources.ts';
import { SIEGE } from './lanes/siege.ts';
import { STREAMS } from './lanes/streams.ts';
import { WALKS } from './lanes/walks.ts';
import { WORDS } from './lanes/words.ts';

const USAGE = `Usage: npm run hostile -- [options]

  --minutes N    for all lanes together (1)
  --lane NAME    one of them: resources, streams, leases, words, cognito, kubernetes, siege, walks
  --seed N       of the first slice (the time of day)
  --json FILE    writes the totals
  --help
`;

/** The longest that a lane runs before the next one has its turn. */
const SLICE_SECONDS = 120;

/**
 * Half as much again as an hour of all lanes takes, servers and inputs included. Four calls at once
 * whose answers of 200 MB are unpacked or kept, as in the lane `cognito`, take more.
 */
const RSS_MIB_MAX = 768;

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
  process.stdout.write(summary(totals));
  process.exitCode = totals.findings.length === 0 ? 0 : 1;
}

interface Totals {
  readonly seed: number;
  readonly seconds: number;
  readonly inputs: number;
  readonly lanes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly peakRssMiB: number;
  readonly findings: readonly string[];
}

/** Each lane has its turn, and turns until the time is over. */
async function runAll(lanes: readonly Lane[], seconds: number, seed: number): Promise<Totals> {
  const began = performance.now();
  const tallies: (Tally & { readonly lane: string })[] = [];
  const slice = lanes.length === 1 ? seconds : Math.min(SLICE_SECONDS, seconds / lanes.length);
  const rounds = Math.max(1, Math.round(seconds / (slice * lanes.length)));
  for (let turn = 0; turn < rounds * lanes.length; turn += 1) {
    const lane = lanes[turn % lanes.length];
    if (lane === undefined) break;
    const plan = { seed: seed + turn, inputsMax: Number.MAX_SAFE_INTEGER, seconds: slice };
    const tally = await lane.run(plan);
    tallies.push({ ...tally, lane: lane.name });
    process.stderr.write(`${lane.name}, seed ${plan.seed}: ${sum(tally.inputs)} inputs\n`);
    for (const finding of tally.findings) process.stderr.write(`FOUND ${lane.name}: ${finding}\n`);
  }
  const peakRssMiB = Math.round(process.resourceUsage().maxRSS / 1_024);
  const isHeavy = peakRssMiB > RSS_MIB_MAX;
  const byLane = lanes.map((lane) => {
    const own = tallies.filter((each) => each.lane === lane.name).map(({ inputs }) => inputs);
    return { lane, inputs: own.reduce(added, {}) };
  });
  return {
    seed,
    seconds: Math.round((performance.now() - began) / 1_000),
    inputs: tallies.reduce((total, { inputs }) => total + sum(inputs), 0),
    lanes: Object.fromEntries(byLane.map(({ lane, inputs }) => [lane.name, inputs])),
    peakRssMiB,
    findings: [
      ...tallies.flatMap(({ lane, findings }) => findings.map((each) => `${lane}: ${each}`)),
      ...byLane.flatMap(({ lane, inputs }) =>
        missedBy(lane, inputs).map((each) => `${lane.name}: ${each}`),
      ),
      ...(isHeavy ? [`the lanes took ${peakRssMiB} MiB, not at most ${RSS_MIB_MAX}`] : []),
    ],
  };
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
  return {
    ...own,
    inputs: own.inputs + walks.inputs,
    lanes: { ...own.lanes, ...walks.lanes },
    findings: [...own.findings, ...walks.findings],
  };
}

type Inputs = Tally['inputs'];

function added(one: Inputs, other: Inputs): Inputs {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...kinds].map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)]),
  );
}

function sum(inputs: Inputs): number {
  return Object.values(inputs).reduce((total, count) => total + count, 0);
}

function summary({ seed, seconds, inputs, lanes, peakRssMiB, findings }: Totals): string {
  const rows = Object.entries(lanes).flatMap(([lane, kinds]) =>
    Object.entries(kinds).map(([kind, count]) => `  ${lane}: ${kind}: ${count}\n`),
  );
  const rate = Math.round(inputs / Math.max(seconds, 1));
  return (
    `seed ${seed}: ${inputs} inputs in ${seconds} s (${rate}/s), at most ${peakRssMiB} MiB, ` +
    `${findings.length} findings\n${rows.join('')}`
  );
}
