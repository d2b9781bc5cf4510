/** On a control plane of its own, which forgets after a second: none of the others could live. */
import { describeForgetting } from '../contract/forgetting-suite.ts';
import { startControlPlane } from './control-plane.ts';
import { describeOnCluster } from './on-cluster.ts';

describeOnCluster('what is forgotten', () => {
  describeForgetting('kube-apiserver', async () => {
    const flags = ['--etcd-compaction-interval=1s'];
    const { client, stop } = await startControlPlane({ flags });
    return { client, forget: () => undefined, stop };
  });
});
