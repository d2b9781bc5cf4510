/** Pods go, the work goes on. */
import { expect } from 'vitest';
import { waitFor } from '../support/wait.ts';
import type { Installation, Leader } from './installation.ts';
import { testInstalled } from './installed-test.ts';
import { killOperatorIn } from './processes.ts';
import { NAMESPACE } from './release.ts';

const POOL = 'eu-west-1_Failover1';
const BEFORE = 12;
const AFTER = 6;

const test = testInstalled({ cognito: { pools: [POOL] } });

test('a leader that is killed is succeeded, and nothing is done twice', async ({
  installation,
  annotate,
}) => {
  const { cognito, resources } = installation;
  const leader = await installation.untilLed();
  for (let number = 0; number < BEFORE; number += 1) await create(installation, number);
  const killedAt = performance.now();
  await kill(installation, leader);
  for (let number = BEFORE; number < BEFORE + AFTER; number += 1) {
    await create(installation, number);
  }
  await installation.untilLed(leader);
  const leaderlessMs = performance.now() - killedAt;
  await annotate(`another pod led ${(leaderlessMs / 1000).toFixed(1)} s after the kill`);
  await resources.untilReady(BEFORE + AFTER);
  const servers = cognito.console.list(POOL).map(({ identifier }) => identifier);
  expect(servers).toHaveLength(BEFORE + AFTER);
  expect(servers.map((each) => effectsOf(installation, each))).toEqual(
    servers.map(() => ['CreateResourceServer']),
  );
});

test('evictions leave one pod running', async ({ installation }) => {
  await untilAllAreReady(installation);
  const [first, second] = await installation.pods();
  expect(await evict(installation, first?.name)).toMatchObject({ status: 201 });
  expect(await evict(installation, second?.name)).toMatchObject({
    status: 429,
    body: { message: "Cannot evict pod as it would violate the pod's disruption budget." },
  });
  await untilAllAreReady(installation);
  expect((await installation.pods()).map(({ uid }) => uid)).toContain(second?.uid);
});

const identifierOf = (number: number): string => `https://failover-${number}.example.com`;

/** In a cluster that is not ours its pod is deleted by force: the kubelet gives it a moment. */
async function kill({ cluster, site }: Installation, { pod }: Leader): Promise<void> {
  if (site.kind.kind === 'OwnNode') return killOperatorIn(pod.container.id);
  const words = ['delete', 'pod', pod.name, '--grace-period=0', '--force', '--wait=false'];
  await cluster.kubectl([...words, '--namespace', NAMESPACE]);
}

async function create({ resources }: Installation, number: number): Promise<void> {
  const spec = { userPoolId: POOL, identifier: identifierOf(number) };
  await resources.create(`failover-${number}`, spec);
}

function effectsOf({ cognito }: Installation, identifier: string): readonly string[] {
  const mutations = cognito.log.mutationsOf(POOL, identifier);
  return mutations.filter(({ effect }) => effect).map(({ operation }) => operation);
}

async function evict({ cluster }: Installation, name = '') {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
  return cluster.client.post(`/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`, body);
}

/** By the account of the disruption controller, too. */
async function untilAllAreReady({ cluster, pods }: Installation): Promise<void> {
  const path = `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets/cognito-operator`;
  await waitFor(
    'both pods to be ready',
    async () => {
      const all = await pods();
      const { disruptionsAllowed } = (await cluster.client.get(path)).body.status as {
        readonly disruptionsAllowed: number;
      };
      return all.length === 2 && all.every(({ isReady }) => isReady) && disruptionsAllowed === 1;
    },
    { withinMs: 60_000 },
  );
}
