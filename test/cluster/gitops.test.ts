/**
 * What GitOps relies on, on a real API server: `helm --wait`, which is kstatus, on every row of the
 * status contract, and that nothing which the operator writes is a difference.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FINALIZER } from '../../src/api/names.ts';
import { createHelm, findHelm, type Helm, type HelmResult } from '../chart/helm.ts';
import { expectStatus, installCrd } from '../contract/kubernetes-world.ts';
import { SITUATIONS, type Situation } from '../gitops/situations.ts';
import { writeChart } from '../gitops/small-chart.ts';
import { appliedFor, play, resourcesIn, type Stage } from '../gitops/stage.ts';
import type { KStatus } from '../support/kstatus.ts';
import { createKubectl, findKubectl, succeeding } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';
import type { Admin } from './admin.ts';
import { describeOnCluster } from './on-cluster.ts';

async function aStage(admin: Admin): Promise<Stage> {
  const namespace = `gitops-${randomUUID().slice(0, 8)}`;
  const metadata = { name: namespace };
  expectStatus(await admin.client.post('/api/v1/namespaces', { metadata }), 201);
  return { namespace, request: (...call) => admin.request(...call) };
}

describeOnCluster('helm --wait', (admin) => {
  let helm: Helm;
  let charts: string;

  beforeAll(async () => {
    await installCrd(admin.client);
    const lookup = await findHelm();
    if (lookup.kind === 'missing') throw new Error(lookup.reason);
    helm = createHelm(lookup.path, admin.kubeconfig);
    charts = mkdtempSync(join(tmpdir(), 'charts-'));
  });
  afterAll(() => {
    helm?.dispose();
    if (charts !== undefined) rmSync(charts, { recursive: true });
  });

  /** Helm installs them and waits, while each of them comes to its situation. */
  async function installed(kstatus: KStatus, timeout: string) {
    const stage = await aStage(admin);
    const situations = SITUATIONS.filter((each) => each.kstatus === kstatus);
    const objects = situations.map((each) => appliedFor(each, stage.namespace));
    const chart = writeChart(charts, stage.namespace, objects);
    const to = ['--namespace', stage.namespace, '--wait', '--timeout', timeout];
    const running = timed(helm.run(['install', 'apis', chart, ...to]));
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
    expect(await succeeding(Promise.resolve(result))).toContain('STATUS: deployed');
    expect(situations.length).toBeGreaterThan(1);
  });

  test('waits to the end of its patience while they are InProgress', async () => {
    const { situations, result } = await installed('InProgress', '15s');
    expect(result.tookMs).toBeGreaterThan(15_000);
    expect(verdictsOf(result)).toEqual(named(situations, 'InProgress'));
    expect(result.stderr).toContain('context deadline exceeded');
  });

  test('fails at once when they have Failed', async () => {
    const { situations, result } = await installed('Failed', '60s');
    expect(verdictsOf(result)).toEqual(named(situations, 'Failed'));
    expect(result.stderr).not.toContain('context deadline exceeded');
  });

  test('waits with an uninstall while the finalizer stands', async () => {
    const { stage } = await installed('Current', '60s');
    const path = `${resourcesIn(stage.namespace)}/synced`;
    await stage.request('PATCH', path, { metadata: { finalizers: [FINALIZER] } });
    const from = ['--namespace', stage.namespace, '--wait', '--timeout', '10s'];
    const result = await helm.run(['uninstall', 'apis', ...from]);
    expect(result.stderr).toMatch(/ResourceServer\/\S+\/synced still exists\. status: Terminating/);
    await stage.request('PATCH', path, { metadata: { finalizers: null } });
    expect(await stage.request('GET', path)).toMatchObject({ status: 404 });
  });
});

describeOnCluster('a diff', (admin) => {
  const example = new URL('../../deploy/argocd/resource.yaml', import.meta.url).pathname;
  const SERVER_SIDE = ['--server-side', '--force-conflicts', '--field-manager=argocd-controller'];

  beforeAll(async () => installCrd(admin.client));

  test.each([
    { name: 'server-side, as with ServerSideApply=true', flags: SERVER_SIDE },
    { name: 'client-side', flags: [] },
  ])('has nothing to ignore, $name', async ({ flags }) => {
    const lookup = await findKubectl();
    if (lookup.kind === 'missing') throw new Error(lookup.reason);
    const kubectl = createKubectl(lookup.path, readFileSync(admin.kubeconfig, 'utf8'));
    try {
      const stage = await aStage(admin);
      const to = ['--namespace', stage.namespace, '-f', example, ...flags];
      await succeeding(kubectl.run(['apply', ...to]));
      const path = `${resourcesIn(stage.namespace)}/weather-api`;
      await stage.request('PATCH', path, { metadata: { finalizers: [FINALIZER] } });
      const status = SITUATIONS.find(({ name }) => name === 'synced')?.manifest.status;
      await stage.request('PATCH', `${path}/status`, { status });
      expect(await stage.request('GET', path)).toMatchObject({ body: { status } });
      expect(await succeeding(kubectl.run(['diff', ...to]))).toBe('');
      await stage.request('PATCH', path, { metadata: { finalizers: null } });
    } finally {
      kubectl.dispose();
    }
  });
});

interface Timed extends HelmResult {
  readonly tookMs: number;
}

async function timed(running: Promise<HelmResult>): Promise<Timed> {
  const startedMs = performance.now();
  return { ...(await running), tookMs: performance.now() - startedMs };
}

/** `resource ResourceServer/NAMESPACE/NAME not ready. status: Failed, message: ...` */
function verdictsOf({ code, stderr }: HelmResult): Readonly<Record<string, string>> {
  expect(code).toBe(1);
  const lines = stderr.matchAll(/ResourceServer\/[^/]+\/(\S+) not ready\. status: (\w+)/g);
  return Object.fromEntries([...lines].map(([, name = '', status = '']) => [name, status]));
}

function named(situations: readonly Situation[], kstatus: KStatus) {
  return Object.fromEntries(situations.map(({ name }) => [name, kstatus]));
}
