import { startKubernetes } from '../sandbox/kubernetes/server.ts';
import type { KubernetesHandle } from './kubernetes-client.ts';
import { describeKubernetesContract } from './kubernetes-contract.ts';

async function startEmbedded(): Promise<KubernetesHandle> {
  const { url, token, close } = await startKubernetes({ crds: [] });
  return { url, headers: { authorization: `Bearer ${token}` }, fetch, stop: close };
}

describeKubernetesContract('embedded', startEmbedded);
