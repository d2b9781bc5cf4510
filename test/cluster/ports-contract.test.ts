/** What the Kubernetes adapter promises, on a real API server. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll } from 'vitest';
import { createKubernetesRig, type KubernetesRig } from '../adapters/kubernetes/rig.ts';
import { describeCluster } from '../contract/cluster-suite.ts';
import { expectStatus, GROUP, installCrd } from '../contract/kubernetes-world.ts';
import { describeLeases } from '../contract/leases-suite.ts';
import type { Admin } from './admin.ts';
import { describeOnCluster } from './on-cluster.ts';

describeOnCluster('the Kubernetes adapter', (admin) => {
  const open: KubernetesRig[] = [];
  const start = (lease?: string): KubernetesRig => {
    const kubeconfig = readFileSync(admin.kubeconfig, 'utf8');
    const rig = createKubernetesRig({ kubeconfig, ...(lease === undefined ? {} : { lease }) });
    open.push(rig);
    return rig;
  };

  beforeAll(async () => installCrd(admin.client));
  afterEach(async () => {
    for (const rig of open.splice(0)) await rig.close();
  });

  describeCluster('the adapter on kube-apiserver', async () => ({
    cluster: start().cluster,
    namespaces: [await createNamespace(admin), await createNamespace(admin)],
    async create(manifest) {
      const { namespace } = (manifest as { metadata: { namespace: string } }).metadata;
      const path = `${GROUP}/namespaces/${namespace}/resourceservers`;
      expectStatus(await admin.client.post(path, manifest), 201);
    },
    async remove(namespace, name) {
      const path = `${GROUP}/namespaces/${namespace}/resourceservers/${name}`;
      expectStatus(await admin.client.delete(path), 200);
    },
  }));

  describeLeases(
    'the adapter on kube-apiserver',
    async () => start(`${await createNamespace(admin)}/operator`).leases,
  );
});

async function createNamespace({ client }: Admin): Promise<string> {
  const name = `ports-${randomUUID().slice(0, 8)}`;
  expectStatus(await client.post('/api/v1/namespaces', { metadata: { name } }), 201);
  return name;
}
