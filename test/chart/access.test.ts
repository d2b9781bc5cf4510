/** Who may do what when the chart is installed, and its CRD. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { grantedRoles, type Rule, verbsOf } from '../golden/access.ts';
import {
  containerOf,
  describeChart,
  type Manifest,
  objectsIn,
  only,
  podOf,
  ROOT,
  withoutMonitoring,
} from './chart.ts';

describeChart('its access', (chart) => {
  const [everywhere, here] = grantedRoles();
  const rolesOf = (objects: readonly Manifest[]) =>
    objects.filter(({ kind, rules }) => kind.endsWith('Role') && rules !== undefined);

  test('is that of the plain manifests', async () => {
    const objects = await chart.objects();
    const operator = rolesOf(objects).filter(({ metadata }) => !metadata.name.endsWith('-view'));
    expect(operator.map(({ kind, rules }) => ({ kind, rules }))).toEqual([
      { kind: 'ClusterRole', rules: everywhere?.rules },
      { kind: 'Role', rules: here?.rules },
    ]);
  });

  test('is in the watched namespaces alone, where some are named', async () => {
    const objects = await chart.objects({
      watch: { namespaces: ['team-a', 'team-b'] },
      rbac: { aggregate: { view: false } },
      crds: { enabled: false },
    });
    expect(objects.filter(({ metadata }) => metadata.namespace === undefined)).toEqual([]);
    const roles = rolesOf(objects).map(({ metadata, rules }) => [metadata.namespace, rules]);
    expect(roles).toEqual([
      ['team-a', everywhere?.rules],
      ['team-b', everywhere?.rules],
      ['identity', here?.rules],
    ]);
  });

  test.each(['default', 'everything', 'namespaced', 'irsa'])(
    'is bound to the ServiceAccount of the pods with the values of %s',
    async (name) => {
      const objects = await chart.objects(withoutMonitoring(name));
      const bindings = objects.filter(({ kind }) => /^(Cluster)?RoleBinding$/.test(kind));
      const account = podOf(objects).spec.serviceAccountName;
      expect(bindings.length).toBeGreaterThan(0);
      for (const { metadata, subjects, roleRef } of bindings) {
        expect(subjects).toEqual([
          { kind: 'ServiceAccount', name: account, namespace: 'identity' },
        ]);
        const bound = rolesOf(objects).find(
          (role) =>
            role.metadata.name === metadata.name && role.metadata.namespace === metadata.namespace,
        );
        expect(roleRef).toMatchObject({ kind: bound?.kind, name: bound?.metadata.name });
      }
      expect(only(objects, 'ServiceAccount').metadata.name).toBe(account);
    },
  );

  test('names the Lease that the flag names', async () => {
    const objects = await chart.objects({ leaderElection: { leaseName: 'other' } });
    const [lease] = rolesOf(objects).flatMap(({ rules = [] }) =>
      rules.filter(({ resourceNames }) => resourceNames !== undefined),
    );
    expect(lease?.resourceNames).toEqual(['other']);
    expect(containerOf(objects).args).toContain('--lease-name=other');
  });

  test('lets people of the cluster read, and write only when asked to; never status', async () => {
    const rights = async (aggregate: object) => {
      const objects = await chart.objects({ rbac: { aggregate } });
      const forPeople = rolesOf(objects).filter(({ metadata }) =>
        Object.keys(metadata.labels ?? {}).some((label) => label.includes('aggregate-to-')),
      );
      return forPeople.map((role) => ({
        to: Object.keys(role.metadata.labels ?? {}).flatMap(
          (label) => /aggregate-to-(.*)/.exec(label)?.[1] ?? [],
        ),
        verbs: (role.rules ?? ([] as readonly Rule[])).flatMap(verbsOf),
      }));
    };
    const read = ['get', 'list', 'watch'].map((verb) => `${verb} resourceservers`);
    const view = { to: ['view', 'edit', 'admin'], verbs: read };
    const write = ['create', 'update', 'patch', 'delete', 'deletecollection'];
    const edit = { to: ['edit', 'admin'], verbs: write.map((verb) => `${verb} resourceservers`) };
    expect(await rights({})).toEqual([view]);
    expect(await rights({ edit: true })).toEqual([view, edit]);
    expect(await rights({ view: false })).toEqual([]);
  });
});

describeChart('its CRD', (chart) => {
  const crdOf = async (crds: object) =>
    (await chart.objects({ crds })).filter(({ kind }) => kind === 'CustomResourceDefinition');
  const [source] = objectsIn(readFileSync(join(ROOT, 'crds/resourceservers.yaml'), 'utf8'));

  test('is the one of the project', async () => {
    const [crd] = await crdOf({});
    expect(crd?.metadata.name).toBe(source?.metadata.name);
    expect(crd?.spec).toEqual(source?.spec);
  });

  test('outlives the release unless told otherwise', async () => {
    const annotationsOf = async (crds: object) => (await crdOf(crds))[0]?.metadata.annotations;
    expect(await annotationsOf({})).toEqual({ 'helm.sh/resource-policy': 'keep' });
    expect(await annotationsOf({ keep: false })).toBeUndefined();
    expect(await annotationsOf({ keep: false, annotations: { a: 'b' } })).toEqual({ a: 'b' });
  });

  test('can be left to others', async () => {
    expect(await crdOf({ enabled: false })).toEqual([]);
  });
});
