/** ResourceServers in one namespace of a real cluster, many at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceServerSpec, ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { Body, KubernetesClient } from '../contract/kubernetes-client.ts';
import { waitFor } from '../support/wait.ts';

export type Spec = Pick<ResourceServerSpec, 'userPoolId' | 'identifier'> &
  Partial<ResourceServerSpec>;

export interface Resources {
  readonly namespace: string;
  create(name: string, spec: Spec): Promise<void>;
  /** A merge patch of its spec. */
  edit(name: string, spec: Partial<ResourceServerSpec>): Promise<void>;
  list(): Promise<readonly Body[]>;
  /** So many, and each Ready for its present generation. */
  untilReady(count: number, withinMs?: number): Promise<void>;
  removeAll(): Promise<void>;
}

const GROUP = '/apis/cognito-operator.io/v1';

export function createResources(client: KubernetesClient, namespace: string): Resources {
  const path = `${GROUP}/namespaces/${namespace}/resourceservers`;
  const list = async () => (await client.get(path)).body.items ?? [];
  return {
    namespace,
    async create(name, spec) {
      const body = {
        apiVersion: 'cognito-operator.io/v1',
        kind: 'ResourceServer',
        metadata: { name },
        spec,
      };
      const { status, body: answer } = await client.post(path, body);
      if (status !== 201) throw new Error(`${name} was not created: ${answer.message}`);
    },
    async edit(name, spec) {
      const { status, body: answer } = await client.patch(`${path}/${name}`, { spec });
      if (status !== 200) throw new Error(`${name} was not edited: ${answer.message}`);
    },
    list,
    async untilReady(count, withinMs = 90_000) {
      const others = async () => (await list()).filter((each) => !isReady(each));
      const isSo = async (): Promise<boolean> => {
        // To list many, and often, takes more of the machine than to wait.
        await sleep(count);
        return (await list()).filter(isReady).length === count;
      };
      const tellMore = async () => JSON.stringify((await others()).slice(0, 3), null, 1);
      await waitFor(`${count} resources to be Ready`, isSo, { withinMs, tellMore });
    },
    async removeAll() {
      await client.delete(path);
      const isEmpty = async () =>
        ((await client.get(`${path}?limit=1`)).body.items ?? []).length === 0;
      await waitFor('the resources to be gone', isEmpty, { withinMs: 240_000 });
    },
  };
}

function isReady({ metadata, status }: Body): boolean {
  const { conditions = [] } = (status ?? {}) as ResourceServerStatus;
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && ready.observedGeneration === metadata.generation;
}
