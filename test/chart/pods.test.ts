/** The pods, held against the plain manifests and what the cluster asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  containerOf,
  describeChart,
  objectsIn,
  only,
  podOf,
  ROOT,
  withoutMonitoring,
} from './chart.ts';

const PLAIN = objectsIn(readFileSync(join(ROOT, 'deploy/plain/3-operator.yaml'), 'utf8'));
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const SELECTED = {
  'app.kubernetes.io/name': 'cognito-operator',
  'app.kubernetes.io/instance': 'cognito-operator',
};
const DIGEST = `sha256:${'0'.repeat(64)}`;
const { version: VERSION }: { readonly version: string } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);

describeChart('its pods', (chart) => {
  test('run as in the plain manifests, in less memory', async () => {
    const objects = await chart.objects();
    const [ours, plain] = [podOf(objects).spec, podOf(PLAIN).spec];
    const { containers, topologySpreadConstraints, ...others } = ours;
    expect(plain).toMatchObject(others);
    expect(topologySpreadConstraints).toHaveLength(2);
    const { livenessProbe, readinessProbe, ports, image } = containers[0];
    expect(plain.containers[0]).toMatchObject({ livenessProbe, readinessProbe, ports, image });
    expect(containers[0].resources).toEqual({
      requests: { cpu: '50m', memory: '128Mi' },
      limits: { memory: '192Mi' },
    });
  });

  test.each(['default', 'everything', 'namespaced', 'irsa'])(
    'meet Pod Security restricted with the values of %s',
    async (name) => {
      const objects = await chart.objects(withoutMonitoring(name));
      expect(podOf(objects).spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(containerOf(objects).securityContext).toMatchObject(RESTRICTED);
    },
  );

  test('are spread by their own labels, unless a constraint says by which', async () => {
    const labelSelector = { matchLabels: { a: 'b' } };
    const topologySpreadConstraints = [{ maxSkew: 1 }, { maxSkew: 1, labelSelector }];
    const { spec } = podOf(await chart.objects({ topologySpreadConstraints }));
    expect(spec.topologySpreadConstraints).toEqual([
      { maxSkew: 1, labelSelector: { matchLabels: SELECTED } },
      { maxSkew: 1, labelSelector },
    ]);
  });

  test.each([
    [1, 0],
    [2, 1],
    [5, 1],
  ])('as %i replicas have %i budgets for disruptions', async (replicaCount, budgets) => {
    const objects = await chart.objects({ replicaCount });
    const found = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(found).toHaveLength(budgets);
    for (const { spec } of found) {
      expect(spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: SELECTED } });
    }
  });

  test.each([
    [{}, `cognito-operator:${VERSION}`],
    [{ tag: '1.2.3' }, 'cognito-operator:1.2.3'],
    [{ repository: 'a/b', tag: '1', digest: DIGEST }, `a/b@${DIGEST}`],
  ])('pull, with image %j, %s', async (image, reference) => {
    expect(containerOf(await chart.objects({ image })).image).toBe(reference);
  });

  test('keep their labels for selection when the version changes', async () => {
    const objects = await chart.objects();
    expect(only(objects, 'Deployment').spec).toMatchObject({ selector: { matchLabels: SELECTED } });
    expect(podOf(objects).metadata.labels).toMatchObject(SELECTED);
  });

  test('may, under a network policy, call the agents that give credentials', async () => {
    const networkPolicy = { enabled: true, instanceMetadata: true };
    const { spec } = only(await chart.objects({ networkPolicy }), 'NetworkPolicy');
    const text = JSON.stringify(spec);
    for (const cidr of ['169.254.170.23/32', 'fd00:ec2::23/128']) expect(text).toContain(cidr);
    for (const cidr of ['169.254.169.254/32', 'fd00:ec2::254/128']) expect(text).toContain(cidr);
  });

  test('may, under a network policy by default, not ask the metadata of the instance', async () => {
    const { spec } = only(
      await chart.objects({ networkPolicy: { enabled: true } }),
      'NetworkPolicy',
    );
    expect(JSON.stringify(spec)).not.toContain('169.254.169.254');
  });
});
