/** Makes a real API server forget what the tests of an operator left behind. */
import {
  CRD_NAME,
  CRDS,
  EVENTS,
  expectStatus,
  GROUP,
  LEASES,
} from '../contract/kubernetes-world.ts';
import { waitFor } from '../support/wait.ts';
import { OPERATOR } from './access.ts';
import type { Admin } from './admin.ts';

export async function clean(admin: Admin): Promise<void> {
  await removeResources(admin);
  await removeEvents(admin);
  const leases = `${LEASES}/namespaces/${OPERATOR.namespace}/leases`;
  expectStatus(await admin.client.delete(leases), 200);
  await endNamespaces(admin);
}

async function removeResources({ client }: Admin): Promise<void> {
  // 429 until a CRD that was made anew is served.
  const all = await waitFor('an answer about the kind', async () => {
    const answer = await client.get(`${GROUP}/resourceservers`);
    return answer.status !== 429 && answer;
  });
  for (const { metadata } of all.status === 404 ? [] : (expectStatus(all, 200).items ?? [])) {
    const { namespace, name } = metadata;
    const path = `${GROUP}/namespaces/${namespace}/resourceservers/${name}`;
    await client.patch(path, { metadata: { finalizers: null } });
    await client.delete(path);
  }
}

async function removeEvents({ client }: Admin): Promise<void> {
  const { items = [] } = expectStatus(await client.get(`${EVENTS}/events`), 200);
  for (const namespace of new Set(items.map(({ metadata }) => metadata.namespace))) {
    expectStatus(await client.delete(`${EVENTS}/namespaces/${namespace}/events`), 200);
  }
}

/** No controller does it here. */
async function endNamespaces({ client }: Admin): Promise<void> {
  const { items = [] } = expectStatus(await client.get('/api/v1/namespaces'), 200);
  const ending = items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  for (const each of ending) {
    const path = `/api/v1/namespaces/${each.metadata.name}/finalize`;
    expectStatus(await client.put(path, { ...each, spec: { finalizers: [] } }), 200);
  }
}

/** Changes when the CRD is edited or made anew; undefined when there is none. */
export async function crdMark({ client }: Admin): Promise<string | undefined> {
  const { status, body } = await client.get(`${CRDS}/${CRD_NAME}`);
  return status === 404 ? undefined : `${body.metadata.uid} ${body.metadata.generation}`;
}

/** No resource may be left: nobody would take its finalizers away. */
export async function removeCrd({ client }: Admin): Promise<void> {
  const path = `${CRDS}/${CRD_NAME}`;
  await client.delete(path);
  await waitFor('the CRD to be gone', async () => (await client.get(path)).status === 404);
}
