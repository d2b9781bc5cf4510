/**
 * The real kube-apiserver and etcd: from KUBEBUILDER_ASSETS when that is set, else built once
 * from the Go modules pinned beside this file; or the reason why there is none of the two.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { buildGoProgram, type GoProgram, type Tell } from './go-program.ts';

export interface Binaries {
  readonly apiServer: string;
  readonly etcd: string;
}

export type BinariesLookup =
  | { readonly kind: 'found'; readonly binaries: Binaries }
  | { readonly kind: 'missing'; readonly reason: string };

const API_SERVER: GoProgram = {
  name: 'kube-apiserver',
  folder: join(import.meta.dirname, 'kube-apiserver'),
  path: 'k8s.io/kubernetes/cmd/kube-apiserver',
  module: 'k8s.io/kubernetes',
  linkerFlags: kubernetesVersionFlags,
};

const ETCD: GoProgram = {
  name: 'etcd',
  folder: join(import.meta.dirname, 'etcd'),
  path: 'go.etcd.io/etcd/server/v3',
  module: 'go.etcd.io/etcd/server/v3',
};

/** Without them a program of Kubernetes calls itself v0.0.0, which Helm's kubeVersion refuses. */
export function kubernetesVersionFlags(version: string): string {
  const [major = '', minor = ''] = version.replace('v', '').split('.');
  const set = (name: string, value: string): string =>
    `-X k8s.io/component-base/version.git${name}=${value}`;
  return [set('Version', version), set('Major', major), set('Minor', minor)].join(' ');
}

export async function findBinaries(tell: Tell = tellOnStderr): Promise<BinariesLookup> {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && assets !== '') return findAssets(assets);
  try {
    const etcd = await buildGoProgram(ETCD, tell);
    const apiServer = await buildGoProgram(API_SERVER, tell);
    return { kind: 'found', binaries: { apiServer, etcd } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      kind: 'missing',
      reason:
        `no real kube-apiserver and etcd: KUBEBUILDER_ASSETS is not set, and they could not be ` +
        `built from their Go modules: ${why}`,
    };
  }
}

function findAssets(folder: string): BinariesLookup {
  const binaries = { apiServer: join(folder, 'kube-apiserver'), etcd: join(folder, 'etcd') };
  const absent = Object.values(binaries).filter((path) => !isExecutable(path));
  if (absent.length === 0) return { kind: 'found', binaries };
  const reason = `KUBEBUILDER_ASSETS is set, but there is no ${absent.join(' and no ')}`;
  return { kind: 'missing', reason };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function tellOnStderr(line: string): void {
  process.stderr.write(`[cluster] ${line}\n`);
}
