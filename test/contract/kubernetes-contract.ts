/**
 * What the operator and kubectl rely on, as rows that the embedded API server and a real
 * kube-apiserver must both answer alike (measured on 1.36.3).
 */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { createClient, type KubernetesHandle } from './kubernetes-client.ts';
import { crdRows } from './kubernetes-crd-rows.ts';
import { deleteRows } from './kubernetes-delete-rows.ts';
import { kindRows } from './kubernetes-kind-rows.ts';
import { listRows } from './kubernetes-list-rows.ts';
import { oddRows } from './kubernetes-odd-rows.ts';
import { validationRows } from './kubernetes-validation-rows.ts';
import { watchRows } from './kubernetes-watch-rows.ts';
import { createWorld, installCrd, type World } from './kubernetes-world.ts';
import { writeRows } from './kubernetes-write-rows.ts';

export function describeKubernetesContract(
  name: string,
  start: () => Promise<KubernetesHandle>,
): void {
  describe(`Kubernetes contract: ${name}`, () => {
    let handle: KubernetesHandle;
    let world: World;

    beforeAll(async () => {
      handle = await start();
      await installCrd(createClient(handle));
    });
    afterAll(async () => handle.stop());
    beforeEach(async () => {
      world = await createWorld(createClient(handle));
    });

    const rows = () => world;
    validationRows(rows);
    writeRows(rows);
    deleteRows(rows);
    listRows(rows);
    watchRows(rows);
    kindRows(rows);
    crdRows(rows);
    oddRows(rows);
  });
}
