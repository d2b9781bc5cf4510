/** The examples for Argo CD and Flux name what there is, here and there. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CRD } from '../golden/schema.ts';
import { startKubernetes } from '../sandbox/kubernetes/server.ts';
import { readScript, readYaml } from './customization.ts';
import { exampleOf, examplesIn, FILES, readText } from './examples.ts';
import { isKnown, KNOWN_KINDS, pathsIn } from './known-fields.ts';
import { FENGARI } from './lua-fengari.ts';

interface Source {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path: string;
  readonly helm: { readonly valuesObject: object };
}

interface ApplicationSpec {
  readonly project: string;
  readonly source: Source;
  readonly destination: { readonly server: string; readonly namespace: string };
  readonly syncPolicy: { readonly syncOptions: readonly string[] };
}

interface ProjectSpec {
  readonly sourceRepos: readonly string[];
  readonly destinations: readonly object[];
  readonly namespaceResourceWhitelist?: readonly object[];
}

interface ReleaseSpec {
  readonly values: object;
  readonly chart: { readonly spec: { readonly chart: string } };
}

const everything = FILES.flatMap((file) => examplesIn(file).map((each) => ({ file, ...each })));
const foreign = everything.filter(({ kind }) => kind !== 'Namespace');
const applications = {
  operator: exampleOf<ApplicationSpec>('argocd/operator.yaml', 'Application', 'cognito-operator'),
  resources: exampleOf<ApplicationSpec>('argocd/resources.yaml', 'Application', 'identity'),
};
const release = exampleOf<ReleaseSpec>('flux/operator.yaml', 'HelmRelease', 'cognito-operator');
const { version } = JSON.parse(readText('package.json')) as { readonly version: string };

describe('every example', () => {
  test.each(foreign)('$kind $metadata.name has known fields only', ({ apiVersion, kind, spec }) => {
    const known = KNOWN_KINDS[`${apiVersion} ${kind}`];
    if (known === undefined) throw new Error(`${apiVersion} ${kind} is in no table`);
    expect(pathsIn(spec).filter((path) => !isKnown(path, known))).toEqual([]);
  });

  test('no field is known that nobody uses', () => {
    for (const [name, { fields }] of Object.entries(KNOWN_KINDS)) {
      const own = foreign.filter(({ apiVersion, kind }) => `${apiVersion} ${kind}` === name);
      const used = own.flatMap(({ spec }) => pathsIn(spec));
      const unused = fields.filter((field) => {
        return !used.some((path) => isKnown(path, { source: '', fields: [field] }));
      });
      expect(unused, name).toEqual([]);
    }
  });
});

describe('the chart', () => {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(
    JSON.parse(readText('charts/cognito-operator/values.schema.json')) as object,
  );

  test.each([
    { name: 'Argo CD', values: applications.operator.spec.source.helm.valuesObject },
    { name: 'Flux', values: release.spec.values },
  ])('accepts the values of $name', ({ values }) => {
    expect(validate(values) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...values, imagge: {} })).toBe(false);
  });

  test('is where both look for it, in the version of this checkout', () => {
    const { path, targetRevision } = applications.operator.spec.source;
    expect([path, release.spec.chart.spec.chart]).toEqual([CHART, CHART]);
    expect(readText(`${CHART}/Chart.yaml`)).toContain('name: cognito-operator');
    const { ref } = exampleOf<{ readonly ref: object }>(
      'flux/operator.yaml',
      'GitRepository',
      'cognito-operator',
    ).spec;
    expect([targetRevision, ref]).toEqual([`v${version}`, { tag: `v${version}` }]);
  });
});

const CHART = 'charts/cognito-operator';

describe('Argo CD', () => {
  test.each(Object.entries(applications))('lets the Application of the %s in', (_, { spec }) => {
    const project = exampleOf<ProjectSpec>('argocd/projects.yaml', 'AppProject', spec.project).spec;
    expect(project.sourceRepos).toContain(spec.source.repoURL);
    expect(project.destinations).toContainEqual(spec.destination);
    expect(spec.syncPolicy.syncOptions).toContain('ServerSideApply=true');
  });

  test('lets who owns APIs bring ResourceServers and nothing else', () => {
    const { spec } = exampleOf<ProjectSpec>('argocd/projects.yaml', 'AppProject', 'identity');
    expect(spec.namespaceResourceWhitelist).toEqual([{ group: CRD.group, kind: CRD.kind }]);
  });

  test('is told of each diff that it has to ignore: of none', () => {
    expect(JSON.stringify(applications)).not.toMatch(/ignoreDifferences/);
  });

  test('syncs the operator before what needs it', () => {
    const waves = [applications.operator, applications.resources].map(({ metadata }) =>
      Number(metadata.annotations?.['argocd.argoproj.io/sync-wave']),
    );
    expect(waves).toEqual([-1, 0]);
  });

  test('asks before it takes the example resource away, which the API server accepts', async () => {
    const text = readText('deploy/argocd/resource.yaml');
    const resource = parse(text) as ReturnType<typeof examplesIn>[number];
    expect(resource.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
    });
    await using server = await startKubernetes();
    const at = '/apis/cognito-operator.io/v1/namespaces/default/resourceservers';
    expect(await server.request('POST', at, resource)).toMatchObject({ status: 201 });
  });
});

describe('the settings of Argo CD', () => {
  const { data } = parse(readText('deploy/argocd/argocd-cm.yaml')) as {
    readonly data: Readonly<Record<string, string>>;
  };
  const key = (what: string) => `resource.customizations.${what}.${CRD.group}_${CRD.kind}`;
  const paused = readYaml('testdata/paused.yaml');

  test('are the same for the ConfigMap and the chart argo-cd', () => {
    const values = parse(readText('deploy/argocd/argo-helm-values.yaml')) as object;
    expect(values).toEqual({ configs: { cm: data } });
    expect(Object.keys(data)).toEqual([key('health'), key('actions')]);
  });

  test('hold scripts that run', () => {
    const actions = parse(data[key('actions')] ?? '') as Readonly<Record<string, unknown>>;
    const script = String(actions['discovery.lua']);
    const [health, discovered] = FENGARI.run([
      { script: data[key('health')] ?? '', obj: paused },
      { script, obj: paused },
    ]);
    expect(health).toMatchObject({ status: 'Suspended' });
    const names = Object.keys(discovered as object).sort();
    const definitions = actions['definitions'] as readonly Readonly<Record<string, string>>[];
    expect(definitions.map(({ name }) => String(name)).sort()).toEqual(names);
    for (const { name, 'action.lua': action } of definitions) {
      expect(action).toBe(readScript(`actions/${name}/action.lua`));
    }
  });
});
