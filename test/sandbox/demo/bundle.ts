/**
 * Builds the operator as it is shipped, into a folder of ours: neither the reader's `dist/` nor
 * another build at the same moment is in the way.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Narrator } from './narrator.ts';
import { startStopwatch } from './stopwatch.ts';

export const CHECKOUT = join(import.meta.dirname, '../../..');

/** The path of the bundle. */
export async function tellOfBuild(
  narrator: Narrator,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  narrator.typed('$', 'npm run build');
  const elapsed = startStopwatch();
  const path = await narrator.during(build(folder, signal), () => `building, ${elapsed()}`);
  narrator.output(`dist: ${megabytesOf(dirname(path))} MB, in ${elapsed()}`);
  return path;
}

function megabytesOf(folder: string): string {
  const sizes = globSync(join(folder, '*.mjs')).map((file) => statSync(file).size);
  return (sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1);
}

async function build(folder: string, signal: AbortSignal): Promise<string> {
  const out = join(folder, 'dist');
  await runBuild(out, signal);
  return join(out, 'main.mjs');
}

async function runBuild(out: string, signal: AbortSignal): Promise<void> {
  const script = join(CHECKOUT, 'scripts/build.ts');
  const child = spawn(process.execPath, [script, out], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const giveUp = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', giveUp);
  const [code] = await once(child, 'close');
  signal.removeEventListener('abort', giveUp);
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`the build failed:\n${said.join('')}`);
}
