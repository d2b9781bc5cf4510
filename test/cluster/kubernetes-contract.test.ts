/** The rows that the embedded API server passes, answered by a real one. */
import { describeKubernetesContract } from '../contract/kubernetes-contract.ts';
import { describeOnCluster } from './on-cluster.ts';

describeOnCluster('the Kubernetes contract', (admin) => {
  describeKubernetesContract('kube-apiserver', async () => admin.handle());
});
