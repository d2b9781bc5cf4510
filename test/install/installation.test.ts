/** From `helm install` to a pod that ends in good order. */
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CUSTOMERS, furnish, STAFF } from '../sandbox/demo/world.ts';
import { waitFor } from '../support/wait.ts';
import type { Installation } from './installation.ts';
import { testInstalled } from './installed-test.ts';
import { operatorProcesses } from './processes.ts';
import { NAMESPACE } from './release.ts';
import { readSite } from './site.ts';
import { untilNextIsReady } from './start-up.ts';

/** Of a machine that is ours; one that others use too has less to give. */
const INSTALL_MS_MAX = 15_000 * Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
const START_MS_MAX = 1_500;
const EXAMPLES = join(import.meta.dirname, '../../examples');
const EXAMPLES_COUNT = 9;

/** May run as root, may gain privileges. */
const CARELESS = {
  metadata: { name: 'careless' },
  spec: { containers: [{ name: 'a', image: 'a' }] },
};

const test = testInstalled({ cognito: { pools: [CUSTOMERS, STAFF] } });
const isOwnNode = readSite().kind.kind === 'OwnNode';
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

test('is done when both replicas are available', async ({ installation, installMs, annotate }) => {
  await annotate(`helm install --wait took ${seconds(installMs)}`);
  const pods = await installation.pods();
  expect(pods.map(({ isReady }) => isReady)).toEqual([true, true]);
  expect(pods.map(({ container }) => container.restarts)).toEqual([0, 0]);
  expect(installMs).toBeLessThanOrEqual(INSTALL_MS_MAX);
});

test('is into a namespace that refuses less than Pod Security restricted', async ({
  installation: { cluster },
}) => {
  const path = `/api/v1/namespaces/${NAMESPACE}/pods?dryRun=All`;
  const careless = await cluster.client.post(path, CARELESS);
  expect(careless.status).toBe(403);
  expect(careless.body.message).toContain('violates PodSecurity "restricted');
});

test.runIf(isOwnNode)('starts a container in 1.5 s', async ({ installation, annotate }) => {
  const leader = await installation.untilLed();
  const took: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const standby = (await installation.pods()).find(({ uid }) => uid !== leader.pod.uid);
    const before = operatorProcesses();
    await remove(installation, standby?.name ?? '');
    took.push(await untilNextIsReady(before));
    await untilTwoAreReady(installation);
  }
  await annotate(
    `container start to ready, less waits for a core: ${took.map(seconds).join(', ')}`,
  );
  expect(Math.min(...took)).toBeLessThanOrEqual(START_MS_MAX);
});

test('brings the examples to Ready', async ({ installation }) => {
  const { cluster, cognito, resources } = installation;
  furnish(cognito);
  await cluster.kubectl(['apply', '--namespace', resources.namespace, '--filename', EXAMPLES]);
  await resources.untilReady(EXAMPLES_COUNT);
  const inCognito = [CUSTOMERS, STAFF].flatMap((pool) => cognito.console.list(pool));
  expect(inCognito).toHaveLength(EXAMPLES_COUNT);
});

test('a pod that is told to end does so in time, with exit code 0, and hands over', async ({
  installation,
  annotate,
}) => {
  const leader = await installation.untilLed();
  await keep(installation, leader.pod.name);
  const toldAt = performance.now();
  await remove(installation, leader.pod.name);
  const next = await installation.untilLed(leader);
  await annotate(`another pod led ${seconds(performance.now() - toldAt)} after the word to end`);
  const last = await waitFor('the container to have ended', async () =>
    (await installation.pods()).find(
      ({ uid, container }) => uid === leader.pod.uid && container.end,
    ),
  );
  await letGo(installation, leader.pod.name);
  expect(last.container.end).toMatchObject({ exitCode: 0, reason: 'Completed' });
  expect(Date.parse(last.container.end?.finishedAt ?? '')).toBeLessThan(
    Date.parse(last.deadline ?? ''),
  );
  expect(next.pod.uid).not.toBe(leader.pod.uid);
});

const podPath = (name: string): string => `/api/v1/namespaces/${NAMESPACE}/pods/${name}`;

async function remove({ cluster }: Installation, name: string): Promise<void> {
  expect((await cluster.client.delete(podPath(name))).status).toBe(200);
}

/** A pod with a finalizer can still be read after its containers have ended. */
async function keep({ cluster }: Installation, name: string): Promise<void> {
  await cluster.client.patch(podPath(name), { metadata: { finalizers: ['example.com/test'] } });
}

async function letGo({ cluster }: Installation, name: string): Promise<void> {
  await cluster.client.patch(podPath(name), { metadata: { finalizers: null } });
}

async function untilTwoAreReady({ pods }: Installation): Promise<void> {
  await waitFor('two pods to be ready', async () => {
    const all = await pods();
    return all.length === 2 && all.every(({ isReady, isLeaving }) => isReady && !isLeaving);
  });
}
