/**
 * The operator as the ServiceAccount of the installed chart, with the flags of its Deployment: the
 * rights of the release suffice, for all namespaces and for some.
 */
import { beforeAll, expect, test } from 'vitest';
import { CHART, containerOf, objectsIn, RELEASE } from '../chart/chart.ts';
import { GROUP } from '../contract/kubernetes-world.ts';
import { startCognito } from '../sandbox/cognito/server.ts';
import { aResourceServer } from '../support/builders.ts';
import { succeeding } from '../support/kubectl.ts';
import { type Flags, tailOf } from '../support/launch.ts';
import { startOperatorProcess } from '../support/operator-process.ts';
import { poolOf } from '../support/pool.ts';
import { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';
import { describeOnOwnCluster } from './own-cluster.ts';

const NAMESPACE = 'identity';
const POOL = 'eu-west-1_AbCdEfGhI';
const HERE: Flags = {
  'lease-namespace': NAMESPACE,
  'metrics-port': '0',
  'probes-port': '0',
  'bind-address': '127.0.0.1',
};

describeOnOwnCluster('the operator with the rights of the chart', (of) => {
  beforeAll(async () => {
    for (const name of [NAMESPACE, 'team-a', 'team-b', 'elsewhere']) {
      await succeeding(of().kubectl.run(['create', 'namespace', name]));
    }
  });

  /** @returns the flags of the Deployment */
  async function deployed(values: object): Promise<Flags> {
    const { helm, plane } = of();
    const upgrade = ['upgrade', '--install', RELEASE, CHART, '-n', NAMESPACE, '--values=-'];
    await succeeding(helm.run(upgrade, JSON.stringify(values)));
    const look = async () => (await plane.client.get(`${GROUP}/resourceservers`)).status;
    await waitFor('the kind to be served', async () => (await look()) === 200);
    const { args } = containerOf(
      objectsIn(await succeeding(helm.run(['get', 'manifest', RELEASE, '-n', NAMESPACE]))),
    );
    const pairs = args.slice(1).map((arg) => arg.replace(/^--/, '').split(/=(.*)/, 2));
    return { ...Object.fromEntries(pairs), ...HERE };
  }

  /** Two replicas, which have nothing to complain of as long as people live with them. */
  async function run(values: object, live: (world: World) => Promise<void>): Promise<void> {
    const { plane } = of();
    const flags = await deployed(values);
    const cognito = await startCognito();
    cognito.addPool(POOL);
    const environment = {
      HOME: plane.folder,
      KUBECONFIG: await plane.kubeconfigFor(NAMESPACE, RELEASE),
      AWS_ENDPOINT_URL: cognito.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE00000',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-1',
    };
    const replicas = [1, 2].map(() => startOperatorProcess(flags, environment));
    const tellMore = () => replicas.map(tailOf).join('\n');
    try {
      await waitFor('a leader', () => replicas.some(({ said }) => said('leading').length > 0), {
        tellMore,
      });
      await live({
        userIn: (namespace) => new User(plane, namespace, tellMore),
        effects: (identifier) => poolOf(cognito, POOL).effects(identifier),
      });
      expect(replicas.flatMap(({ lines }) => lines.filter(isLoud))).toEqual([]);
    } finally {
      expect(await Promise.all(replicas.map((each) => each.stop()))).toEqual([0, 0]);
      await cognito.close();
    }
  }

  test('of all namespaces works in each', async () => {
    await run({}, async ({ userIn, effects }) => {
      for (const namespace of ['team-a', 'elsewhere']) {
        await wholeLife(userIn(namespace), namespace);
        expect(effects(namespace)).toEqual(['Create', 'Update', 'Delete']);
      }
    });
  });

  test('of some namespaces works in these, and leaves others alone', async () => {
    const values = { watch: { namespaces: ['team-a', 'team-b'] } };
    await run(values, async ({ userIn, effects }) => {
      const outside = userIn('elsewhere');
      await outside.apply(resource('elsewhere'));
      for (const namespace of ['team-a', 'team-b']) {
        await wholeLife(userIn(namespace), namespace);
        expect(effects(namespace)).toEqual(['Create', 'Update', 'Delete']);
      }
      expect(effects('elsewhere')).toEqual([]);
      expect((await outside.read()).metadata.finalizers).toBeUndefined();
    });
  });
});

interface World {
  readonly userIn: (namespace: string) => User;
  readonly effects: (identifier: string) => readonly string[];
}

const resource = (identifier: string) => aResourceServer().inPool(POOL).identifiedAs(identifier);
const isLoud = ({ level }: { readonly level: string }) => /warn|error|raw/.test(level);

async function wholeLife(user: User, identifier: string): Promise<void> {
  await user.apply(resource(identifier));
  await user.untilReady();
  await user.editSpec({ name: 'Another name' });
  await user.untilReady();
  await user.untilEvent('Updated');
  await user.remove();
  await user.untilGone();
}
