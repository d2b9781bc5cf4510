/** The objects and places that the rows of the Kubernetes contract speak of. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { waitFor } from '../support/wait.ts';
import type { Answer, Body, KubernetesClient, Meta } from './kubernetes-client.ts';

export const GROUP = '/apis/cognito-operator.io/v1';
export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const CRD_NAME = 'resourceservers.cognito-operator.io';
export const LEASES = '/apis/coordination.k8s.io/v1';
export const EVENTS = '/apis/events.k8s.io/v1';
export const FINALIZER = 'cognito-operator.io/finalizer';
export const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

/** A namespace of its own for each row, and its URLs. */
export interface World {
  readonly client: KubernetesClient;
  readonly namespace: string;
  /** Of the resource servers in this namespace, or of one. */
  at(name?: string): string;
  create(name: string, spec?: object, meta?: Partial<Meta>): Promise<Body>;
  read(name: string): Promise<Body>;
}

export const crd = (): Body =>
  parse(readFileSync(new URL('../../crds/resourceservers.yaml', import.meta.url), 'utf8')) as Body;

export const aResource = (name: string, spec: object = {}, meta: Partial<Meta> = {}) => ({
  apiVersion: 'cognito-operator.io/v1',
  kind: 'ResourceServer',
  metadata: { name, ...meta },
  spec: { userPoolId: 'eu-west-1_AbCdEfGhI', identifier: 'https://api.example.com', ...spec },
});

export async function createWorld(client: KubernetesClient): Promise<World> {
  const namespace = `row-${randomUUID().slice(0, 8)}`;
  const metadata = { name: namespace };
  expectStatus(
    await client.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }),
    201,
  );
  const at = (name?: string): string =>
    `${GROUP}/namespaces/${namespace}/resourceservers${name === undefined ? '' : `/${name}`}`;
  return {
    client,
    namespace,
    at,
    create: async (name, spec, meta) =>
      expectStatus(await client.post(at(), aResource(name, spec, meta)), 201),
    read: async (name) => expectStatus(await client.get(at(name)), 200),
  };
}

export function expectStatus(answer: Answer, status: number): Body {
  if (answer.status === status) return answer.body;
  throw new Error(`wanted ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Installs the CRD unless it is there, and waits until its URLs are served. */
export async function installCrd(client: KubernetesClient): Promise<void> {
  const answer = await client.post(CRDS, crd());
  if (answer.status !== 409) expectStatus(answer, 201);
  const isServed = async () =>
    (await client.get(`${GROUP}/resourceservers?limit=1`)).status === 200;
  await waitFor('the CRD to be served', isServed, { everyMs: 100 });
}
