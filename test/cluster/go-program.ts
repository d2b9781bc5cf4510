/**
 * One main package of a pinned Go module, built once into a cache outside the checkout. Whoever
 * wants it while another process builds it waits for that one; of a builder that died the next
 * one takes over.
 */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GoProgram {
  readonly name: string;
  /** The folder of the `go.mod` that pins it. */
  readonly folder: string;
  /** The import path of the main package. */
  readonly path: string;
  /** The module that carries it: its version is the program's. */
  readonly module: string;
  /** For `-ldflags`. */
  readonly linkerFlags?: (version: string) => string;
}

/** Said to whoever waits, a line at a time. */
export type Tell = (line: string) => void;

const LOOK_AGAIN_MS = 500;
const TELL_EVERY_MS = 15_000;

/** The path of the binary. Rejects when there is no `go` or the build fails. */
export async function buildGoProgram(program: GoProgram, tell: Tell): Promise<string> {
  const folder = join(cacheRoot(), keyOf(program));
  const path = join(folder, program.name);
  const lock = join(folder, 'lock');
  mkdirSync(folder, { recursive: true });
  for (let waits = 0; !existsSync(path); waits += 1) {
    if (tookLock(lock)) {
      try {
        await build(program, path, tell);
      } finally {
        rmSync(lock, { force: true });
      }
    } else {
      if (waits === 0) tell(`${program.name}: another process builds it; waiting`);
      await sleep(LOOK_AGAIN_MS);
    }
  }
  return path;
}

/**
 * Linked from a file that already has its content, so that nobody sees a lock of nobody. When two
 * find a dead holder at once, both may build: that costs time, the binary is moved in whole.
 */
function tookLock(lock: string): boolean {
  const mine = `${lock}-${randomUUID()}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch {
    if (!isAlive(holderOf(lock))) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Undefined when the lock was given up meanwhile. */
function holderOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(processId: number | undefined): boolean {
  if (processId === undefined) return true;
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

async function build(program: GoProgram, path: string, tell: Tell): Promise<void> {
  const version = versionOf(program);
  const startedAt = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - startedAt) / 1000)} s`;
  tell(`${program.name}: building ${version} from its Go modules, once; minutes when all is new`);
  const unfinished = `${path}-${randomUUID()}`;
  let packages = 0;
  const timer = setInterval(
    () => tell(`${program.name}: ${packages} packages compiled in ${seconds()}`),
    TELL_EVERY_MS,
  );
  try {
    await runGo(program, unfinished, (lines) => {
      packages += lines;
    });
    renameSync(unfinished, path);
  } finally {
    clearInterval(timer);
    rmSync(unfinished, { force: true });
  }
  tell(`${program.name}: built in ${seconds()}, ${path}`);
}

/** `-v` names each package once it is compiled, a line each. */
async function runGo(
  { folder, path, linkerFlags, ...program }: GoProgram,
  output: string,
  count: (lines: number) => void,
): Promise<void> {
  const flags = `-s -w ${linkerFlags?.(versionOf({ folder, path, ...program })) ?? ''}`;
  const args = ['build', '-v', '-mod=readonly', '-ldflags', flags, '-o', output, path];
  const env = { ...process.env, CGO_ENABLED: '0' };
  const child = spawn('go', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    count(text.split('\n').length - 1);
    lastWords = `${lastWords}${text}`.slice(-2000);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on('error', (cause) => reject(new Error('there is no `go` on PATH', { cause })));
  child.on('close', (code) => {
    if (code === 0) resolve();
    else reject(new Error(`go build of ${program.name} ended with ${code}:\n${lastWords}`));
  });
  await promise;
}

/** As the module's own `go.mod` pins it. */
function versionOf({ folder, module }: GoProgram): string {
  const pins = readFileSync(join(folder, 'go.mod'), 'utf8').split('\n');
  const line = pins.find((one) =>
    one
      .replace(/^\s*require /, '')
      .trim()
      .startsWith(`${module} v`),
  );
  const version = line?.split(' ').at(-1);
  if (version === undefined) throw new Error(`${folder}/go.mod does not pin ${module}`);
  return version;
}

/** A changed pin or flag is another program. */
function keyOf(program: GoProgram): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(program.folder, file)));
  hash.update(program.linkerFlags?.('') ?? '').update(`${process.platform}-${process.arch}`);
  return `${program.name}-${versionOf(program)}-${hash.digest('hex').slice(0, 8)}`;
}

function cacheRoot(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cognito-operator');
}
