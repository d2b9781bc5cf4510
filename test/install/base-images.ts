/**
 * Stand-ins for the images that the Dockerfile builds on, where no registry of images can be
 * reached: made from this machine's own files, the Node that npm installed among them. The one
 * that the operator runs on has no shell and no package, like the one it stands in for.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { commandPath } from './prerequisites.ts';

const NODE = join(import.meta.dirname, '../../node_modules/node/bin/node');
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const NON_ROOT = 'nonroot:x:65532:65532::/:/sbin/nologin\n';

export interface BaseImage {
  readonly name: string;
  /** The instructions after the files were copied. */
  readonly instructions: readonly string[];
  /** Puts the files into the folder that becomes the root. */
  readonly furnish: (root: string) => void;
}

/** For `npm ci` and the bundler: Node, npm, a shell, and whom this machine trusts. */
export const BUILD_BASE: BaseImage = {
  name: 'localhost/stand-in/build',
  instructions: ['ENV PATH=/usr/bin:/bin', 'CMD ["/bin/sh"]'],
  furnish(root) {
    copyProgram(root, NODE, '/usr/bin/node');
    copyProgram(root, '/bin/sh', '/bin/sh');
    copyProgram(root, '/usr/bin/env', '/usr/bin/env');
    copyNpm(root);
    copyTrust(root);
  },
};

/** As distroless does it: `node` is the entrypoint. */
export const RUNTIME_BASE: BaseImage = {
  name: 'localhost/stand-in/runtime',
  instructions: ['USER 65532', 'ENTRYPOINT ["/nodejs/bin/node"]'],
  furnish(root) {
    copyProgram(root, NODE, '/nodejs/bin/node');
    for (const name of ['etc', 'tmp']) mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, 'etc/passwd'), NON_ROOT);
  },
};

/** Holds the namespaces of a pod. The runtime ends it by SIGKILL. */
export const PAUSE: BaseImage = {
  name: 'localhost/stand-in/pause',
  instructions: ['USER 65532', 'ENTRYPOINT ["/bin/sleep", "infinity"]'],
  furnish: (root) => copyProgram(root, '/bin/sleep', '/bin/sleep'),
};

export const BASE_IMAGES = [BUILD_BASE, RUNTIME_BASE, PAUSE] as const;

/** A binary, and the shared libraries that it names, at the paths where it looks for them. */
function copyProgram(root: string, from: string, to: string): void {
  copy(root, from, to);
  const libraries = execFileSync('ldd', [from], { encoding: 'utf8' }).matchAll(/\/\S+(?= \(0x)/g);
  for (const [library] of libraries) copy(root, library, library);
}

function copy(root: string, from: string, to: string): void {
  const target = join(root, to);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(from), target, { recursive: true });
}

function copyNpm(root: string): void {
  const npm = commandPath('npm');
  if (npm === undefined) throw new Error('there is no npm on PATH');
  copy(root, dirname(dirname(realpathSync(npm))), '/usr/lib/npm');
  const start = '#!/bin/sh\nexec node /usr/lib/npm/bin/npm-cli.js "$@"\n';
  writeFileSync(join(root, 'usr/bin/npm'), start, { mode: 0o755 });
}

function copyTrust(root: string): void {
  if (existsSync(CERTIFICATES)) copy(root, CERTIFICATES, CERTIFICATES);
  const more = process.env['NODE_EXTRA_CA_CERTS'] ?? '';
  if (existsSync(more) && existsSync(CERTIFICATES) && realpathSync(more) !== CERTIFICATES) {
    appendFileSync(join(root, CERTIFICATES), execFileSync('cat', [more]));
  }
}
