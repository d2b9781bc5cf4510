// `npm test`: types, lint, format and generated files are checked beside the tests, which wait for
// processes more than they work. Arguments are for vitest. What a check complains of comes last.

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

const [tests, ...checks] = await Promise.all([runTests(), ...inTurn(CHECKS, runCheck)]);
for (const [index, { code, output }] of checks.entries()) {
  if (code !== 0) console.error(`\nnpm ${CHECKS[index]?.join(' ')}: failed\n${output}`);
}
if (tests !== 0 || checks.some(({ code }) => code !== 0)) process.exitCode = 1;

async function runTests(): Promise<number | null> {
  const args = ['vitest', 'run', ...process.argv.slice(2)];
  const [code] = await once(spawn('npx', args, { stdio: 'inherit' }), 'close');
  return code;
}

async function runCheck(args: readonly string[]): Promise<Ended> {
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
