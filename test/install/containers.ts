/** containerd, with everything that it keeps in one folder, and the images of the test in it. */
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ServerProcess, startServerProcess } from '../cluster/server-process.ts';
import type { Watchdog } from '../cluster/watchdog.ts';
import { waitFor } from '../support/wait.ts';
import { pluginFolder } from './prerequisites.ts';
import type { NodePrograms } from './programs.ts';

export interface Containers {
  /** Of the container runtime interface. */
  readonly endpoint: string;
  readonly server: ServerProcess;
}

export interface ContainersRequest {
  readonly folder: string;
  readonly programs: NodePrograms;
  readonly watchdog: Watchdog;
  /** The folder of the CNI configuration. */
  readonly podNetwork: string;
  /** Archives, by the names that the images get. */
  readonly images: Readonly<Record<string, string>>;
  /** The image that holds the namespaces of a pod. */
  readonly pause: string;
}

const run = promisify(execFile);

export async function startContainers(request: ContainersRequest): Promise<Containers> {
  const folder = join(request.folder, 'containerd');
  const socket = join(folder, 'containerd.sock');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  symlinkSync(request.programs.shim, join(folder, 'bin', 'containerd-shim-runc-v2'));
  writeFileSync(join(folder, 'config.toml'), configOf(folder, socket, request));
  const server = startServerProcess(
    {
      file: request.programs.containerd,
      flags: [`--config=${join(folder, 'config.toml')}`],
      log: join(folder, 'containerd.log'),
      env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` },
    },
    request.watchdog,
  );
  const ctr = (...args: readonly string[]) =>
    run(request.programs.ctr, ['--address', socket, '--namespace', 'k8s.io', ...args]);
  await waitFor('containerd to answer', () => answers(ctr, server));
  for (const [name, archive] of Object.entries(request.images)) {
    await ctr('images', 'import', '--local', '--index-name', name, archive);
  }
  return { endpoint: `unix://${socket}`, server };
}

async function answers(
  ctr: (...args: readonly string[]) => Promise<unknown>,
  server: ServerProcess,
): Promise<boolean> {
  if (!server.isRunning()) throw new Error(`containerd ended at its start: ${server.words()}`);
  return ctr('version').then(
    () => true,
    () => false,
  );
}

function configOf(folder: string, socket: string, request: ContainersRequest): string {
  return `version = 3
root = "${folder}/root"
state = "${folder}/state"

[grpc]
address = "${socket}"

[plugins."io.containerd.internal.v1.opt"]
path = "${folder}/opt"

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${request.pause}"

# Root in a container may not be allowed to spare processes from the OOM killer.
[plugins."io.containerd.cri.v1.runtime"]
restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["${pluginFolder() ?? ''}"]
conf_dir = "${request.podNetwork}"
`;
}
