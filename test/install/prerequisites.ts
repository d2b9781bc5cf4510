/** What a node of our own needs of the machine, and which of it is not there. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Commands, each with the Debian package that brings it. */
const COMMANDS = {
  buildah: 'buildah',
  runc: 'runc',
  iptables: 'iptables',
  ip: 'iproute2',
  unshare: 'util-linux',
  go: 'golang-go, or https://go.dev/dl',
  npm: 'npm',
} as const;

const PLUGIN_FOLDERS = ['/usr/lib/cni', '/opt/cni/bin'];
const PLUGINS = ['bridge', 'host-local', 'loopback'];

/** Where the CNI plugins are. */
export function pluginFolder(): string | undefined {
  return PLUGIN_FOLDERS.find((folder) => PLUGINS.every((name) => existsSync(join(folder, name))));
}

/** One sentence for each thing that is missing. */
export function missingHere(): readonly string[] {
  if (process.platform !== 'linux') return [`this is ${process.platform}, a node needs Linux`];
  const commands = Object.entries(COMMANDS)
    .filter(([command]) => commandPath(command) === undefined)
    .map(([command, from]) => `there is no \`${command}\` on PATH (Debian: ${from})`);
  return [
    ...(process.getuid?.() === 0 ? [] : ['this is not root']),
    ...commands,
    ...(pluginFolder() === undefined
      ? [`no CNI plugins in ${PLUGIN_FOLDERS.join(' or ')} (Debian: containernetworking-plugins)`]
      : []),
  ];
}

export function commandPath(command: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
