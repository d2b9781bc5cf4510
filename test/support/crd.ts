/** The CRD of this project, and older ones that lack some of its fields. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { inject } from 'vitest';
import { parse } from 'yaml';
import { lackingIn } from '../../src/api/kept-fields.ts';
import type { BackDoor } from './user.ts';
import { waitFor } from './wait.ts';

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  default?: unknown;
  required?: readonly string[];
}

interface CrdVersion {
  readonly schema: { readonly openAPIV3Schema: Schema };
  additionalPrinterColumns?: unknown;
  selectableFields?: unknown;
}

export interface Crd {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly CrdVersion[] };
}

export const WHOLE_CRD: Crd = parse(
  readFileSync(new URL('../../crds/resourceservers.yaml', import.meta.url), 'utf8'),
);

/** @param paths such as `status.remote.hash`; `[]` is an item */
export function crdWithout(...paths: readonly string[]): Crd {
  const crd = structuredClone(WHOLE_CRD);
  for (const { schema } of crd.spec.versions)
    for (const path of paths) forget(schema.openAPIV3Schema, path);
  return crd;
}

/** As `/openapi/v3/apis/cognito-operator.io/v1` serves it. */
export function documentOf({ spec }: Crd, kind = 'ResourceServer') {
  const ours = {
    ...spec.versions[0]?.schema.openAPIV3Schema,
    'x-kubernetes-group-version-kind': [{ group: 'cognito-operator.io', version: 'v1', kind }],
  };
  const schemas = {
    'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': { type: 'object' },
    'io.cognito-operator.v1.ResourceServer': ours,
  };
  return { components: { schemas } };
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const RESOURCES = '/apis/cognito-operator.io/v1/resourceservers';

const OPENAPI = '/openapi/v3/apis/cognito-operator.io/v1';

/** A real API server describes a kind a moment after it serves it, the embedded one at once. */
export async function untilDescribed(kubernetes: BackDoor, crd: Crd): Promise<void> {
  if (inject('planes')?.kind !== 'lent') return;
  const kind = { group: 'cognito-operator.io', version: 'v1', kind: 'ResourceServer' };
  const [version] = crd.spec.versions;
  const ours = { ...version?.schema.openAPIV3Schema, 'x-kubernetes-group-version-kind': [kind] };
  const wanted = lackingIn({ components: { schemas: { ours } } });
  await waitFor('the kind to be described', async () => {
    const { body } = await kubernetes.request('GET', OPENAPI);
    return isDeepStrictEqual(lackingIn(body), wanted);
  });
}

/** Creates the CRD, or replaces the one that is there. */
export async function applyCrd(kubernetes: BackDoor, crd: Crd): Promise<void> {
  const path = `${CRDS}/${crd.metadata.name}`;
  const found = await kubernetes.request('GET', path);
  const { metadata } = found.body as { readonly metadata: object };
  const { status } =
    found.status === 404
      ? await kubernetes.request('POST', CRDS, crd)
      : await kubernetes.request('PUT', path, { ...crd, metadata });
  if (status >= 300) throw new Error(`the CRD was not applied: ${status}`);
  const isServed = async () => (await kubernetes.request('GET', RESOURCES)).status === 200;
  await waitFor('the kind to be served', isServed);
  await untilDescribed(kubernetes, crd);
}

function forget(root: Schema, path: string): void {
  const names = path.replaceAll('[]', '.[]').split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<Schema | undefined>(
    (schema, name) => (name === '[]' ? schema?.items : schema?.properties?.[name]),
    root,
  );
  if (parent?.properties?.[last] === undefined) throw new Error(`the CRD has no field ${path}`);
  delete parent.properties[last];
  parent.required = (parent.required ?? []).filter((name) => name !== last);
  if (path === 'status.observedGeneration') delete parent.default;
}
