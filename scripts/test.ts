// `npm test`: two runs of vitest beside each other, for the end-to-end tests wait for processes
// more than they work; and beside both the checks of types, lint, format and generated files. What
// a check complains of comes last. With arguments, which are for vitest, there is one run.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const CHECKS = [
  ['run', '--silent', 'typecheck'],
  ['run', '--silent', 'lint'],
  ['run', '--silent', 'format'],
  ['run', '--silent', 'generate', '--', '--check'],
] as const;

const [tests, ...checks] = await Promise.all([runTests(), ...inTurn(CHECKS, runCommand)]);
for (const [index, { code, output }] of checks.entries()) {
  if (code !== 0) console.error(`\nnpm ${CHECKS[index]?.join(' ')}: failed\n${output}`);
}
if (!tests || checks.some(({ code }) => code !== 0)) process.exitCode = 1;

/** @returns whether all passed */
async function runTests(): Promise<boolean> {
  const args = process.argv.slice(2);
  if (args.length > 0) return (await showCommand(['exec', '--', 'vitest', 'run', ...args])) === 0;
  const [inside, { code, output }] = await Promise.all([
    showCommand(vitest('inside', 2, 'vitest')),
    runCommand(vitest('e2e', 4, 'vitest-e2e')),
  ]);
  process.stdout.write(output);
  return inside === 0 && code === 0;
}

/** @param report where `.ci/run` looks for what passed and failed */
function vitest(project: string, workers: number, report: string): readonly string[] {
  const flags = [`--project=${project}`, `--maxWorkers=${workers}`];
  return ['exec', '--', 'vitest', 'run', ...flags, `--outputFile.json=.cache/${report}.json`];
}

async function showCommand(args: readonly string[]): Promise<number | null> {
  const [code] = await once(spawn('npm', args, { stdio: 'inherit' }), 'close');
  return code;
}

async function runCommand(args: readonly string[]): Promise<Ended> {
  const child = spawn('npm', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  const [code] = await once(child, 'close');
  return { code, output: output.join('') };
}

/** One at a time: the tests have the machine. */
function inTurn<T, R>(all: readonly T[], run: (one: T) => Promise<R>): readonly Promise<R>[] {
  let last: Promise<unknown> = Promise.resolve();
  return all.map((one) => {
    const next = last.then(() => run(one));
    last = next;
    return next;
  });
}
