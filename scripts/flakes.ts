/**
 * `npm run flakes`: all of `npm test`, again and again, on as busy a machine as there is. A test
 * that fails once in fifty runs is wrong, or what it tests is.
 *
 *   npm run flakes -- --times 50
 *
 * What a run that failed has printed is kept in `.cache/flakes`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { understood } from '../test/support/command-line.ts';

const FOLDER = join(import.meta.dirname, '../.cache/flakes');

const USAGE = `Usage: npm run flakes -- [options]

  --times N   how often (10)
  --help
`;

const orders = understood(USAGE, {
  options: {
    times: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});

if (orders !== undefined) {
  const times = Number(orders.values.times);
  if (!Number.isInteger(times) || times < 1) throw new Error('--times takes a whole number from 1');
  const runs = await repeat(times);
  const failed = runs.filter(({ passed }) => !passed).length;
  const took = runs.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const spread = [took[0], took[Math.floor(took.length / 2)], took.at(-1)].join(', ');
  console.log(`${runs.length} runs, ${failed} failed; least, median, most seconds: ${spread}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

interface Run {
  readonly passed: boolean;
  readonly seconds: number;
}

async function repeat(times: number): Promise<readonly Run[]> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const runs: Run[] = [];
  for (let number = 1; number <= times; number += 1) {
    const log = join(FOLDER, `${number}.log`);
    const run = await testAll(log);
    runs.push(run);
    if (run.passed) rmSync(log);
    const words = run.passed ? 'passed' : `FAILED, see ${log}`;
    console.log(`run ${number} of ${times}: ${words}, ${run.seconds} s`);
  }
  return runs;
}

async function testAll(log: string): Promise<Run> {
  const startedAtMs = performance.now();
  const child = spawn('npm', ['test'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  const [code] = await once(child, 'close');
  file.end();
  await once(file, 'finish');
  return { passed: code === 0, seconds: Math.round((performance.now() - startedAtMs) / 1_000) };
}
