/** What the chart makes of the examples' values, and whether Argo CD may bring it. */
import { expect, test } from 'vitest';
import { describeChart, type Manifest, only } from '../chart/chart.ts';
import { CRD } from '../golden/schema.ts';
import { exampleOf } from './examples.ts';

interface ApplicationSpec {
  readonly source: { readonly helm: { readonly valuesObject: object } };
}

interface ProjectSpec {
  readonly clusterResourceWhitelist: readonly { readonly group: string; readonly kind: string }[];
}

const { valuesObject } = exampleOf<ApplicationSpec>(
  'argocd/operator.yaml',
  'Application',
  'cognito-operator',
).spec.source.helm;
const project = exampleOf<ProjectSpec>('argocd/projects.yaml', 'AppProject', 'cognito-operator');
const { values } = exampleOf<{ readonly values: object }>(
  'flux/operator.yaml',
  'HelmRelease',
  'cognito-operator',
).spec;

const WAVE = 'argocd.argoproj.io/sync-wave';

function groupOf({ apiVersion }: Manifest): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

describeChart('by GitOps', (chart) => {
  test('is allowed by the project, with a tenancy too, and that project allows no more', async () => {
    const tenancy = { enabled: true };
    const objects = await chart.objects({ ...valuesObject, tenancy });
    const clusterWide = objects.filter(({ metadata }) => metadata.namespace === undefined);
    const brought = clusterWide.map((each) => ({ group: groupOf(each), kind: each.kind }));
    const namespace = { group: '', kind: 'Namespace' };
    const allowed = project.spec.clusterResourceWhitelist;
    for (const each of brought) expect(allowed).toContainEqual(each);
    expect(allowed.filter((each) => !hasKind([...brought, namespace], each.kind))).toEqual([]);
  });

  test('begins with the CRD in Argo CD, which is kept', async () => {
    const objects = await chart.objects(valuesObject);
    const inWaves = objects.filter(({ metadata }) => metadata.annotations?.[WAVE] !== undefined);
    expect(inWaves).toEqual([only(objects, 'CustomResourceDefinition')]);
    expect(inWaves[0]?.metadata.annotations).toMatchObject({
      [WAVE]: '-1',
      'helm.sh/resource-policy': 'keep',
    });
  });

  test('brings no ResourceServer, and the CRD of which Flux checks the health', async () => {
    const objects = await chart.objects(values);
    expect(hasKind(objects, CRD.kind)).toBe(false);
    expect(only(objects, 'CustomResourceDefinition').metadata.name).toBe(
      `${CRD.plural}.${CRD.group}`,
    );
  });
});

function hasKind(objects: readonly { readonly kind: string }[], kind: string): boolean {
  return objects.some((each) => each.kind === kind);
}
