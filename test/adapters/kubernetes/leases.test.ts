/** What is said of a Lease that may not be watched; all else is in the contract of the port. */
import { expect, test } from 'vitest';
import { startKubernetes } from '../../sandbox/kubernetes/server.ts';
import { createKubernetesRig } from './rig.ts';

test('a watch on the Lease that RBAC forbids is told once, and ends', async () => {
  await using kubernetes = await startKubernetes();
  kubernetes.faults.deny('watch', 'leases');
  const rig = createKubernetesRig({ kubeconfig: kubernetes.kubeconfig() });
  try {
    for (const _ of ['the first', 'the second']) {
      const watch = rig.leases.watch(new AbortController().signal)[Symbol.asyncIterator]();
      expect(await watch.next()).toMatchObject({ done: true });
    }
    expect(rig.lines).toEqual([expect.stringMatching(/^warn: RBAC forbids to watch the lease/)]);
  } finally {
    await rig.close();
  }
});
