/** `helm --wait`, which is kstatus, on every row of the status contract. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FINALIZER } from '../../src/api/names.ts';
import { expectStatus, installCrd } from '../contract/kubernetes-world.ts';
import { createHelm, type Helm, type HelmResult } from '../gitops/helm.ts';
import { SITUATIONS, type Situation } from '../gitops/situations.ts';
import { appliedFor, play, resourcesIn, type Stage } from '../gitops/stage.ts';
import type { KStatus } from '../support/kstatus.ts';
import { layerBinary } from '../support/kubectl-layer.ts';
import { waitFor } from '../support/wait.ts';
import { describeOnCluster } from './on-cluster.ts';

describeOnCluster('helm --wait', (admin) => {
  let helm: Helm;

  beforeAll(async () => {
    await installCrd(admin.client);
    helm = createHelm(await layerBinary('helm'), admin.kubeconfig);
  });
  afterAll(() => helm?.dispose());

  async function aStage(): Promise<Stage> {
    const namespace = `helm-${randomUUID().slice(0, 8)}`;
    const metadata = { name: namespace };
    expectStatus(await admin.client.post('/api/v1/namespaces', { metadata }), 201);
    return { namespace, request: (...call) => admin.request(...call) };
  }

  /** Helm installs them and waits, while each of them comes to its situation. */
  async function installed(kstatus: KStatus, timeout: string) {
    const stage = await aStage();
    const situations = SITUATIONS.filter((each) => each.kstatus === kstatus);
    const chart = helm.chartOf(
      stage.namespace,
      situations.map((each) => appliedFor(each, stage.namespace)),
    );
    const to = ['--namespace', stage.namespace, '--wait', '--timeout', timeout];
    const running = helm.run('install', 'apis', chart, ...to);
    for (const situation of situations) {
      await untilApplied(stage, situation);
      await play(stage, situation);
    }
    return { stage, situations, result: await running };
  }

  async function untilApplied(stage: Stage, { name }: Situation): Promise<void> {
    const path = `${resourcesIn(stage.namespace)}/${name}`;
    await waitFor(`helm to apply ${name}`, async () => {
      return (await stage.request('GET', path)).status === 200;
    });
  }

  test('ends well when all are Current', async () => {
    const { situations, result } = await installed('Current', '60s');
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain('STATUS: deployed');
    expect(situations.length).toBeGreaterThan(1);
  });

  test('waits to the end of its patience while they are InProgress', async () => {
    const { situations, result } = await installed('InProgress', '4s');
    expect(result.tookMs).toBeGreaterThan(4_000);
    expect(verdictsOf(result)).toEqual(named(situations, 'InProgress'));
    expect(result.stderr).toContain('context deadline exceeded');
  });

  test('fails at once when they have Failed', async () => {
    const { situations, result } = await installed('Failed', '60s');
    expect(result.tookMs).toBeLessThan(30_000);
    expect(verdictsOf(result)).toEqual(named(situations, 'Failed'));
    expect(result.stderr).not.toContain('context deadline exceeded');
  });

  test('waits with an uninstall while the finalizer stands', async () => {
    const { stage } = await installed('Current', '60s');
    const path = `${resourcesIn(stage.namespace)}/synced`;
    await stage.request('PATCH', path, { metadata: { finalizers: [FINALIZER] } });
    const from = ['--namespace', stage.namespace, '--wait', '--timeout', '2s'];
    const result = await helm.run('uninstall', 'apis', ...from);
    expect(result.stderr).toMatch(/ResourceServer\/\S+\/synced still exists\. status: Terminating/);
    await stage.request('PATCH', path, { metadata: { finalizers: null } });
    expect(await stage.request('GET', path)).toMatchObject({ status: 404 });
  });
});

/** `resource ResourceServer/NAMESPACE/NAME not ready. status: Failed, message: ...` */
function verdictsOf({ code, stderr }: HelmResult): Readonly<Record<string, string>> {
  expect(code).toBe(1);
  const lines = stderr.matchAll(/ResourceServer\/[^/]+\/(\S+) not ready\. status: (\w+)/g);
  return Object.fromEntries([...lines].map(([, name = '', status = '']) => [name, status]));
}

function named(situations: readonly Situation[], kstatus: KStatus) {
  return Object.fromEntries(situations.map(({ name }) => [name, kstatus]));
}
