/**
 * The image, built from the Dockerfile by buildah, without a daemon and without a registry of
 * images. Its store is in a folder of its own. What npm is told about registries reaches the
 * build as a secret: it is in no layer.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheRoot } from '../support/kubectl-layer.ts';
import { BASE_IMAGES, type BaseImage, BUILD_BASE, PAUSE, RUNTIME_BASE } from './base-images.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Archives {
  /** OCI archives, as `ctr images import` reads them. */
  readonly operator: string;
  readonly pause: string;
  /** Compressed bytes of each layer that the Dockerfile adds to the image it builds on. */
  readonly ownLayerBytes: readonly number[];
}

export interface ImageRequest {
  readonly folder: string;
  readonly version: string;
}

/** Takes a minute, most of it npm's. */
export async function buildImage({ folder, version }: ImageRequest): Promise<Archives> {
  const store = createStore(folder);
  try {
    for (const base of BASE_IMAGES) await store.buildBase(base);
    await store.buildOperator(version);
    const operator = await store.archive(OPERATOR, join(folder, 'operator'));
    const pause = await store.archive(PAUSE.name, join(folder, 'pause'));
    // The stand-in that it builds on is one layer.
    const [, ...ownLayerBytes] = operator.layerBytes;
    return { operator: operator.path, pause: pause.path, ownLayerBytes };
  } finally {
    rmSync(store.folder, { recursive: true, force: true });
  }
}

const OPERATOR = 'localhost/cognito-operator';

interface Archive {
  readonly path: string;
  readonly layerBytes: readonly number[];
}

interface Store {
  readonly folder: string;
  buildBase(base: BaseImage): Promise<void>;
  buildOperator(version: string): Promise<void>;
  archive(image: string, path: string): Promise<Archive>;
}

function createStore(folder: string): Store {
  const store = join(folder, 'images');
  const run = (command: string, args: readonly string[]) => buildah(store, command, args);
  return {
    folder: store,
    async buildBase({ name, instructions, furnish }) {
      const context = join(store, 'context', name);
      mkdirSync(join(context, 'root'), { recursive: true });
      furnish(join(context, 'root'));
      const file = ['FROM scratch', 'COPY root/ /', ...instructions];
      writeFileSync(join(context, 'Dockerfile'), file.join('\n'));
      await run('bud', ['--tag', name, context]);
      rmSync(context, { recursive: true });
    },
    async buildOperator(version) {
      const secret = join(store, 'npmrc');
      writeFileSync(secret, npmSettings(), { mode: 0o600 });
      await run('bud', [
        '--isolation=chroot',
        '--pull=never',
        `--build-arg=BUILD_IMAGE=${BUILD_BASE.name}`,
        `--build-arg=RUNTIME_IMAGE=${RUNTIME_BASE.name}`,
        `--build-arg=VERSION=${version}`,
        `--secret=id=npmrc,src=${secret}`,
        `--tag=${OPERATOR}`,
        ROOT,
      ]);
    },
    async archive(image, path) {
      await run('push', [image, `oci:${path}`]);
      execFileSync('tar', ['-cf', `${path}.tar`, '-C', path, '.']);
      return { path: `${path}.tar`, layerBytes: layerBytesOf(path) };
    },
  };
}

/** All that npm would read here beside the project's own file. */
function npmSettings(): string {
  const files = [process.env['npm_config_globalconfig'], process.env['npm_config_userconfig']];
  const all = [...files, '/etc/npmrc', '/usr/etc/npmrc', join(homedir(), '.npmrc')];
  const present = all.filter((path) => path !== undefined && path !== '' && existsSync(path));
  return [...new Set(present)].map((path) => readFileSync(path as string, 'utf8')).join('\n');
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

function layerBytesOf(layout: string): readonly number[] {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(layout, path), 'utf8'));
  const index = read('index.json') as { readonly manifests: readonly [Descriptor] };
  const blob = index.manifests[0].digest.replace(':', '/');
  const manifest = read(`blobs/${blob}`) as { readonly layers: readonly Descriptor[] };
  return manifest.layers.map(({ size }) => size);
}

/** Mounts of its own, which end with it, and no notes in the machine's `/var/lib/containers`. */
const APART = 'mount -t tmpfs tmpfs /var/lib && exec buildah "$@"';

/** Shows its words only when it fails. What `RUN --mount=type=cache` keeps stays for the next. */
async function buildah(store: string, command: string, args: readonly string[]): Promise<void> {
  const cache = join(cacheRoot(), 'buildah');
  mkdirSync(cache, { recursive: true });
  const own = [`--root=${store}/root`, `--runroot=${store}/run`, '--storage-driver=vfs'];
  const child = spawn('unshare', ['--mount', 'sh', '-c', APART, 'sh', ...own, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: cache },
  });
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => words.push(text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`buildah ${command} ended with ${code}:\n${words.join('')}`);
}
