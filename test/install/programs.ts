/** The programs of a whole node, each built once from its pinned Go module. */
import { join } from 'node:path';
import { type Binaries, findBinaries, kubernetesVersionFlags } from '../cluster/binaries.ts';
import { buildGoProgram, type GoProgram, type Tell } from '../cluster/go-program.ts';

export interface NodePrograms extends Binaries {
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kubelet: string;
  readonly containerd: string;
  /** What containerd starts for each pod; it looks for it on its PATH. */
  readonly shim: string;
  /** Loads images into containerd. */
  readonly ctr: string;
}

function ofKubernetes(name: string): GoProgram {
  return {
    name,
    folder: join(import.meta.dirname, 'kubernetes'),
    path: `k8s.io/kubernetes/cmd/${name}`,
    module: 'k8s.io/kubernetes',
    linkerFlags: kubernetesVersionFlags,
  };
}

function ofContainerd(name: string): GoProgram {
  return {
    name,
    folder: join(import.meta.dirname, 'containerd'),
    path: `github.com/containerd/containerd/v2/cmd/${name}`,
    module: 'github.com/containerd/containerd/v2',
  };
}

/** One after the other: each build uses all cores. Minutes when all is new. */
export async function buildPrograms(tell: Tell): Promise<NodePrograms> {
  const lookup = await findBinaries(tell);
  if (lookup.kind === 'missing') throw new Error(lookup.reason);
  return {
    ...lookup.binaries,
    controllerManager: await buildGoProgram(ofKubernetes('kube-controller-manager'), tell),
    scheduler: await buildGoProgram(ofKubernetes('kube-scheduler'), tell),
    kubelet: await buildGoProgram(ofKubernetes('kubelet'), tell),
    containerd: await buildGoProgram(ofContainerd('containerd'), tell),
    shim: await buildGoProgram(ofContainerd('containerd-shim-runc-v2'), tell),
    ctr: await buildGoProgram(ofContainerd('ctr'), tell),
  };
}
