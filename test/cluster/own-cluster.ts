/** A control plane of the suite's own, with kubectl and helm: for what is there once a cluster. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { createHelm, findHelm, type Helm } from '../chart/helm.ts';
import { createKubectl, findKubectl, type Kubectl } from '../support/kubectl.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

export interface OwnCluster {
  readonly plane: ControlPlane;
  readonly kubectl: Kubectl;
  readonly helm: Helm;
}

/** Skipped where the other suites are: `of` answers once the tests run. */
export function describeOnOwnCluster(name: string, declare: (of: () => OwnCluster) => void): void {
  describe.skipIf(inject('cluster').kind === 'missing')(`on a cluster of its own: ${name}`, () => {
    const held: { cluster?: OwnCluster } = {};
    beforeAll(async () => {
      held.cluster = await start();
    });
    afterAll(async () => {
      held.cluster?.kubectl.dispose();
      held.cluster?.helm.dispose();
      await held.cluster?.plane.stop();
    });
    declare(() => {
      if (held.cluster === undefined) throw new Error('the cluster is not there yet');
      return held.cluster;
    });
  });
}

async function start(): Promise<OwnCluster> {
  const [kubectl, helm] = [await findKubectl(), await findHelm()];
  if (kubectl.kind === 'missing') throw new Error(kubectl.reason);
  if (helm.kind === 'missing') throw new Error(helm.reason);
  const plane = await startControlPlane();
  return {
    plane,
    kubectl: createKubectl(kubectl.path, readFileSync(plane.kubeconfig, 'utf8')),
    helm: createHelm(helm.path, plane.kubeconfig),
  };
}
