/** Definitions that an API server refuses; none of them leaves a kind behind. */
import { describe, expect, test } from 'vitest';
import { CRDS, type World } from './kubernetes-world.ts';

const widgets = (...paths: readonly string[]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.contract.example.com' },
  spec: {
    group: 'contract.example.com',
    names: { plural: 'widgets', kind: 'Widget' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'string' } } },
            },
          },
        },
        selectableFields: paths.map((jsonPath) => ({ jsonPath })),
      },
    ],
  },
});

export function crdRows(world: () => World): void {
  describe('a CRD', () => {
    test.each([
      { paths: ['.spec.colour'], because: 'is an invalid path: does not refer to a valid field' },
      { paths: ['.spec.size.x'], because: 'is an invalid path: does not refer to a valid field' },
      { paths: ['.metadata.name'], because: 'is an invalid path: does not refer to a valid field' },
      { paths: ['spec.size'], because: 'is an invalid path: expected [ or . but got: spec' },
      { paths: [".spec['size']"], because: 'is an invalid path: array notation is not allowed' },
      { paths: ['.spec'], because: 'must point to a field of type string, boolean or integer.' },
      { paths: ['.spec.size', '.spec.size'], because: 'Duplicate value: ".spec.size"' },
    ])('is refused when one selects by $paths', async ({ paths, because }) => {
      const { status, body } = await world().client.post(CRDS, widgets(...paths));
      expect(status).toBe(422);
      expect(body.message).toContain(because);
      expect(body.details?.causes).toEqual([
        expect.objectContaining({ field: `spec.selectableFields[${paths.length - 1}].jsonPath` }),
      ]);
    });
  });
}
