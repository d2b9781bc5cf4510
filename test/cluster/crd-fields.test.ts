/** Which fields a real API server says that it knows, and what becomes of the others. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lackingIn } from '../../src/api/kept-fields.ts';
import { createKubernetesRig, type KubernetesRig } from '../adapters/kubernetes/rig.ts';
import type { KubernetesClient } from '../contract/kubernetes-client.ts';
import {
  CRD_NAME,
  CRDS,
  createWorld,
  expectStatus,
  installCrd,
  type World,
} from '../contract/kubernetes-world.ts';
import { aResourceServer, type Json } from '../support/builders.ts';
import { type Crd, crdWithout, WHOLE_CRD } from '../support/crd.ts';
import { type Admin, createAdmin } from './admin.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { describeOnCluster } from './on-cluster.ts';

describeOnCluster('the fields of the CRD', () => {
  let plane: ControlPlane;
  let admin: Admin;
  let world: World;
  let rig: KubernetesRig;
  beforeAll(async () => {
    plane = await startControlPlane();
    admin = createAdmin(plane);
    await installCrd(admin.client);
    world = await createWorld(admin.client);
    rig = createKubernetesRig({ kubeconfig: readFileSync(await powerless(admin), 'utf8') });
  });
  afterAll(async () => {
    await rig.close();
    await admin.close();
    await plane.stop();
  });

  const lacking = async () => {
    const answer = await rig.cluster.schema(new AbortController().signal);
    return answer.kind === 'Answered' ? lackingIn(answer.value) : answer.failure;
  };
  const NOTHING = { needed: [], telling: [] };

  test('are told to a service account without any rights', async () => {
    await expect.poll(lacking).toEqual(NOTHING);
  });

  test('that are missing are told, dropped from reads, and there again after that', async () => {
    await world.create('weather');
    const { metadata } = await world.read('weather');
    const { uid = '' } = metadata;
    const { status } = aResourceServer().withUid(uid).withRemote().raw();
    expectStatus(await admin.client.patch(`${world.at('weather')}/status`, { status }), 200);
    await replace(admin.client, crdWithout('status.remote'));
    await expect.poll(lacking).toMatchObject({
      needed: expect.arrayContaining(['status.remote', 'status.remote.hash']),
    });
    await expect.poll(() => remoteOf(world)).toBeUndefined();
    await replace(admin.client, WHOLE_CRD);
    await expect.poll(lacking).toEqual(NOTHING);
    await expect.poll(() => remoteOf(world)).toEqual((status as Json)['remote']);
  });
});

const remoteOf = async (world: World): Promise<unknown> =>
  ((await world.read('weather')).status as Json | undefined)?.['remote'];

async function replace(client: KubernetesClient, crd: Crd): Promise<void> {
  const { metadata } = expectStatus(await client.get(`${CRDS}/${CRD_NAME}`), 200);
  expectStatus(await client.put(`${CRDS}/${CRD_NAME}`, { ...crd, metadata }), 200);
}

/** Of nobody in particular. */
async function powerless(admin: Admin): Promise<string> {
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  expectStatus(await admin.client.post(accounts, { metadata: { name: 'nobody' } }), 201);
  return admin.kubeconfigFor('default', 'nobody');
}
