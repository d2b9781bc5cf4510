/** What the chart renders, from each of the values in `ci/`. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES, CHART, describeChart, type Manifest, PROMETHEUS, ROOT } from './chart.ts';

const GOLDEN = join(ROOT, 'test/golden/chart');
const NAMES = Object.keys(CASES);

/** The first with stable selectable fields, what EKS calls itself, and newer ones. */
const VERSIONS = ['1.32.0', '1.33.5-eks-113cf36', '1.34.4', '1.36.3', '1.37.2'];

describeChart('what it renders', (chart) => {
  /** With alerts and a dashboard of two lines: the real ones have tests of their own. */
  let folder: string;
  let copy: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chart-'));
    copy = join(folder, 'cognito-operator');
    await cp(CHART, copy, { recursive: true });
    await writeFile(join(copy, 'files/alerts.yaml'), '# Alerts.\ngroups: []\n');
    await writeFile(join(copy, 'files/dashboard.json'), '{\n  "title": "{{ name }}"\n}\n');
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  const objectsOf = (name: string, kubeVersion?: string) =>
    chart.objects(CASES[name], {
      chart: copy,
      apiVersions: PROMETHEUS,
      ...(kubeVersion === undefined ? {} : { kubeVersion }),
    });

  test.each(NAMES)('passes the strict lint with the values of %s', async (name) => {
    const values = join(copy, `ci/${name}-values.yaml`);
    const { code, stdout } = await chart.helm.run(['lint', '--strict', copy, '--values', values]);
    expect(stdout).toContain('0 chart(s) failed');
    expect(code).toBe(0);
  });

  test.each(VERSIONS)('renders all of them for Kubernetes %s', async (version) => {
    const counts = await Promise.all(
      NAMES.map(async (name) => (await objectsOf(name, version)).length),
    );
    expect(counts.every((count) => count > 0)).toBe(true);
  });

  test('refuses a Kubernetes that is too old for the CRD', async () => {
    const rendered = await chart.render({}, { kubeVersion: '1.31.9' });
    expect(rendered).toMatchObject({
      kind: 'Refused',
      message: expect.stringContaining('requires kubeVersion: >=1.32.0-0'),
    });
  });

  describe.each(NAMES)('with the values of %s', (name) => {
    test('each object has a name of its own, and what has a namespace says which', async () => {
      const objects = await objectsOf(name);
      const keys = objects.map(({ kind, metadata }) =>
        [kind, metadata.namespace, metadata.name].join('/'),
      );
      expect(new Set(keys).size).toBe(keys.length);
      const homeless = objects.filter((each) => !isClusterWide(each) && !each.metadata.namespace);
      expect(homeless.map(({ metadata }) => metadata.name)).toEqual(
        name === 'everything' ? ['plain', 'cognito-identity-extra'] : [],
      );
    });

    test('each of our objects has the common labels', async () => {
      const extra = ['plain', 'cognito-identity-extra'];
      const ours = (await objectsOf(name)).filter(({ metadata }) => !extra.includes(metadata.name));
      for (const { metadata } of ours) {
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/instance': 'cognito-operator',
          'app.kubernetes.io/managed-by': 'Helm',
          'helm.sh/chart': expect.stringMatching(/^cognito-operator-\d/),
        });
      }
    });
  });

  test.each(['default', 'everything', 'namespaced'])('is as written down for %s', async (name) => {
    const rendered = await chart.render(CASES[name], { chart: copy, apiVersions: PROMETHEUS });
    if (rendered.kind === 'Refused') throw new Error(rendered.message);
    await expect(withoutCrdSpec(rendered.text)).toMatchFileSnapshot(join(GOLDEN, `${name}.yaml`));
  });
});

const CLUSTER_WIDE = [
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
];

function isClusterWide({ kind }: Manifest): boolean {
  return CLUSTER_WIDE.includes(kind);
}

/** It is generated, and held against its source elsewhere. */
function withoutCrdSpec(text: string): string {
  return text.replace(
    /^(kind: CustomResourceDefinition\n.*?^spec:\n).*?(?=^---|(?![\s\S]))/ms,
    '$1',
  );
}
