/** What kubectl learns of our kind, from the embedded API server and from a real one. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Body } from '../contract/kubernetes-client.ts';
import { installCrd } from '../contract/kubernetes-world.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../sandbox/kubernetes/server.ts';
import { createKubectl, findKubectl, type Kubectl } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';
import { describeOnCluster } from './on-cluster.ts';

const lookup = await findKubectl();
const PATH = '/openapi/v3/apis/cognito-operator.io/v1';
const KIND = 'io.cognito-operator.v1.ResourceServer';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** As kubectl asks for what there is. */
const AGGREGATED = {
  accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList, application/json',
};

interface Document extends Body {
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties: Record<string, object> }>>;
  };
  readonly paths: Readonly<Record<string, object>>;
}

describeOnCluster('what kubectl learns of our kind', (admin) => {
  let embedded: EmbeddedKubernetes;
  beforeAll(async () => {
    embedded = await startKubernetes();
    await installCrd(admin.client);
    for (const path of [PATH, '/apis']) {
      await waitFor(`the kind in ${path}`, async () =>
        JSON.stringify((await admin.client.get(path, AGGREGATED)).body).includes('ResourceServer'),
      );
    }
  });
  afterAll(async () => embedded?.close());

  const documents = async (): Promise<readonly [Document, Document]> => {
    const one: { readonly body: unknown } = await embedded.request('GET', PATH);
    return [one.body as Document, (await admin.client.get(PATH)).body as Document];
  };

  test('is the same schema of the kind, and of metadata', async () => {
    const [ours, real] = await documents();
    expect(ours.components.schemas[KIND]?.properties).toEqual(
      real.components.schemas[KIND]?.properties,
    );
    expect(ours.components.schemas[META]).toEqual(real.components.schemas[META]);
  });

  test('is the same paths', async () => {
    const [ours, real] = await documents();
    expect(Object.keys(ours.paths).toSorted()).toEqual(Object.keys(real.paths).toSorted());
  });

  describe.skipIf(lookup.kind === 'missing')('by kubectl', () => {
    const both: Kubectl[] = [];
    beforeAll(() => {
      const path = lookup.kind === 'found' ? lookup.path : '';
      const texts = [embedded.kubeconfig(), readFileSync(admin.kubeconfig, 'utf8')];
      both.push(...texts.map((text) => createKubectl(path, text)));
    });
    afterAll(() => both.forEach((each) => each.dispose()));

    test.each([
      ['explain resourceservers'],
      ['explain resourceserver --recursive'],
      ['explain cogrs.spec'],
      ['explain cogrs.spec.scopes'],
      ['explain cogrs.spec.scopes.name'],
      ['explain cogrs.status.conditions --recursive'],
      ['explain cogrs.spec.nowhere'],
      ['api-resources --api-group=cognito-operator.io --no-headers -o wide'],
      ['get cognito'],
      ['get resourceservers.v1.cognito-operator.io -n nowhere'],
    ])('kubectl %s says the same', async (line) => {
      const [ours, real] = await Promise.all(both.map((each) => each.run(line.split(' '))));
      expect(ours).toEqual(real);
    });
  });
});
