import { afterEach } from 'vitest';
import { createKubernetesRig, type KubernetesRig } from '../adapters/kubernetes/rig.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../sandbox/kubernetes/server.ts';
import { describeCluster } from './cluster-suite.ts';
import { describeLeases } from './leases-suite.ts';

const RESOURCES = '/apis/cognito-operator.io/v1/namespaces';
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(): Promise<{ kubernetes: EmbeddedKubernetes; rig: KubernetesRig }> {
  const kubernetes = await startKubernetes();
  const rig = createKubernetesRig({ kubeconfig: kubernetes.kubeconfig() });
  open.push(
    () => rig.close(),
    () => kubernetes.close(),
  );
  return { kubernetes, rig };
}

describeCluster('the adapter on the embedded API server', async () => {
  const { kubernetes, rig } = await start();
  const namespaces = ['default', 'elsewhere'] as const;
  await kubernetes.request('POST', '/api/v1/namespaces', { metadata: { name: namespaces[1] } });
  return {
    cluster: rig.cluster,
    namespaces,
    async create(manifest) {
      kubernetes.load([manifest]);
    },
    async remove(namespace, name) {
      await kubernetes.request('DELETE', `${RESOURCES}/${namespace}/resourceservers/${name}`);
    },
  };
});

describeLeases('the adapter on the embedded API server', async () => (await start()).rig.leases);
