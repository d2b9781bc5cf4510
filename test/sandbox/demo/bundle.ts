/**
 * Builds the operator as it is shipped, into a folder of ours. The build writes beside its own
 * script, so it runs on a mirror of the checkout: neither the reader's `dist/` nor another build
 * at the same moment is in the way.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
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
  const megabytes = (statSync(path).size / 1e6).toFixed(1);
  narrator.output(`main.mjs: ${megabytes} MB, in ${elapsed()}`);
  return path;
}

async function build(folder: string, signal: AbortSignal): Promise<string> {
  const mirror = join(folder, 'build');
  mkdirSync(mirror);
  for (const copied of ['package.json', 'scripts']) {
    cpSync(join(CHECKOUT, copied), join(mirror, copied), { recursive: true });
  }
  for (const linked of ['src', 'node_modules']) {
    symlinkSync(join(CHECKOUT, linked), join(mirror, linked), 'junction');
  }
  await runBuild(join(mirror, 'scripts/build.ts'), signal);
  return join(mirror, 'dist/main.mjs');
}

async function runBuild(script: string, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
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
