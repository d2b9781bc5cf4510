/**
 * A whole node on this machine: control plane, controllers, scheduler, containerd, kubelet. Must
 * be the first process of namespaces of its own (processes, mounts, network): nothing here is
 * taken down, all of it ends with them.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import type { ServerProcess } from '../cluster/server-process.ts';
import { startWatchdog } from '../cluster/watchdog.ts';
import { waitFor } from '../support/wait.ts';
import { startContainers } from './containers.ts';
import { startControllers } from './controllers.ts';
import { startKubelet } from './kubelet.ts';
import { BRIDGE_ADDRESS, raiseBridge, serveApiService, writePodNetwork } from './network.ts';
import type { NodePrograms } from './programs.ts';

export interface NodeRequest {
  /** For all that it keeps. */
  readonly folder: string;
  readonly programs: NodePrograms;
  /** Archives, by the names that the images get. */
  readonly images: Readonly<Record<string, string>>;
  readonly pause: string;
}

export interface Node {
  /** The path of an administrator's. */
  readonly kubeconfig: string;
}

const NODE_NAME = 'node';
const READY_WITHIN_MS = 120_000;

export async function startNode({ folder, programs, images, pause }: NodeRequest): Promise<Node> {
  coverFolders(folder);
  raiseBridge();
  const watchdog = startWatchdog(join(folder, 'nothing'));
  const podNetwork = writePodNetwork(folder);
  const [plane, containers] = await Promise.all([
    startControlPlane({
      binaries: programs,
      address: BRIDGE_ADDRESS,
      withoutAdmission: [],
      flags: ['--kubelet-preferred-address-types=InternalIP'],
    }),
    startContainers({ folder, programs, watchdog, podNetwork, images, pause }),
  ]);
  serveApiService(plane.url);
  const { kubeconfig } = plane;
  const servers = [
    ...startControllers(plane, programs, watchdog),
    startKubelet({
      folder,
      programs,
      watchdog,
      kubeconfig,
      nodeName: NODE_NAME,
      address: BRIDGE_ADDRESS,
      containers: containers.endpoint,
    }),
  ];
  await untilReady(plane, [...servers, containers.server]);
  return { kubeconfig };
}

/** Where programs write to whatever they are told; and a view of devices that is our network's. */
function coverFolders(folder: string): void {
  const mount = (...args: readonly string[]) => execFileSync('mount', args);
  for (const path of ['/run', '/var/lib', '/var/log']) mount('-t', 'tmpfs', 'tmpfs', path);
  const groups = join(folder, 'cgroup');
  mkdirSync(groups);
  mount('--rbind', '/sys/fs/cgroup', groups);
  mount('-t', 'sysfs', 'sysfs', '/sys');
  mount('--rbind', groups, '/sys/fs/cgroup');
}

/** Pods are refused before their namespace has its ServiceAccount. */
async function untilReady(
  { client }: ControlPlane,
  servers: readonly ServerProcess[],
): Promise<void> {
  const isReady = async (): Promise<boolean> => {
    const ended = servers.find((server) => !server.isRunning());
    if (ended !== undefined) throw new Error(`a server ended: ${ended.words()}`);
    const account = await client.get('/api/v1/namespaces/default/serviceaccounts/default');
    const { status, body } = await client.get(`/api/v1/nodes/${NODE_NAME}`);
    const { conditions } = (body.status ?? {}) as { readonly conditions?: readonly Condition[] };
    const ready = conditions?.find(({ type }) => type === 'Ready');
    return account.status === 200 && status === 200 && ready?.status === 'True';
  };
  await waitFor('the node to be ready', isReady, {
    withinMs: READY_WITHIN_MS,
    tellMore: () => servers.map((server) => server.words()).join('\n---\n'),
  });
}

interface Condition {
  readonly type: string;
  readonly status: string;
}
