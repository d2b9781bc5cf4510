/** The kubelet, with everything that it keeps in one folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerProcess, startServerProcess } from '../cluster/server-process.ts';
import type { Watchdog } from '../cluster/watchdog.ts';
import type { NodePrograms } from './programs.ts';

export interface KubeletRequest {
  readonly folder: string;
  readonly programs: NodePrograms;
  readonly watchdog: Watchdog;
  readonly kubeconfig: string;
  readonly nodeName: string;
  readonly address: string;
  readonly containers: string;
}

export function startKubelet(request: KubeletRequest): ServerProcess {
  const { address, kubeconfig, nodeName, programs, watchdog } = request;
  const folder = join(request.folder, 'kubelet');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(folder, request)));
  const flags = [
    `--config=${join(folder, 'config.json')}`,
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${address}`,
    `--root-dir=${join(folder, 'root')}`,
    `--cert-dir=${join(folder, 'certificates')}`,
  ];
  const log = join(folder, 'kubelet.log');
  return startServerProcess({ file: programs.kubelet, flags, log }, watchdog);
}

function configOf(folder: string, { address, containers }: KubeletRequest) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address,
    containerRuntimeEndpoint: containers,
    podLogsDir: join(folder, 'logs'),
    volumePluginDir: join(folder, 'volume-plugins'),
    // The API server is not asked who asks: nobody else is in this network.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    // No hierarchy of its own: with these it runs under cgroup v1, and beside the machine's own.
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    // The machine's disk is not ours to judge.
    evictionHard: { 'memory.available': '50Mi' },
    imageGCHighThresholdPercent: 100,
    makeIPTablesUtilChains: false,
  };
}
