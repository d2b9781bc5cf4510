/**
 * Whatever the tests need around a release: a connected cluster, namespaces, resources, and an
 * embedded Cognito on this machine that the pods call and whose log is what counts.
 */
import { randomUUID } from 'node:crypto';
import {
  type CognitoOptions,
  type EmbeddedCognito,
  startCognito,
} from '../sandbox/cognito/server.ts';
import { waitFor } from '../support/wait.ts';
import { type Cluster, connect } from './cluster.ts';
import { type Pod, podOf } from './pod.ts';
import {
  createRelease,
  NAMESPACE,
  RELEASE,
  type Release,
  type Values,
  valuesOf,
  wordsOf,
} from './release.ts';
import { createResources, type Resources } from './resources.ts';
import { readSite, type Site } from './site.ts';

const NAMESPACES = '/api/v1/namespaces';
const CRD = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/${RELEASE}`;

export interface Installation extends Release {
  readonly site: Site;
  readonly cluster: Cluster;
  readonly cognito: EmbeddedCognito;
  /** Those of the tests, in a namespace of their own. */
  readonly resources: Resources;
  /** Of the operator, those that are going included. */
  pods(): Promise<readonly Pod[]>;
  /** Whoever leads, but for this one. */
  untilLed(former?: Leader): Promise<Leader>;
  /** Leaves nothing in the cluster. */
  close(): Promise<void>;
}

export interface Leader {
  /** A container that was started anew is another one. */
  readonly identity: string;
  readonly pod: Pod;
}

export interface InstallationOptions {
  readonly cognito?: CognitoOptions;
  readonly values?: Values;
}

/** Nothing is installed yet. */
export async function prepareInstallation(options: InstallationOptions): Promise<Installation> {
  const site = readSite();
  const cluster = await connect(site);
  const cognito = await startCognito({
    ...options.cognito,
    address: await cluster.addressForPods(),
  });
  const resources = createResources(cluster.client, `install-test-${randomUUID().slice(0, 8)}`);
  const namespaces = [NAMESPACE, resources.namespace];
  await createNamespaces(cluster, namespaces);
  const release = createRelease(cluster, { ...valuesOf(site, cognito), ...options.values });
  return {
    ...release,
    site,
    cluster,
    cognito,
    resources,
    pods: () => podsIn(cluster),
    untilLed: (former) =>
      waitFor('a pod to lead', () => leaderIn(cluster, former), {
        withinMs: 60_000,
        tellMore: () => wordsOf(cluster),
      }),
    async close() {
      try {
        await resources.removeAll();
        await release.uninstall();
        await cluster.client.delete(`${CRD}/resourceservers.cognito-operator.io`);
        await removeNamespaces(cluster, namespaces);
      } finally {
        await cognito.close();
        cluster.close();
      }
    },
  };
}

async function createNamespaces({ client }: Cluster, names: readonly string[]): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  for (const name of names) {
    const { status, body } = await client.post(NAMESPACES, { metadata: { name, labels } });
    if (status !== 201) throw new Error(`the namespace ${name} is not ours: ${body.message}`);
  }
}

async function removeNamespaces({ client }: Cluster, names: readonly string[]): Promise<void> {
  const paths = names.map((name) => `${NAMESPACES}/${name}`);
  for (const path of paths) await client.delete(path);
  const areGone = async (): Promise<boolean> => {
    const left = await Promise.all(paths.map((path) => client.get(path)));
    return left.every(({ status }) => status === 404);
  };
  await waitFor('the namespaces to be gone', areGone, { withinMs: 90_000 });
}

async function podsIn({ client }: Cluster): Promise<readonly Pod[]> {
  const query = `labelSelector=app.kubernetes.io%2Finstance%3D${RELEASE}`;
  const { body } = await client.get(`${NAMESPACES}/${NAMESPACE}/pods?${query}`);
  return (body.items ?? []).map(podOf);
}

/** A pod's name is its host's, and an operator begins its identity with that and a `_`. */
async function leaderIn(cluster: Cluster, former?: Leader): Promise<Leader | undefined> {
  const { body } = await cluster.client.get(LEASE);
  const { holderIdentity: identity } = (body.spec ?? {}) as { readonly holderIdentity?: string };
  if (identity === undefined || identity === former?.identity) return undefined;
  const pod = (await podsIn(cluster)).find(({ name }) => identity.startsWith(`${name}_`));
  return pod === undefined ? undefined : { identity, pod };
}
