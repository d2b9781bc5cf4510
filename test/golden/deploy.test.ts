/** The plain manifests, held against the operator that they start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { SETTINGS } from '../../src/settings.ts';
import { grantedRoles, verbsOf } from './access.ts';
import { CRD, ROOT } from './schema.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: object;
  readonly readinessProbe: object;
  readonly securityContext: object;
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: object;
        readonly containers: readonly [Container];
      };
    };
  };
}

const FILES = ['1-namespace.yaml', '2-access.yaml', '3-operator.yaml'];
const MANIFESTS = FILES.flatMap((file) =>
  parseAllDocuments(read(`deploy/plain/${file}`)).map((each): Manifest => each.toJS()),
);
const { spec: deployment } = only('Deployment') as Deployment;
const { spec: pod } = deployment.template;
const [container] = pod.containers;

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function only(kind: string): Manifest {
  const [found, ...others] = MANIFESTS.filter((each) => each.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`not one ${kind}`);
  return found;
}

function defaultOf(flag: string): string {
  return SETTINGS.find((each) => each.flag === flag)?.default ?? '';
}

describe('the access', () => {
  const [everywhere, here] = grantedRoles();

  test('to resources and events is in all namespaces, and no more than this', () => {
    expect(everywhere).toMatchObject({ kind: 'ClusterRole' });
    expect(everywhere?.rules).toEqual([
      {
        apiGroups: [CRD.group],
        resources: [CRD.plural],
        verbs: ['get', 'list', 'watch', 'patch'],
      },
      { apiGroups: [CRD.group], resources: [`${CRD.plural}/status`], verbs: ['patch'] },
      { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    ]);
  });

  test('to leases is to the one of the settings, in the own namespace', () => {
    expect(here).toMatchObject({
      kind: 'Role',
      metadata: { namespace: only('Namespace').metadata.name },
    });
    const named = here?.rules.filter(({ resourceNames }) => resourceNames !== undefined) ?? [];
    expect(named.map(({ resourceNames }) => resourceNames)).toEqual([[defaultOf('--lease-name')]]);
    expect(named.flatMap(verbsOf)).toEqual(['get leases', 'update leases', 'watch leases']);
    const others = here?.rules.filter((rule) => !named.includes(rule)) ?? [];
    expect(others.flatMap(verbsOf)).toEqual(['create leases']);
  });
});

describe('the Deployment', () => {
  test('runs two replicas, of which one at a time may be disrupted', () => {
    expect(deployment.replicas).toBe(2);
    expect(only('PodDisruptionBudget')).toMatchObject({
      spec: { maxUnavailable: 1, selector: { matchLabels: deployment.template.metadata.labels } },
    });
  });

  test('meets Pod Security restricted, and cannot write to its own disk', () => {
    expect(only('Namespace').metadata).toMatchObject({
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    });
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('asks where the operator answers', () => {
    const ports = Object.fromEntries(
      container.ports.map(({ name, containerPort }) => [name, String(containerPort)]),
    );
    expect(ports).toEqual({
      metrics: defaultOf('--metrics-port'),
      probes: defaultOf('--probes-port'),
    });
    const at = (path: string) => ({ httpGet: { path, port: 'probes' } });
    expect(container.livenessProbe).toMatchObject(at('/healthz'));
    expect(container.readinessProbe).toMatchObject(at('/readyz'));
  });

  test('gives an end the time that it may take', () => {
    const seconds = [defaultOf('--shutdown-grace'), defaultOf('--renew-deadline')].map(
      Number.parseFloat,
    );
    const needed = seconds.reduce((sum, each) => sum + each);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed);
  });

  test('names the version of this checkout, and settings that there are', () => {
    const { version } = JSON.parse(read('package.json')) as { readonly version: string };
    expect(container.image).toBe(`cognito-operator:${version}`);
    for (const { name, value } of container.env) {
      const setting = SETTINGS.find(({ variable }) => variable === name);
      expect(setting?.kind.read(value), name).toBeDefined();
    }
  });

  test('belongs to the namespace that is made first', () => {
    const { name } = only('Namespace').metadata;
    const clusterWide = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];
    const inside = MANIFESTS.filter(({ kind }) => !clusterWide.includes(kind));
    expect(inside.filter(({ metadata }) => metadata.namespace !== name)).toEqual([]);
    expect(MANIFESTS[0]?.kind).toBe('Namespace');
  });
});
