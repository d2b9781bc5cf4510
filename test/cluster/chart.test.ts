/** The chart and the plain manifests, by the real helm and kubectl, on a real API server. */
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CASES, CHART, type Manifest, objectsIn, podOf, RELEASE, ROOT } from '../chart/chart.ts';
import { aResource, CRD_NAME, CRDS, GROUP, installCrd } from '../contract/kubernetes-world.ts';
import { succeeding } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';
import { describeOnOwnCluster } from './own-cluster.ts';

const NAMESPACE = 'identity';
const WATCHED = ['team-a', 'team-b', 'platform'];
/** Those without security contexts. */
const LAID_OPEN = 'nothing';
/** In full, for kubectl remembers short names of kinds that came and went. */
const RESOURCES = CRD_NAME;
const MONITORING = ['servicemonitors', 'podmonitors', 'prometheusrules'];

describeOnOwnCluster('the chart', (of) => {
  const kubectl = (args: readonly string[], input?: string) => of().kubectl.run(args, input);
  const inNamespace = (...args: readonly string[]) => ['-n', NAMESPACE, ...args];
  const helm = (verb: string, values: object = {}, ...flags: readonly string[]) =>
    of().helm.run(
      [verb, RELEASE, CHART, `--namespace=${NAMESPACE}`, '--values=-', ...flags],
      JSON.stringify(values),
    );
  const uninstall = () => of().helm.run(['uninstall', RELEASE, `--namespace=${NAMESPACE}`]);
  const isThere = async (...args: readonly string[]) =>
    (await kubectl(['get', ...args])).code === 0;
  const isServed = async (): Promise<void> => {
    const look = async () =>
      (await of().plane.client.get(`${GROUP}/resourceservers?limit=1`)).status === 200;
    await waitFor('the kind to be served', look);
  };
  const manifestOf = async (): Promise<readonly Manifest[]> =>
    objectsIn(await succeeding(of().helm.run(['get', 'manifest', RELEASE, '-n', NAMESPACE])));

  beforeAll(async () => {
    for (const name of [NAMESPACE, ...WATCHED, 'elsewhere']) {
      await succeeding(kubectl(['create', 'namespace', name]));
    }
    const restricted = 'pod-security.kubernetes.io/enforce=restricted';
    await succeeding(kubectl(['label', 'namespace', NAMESPACE, restricted]));
  });

  afterEach(async () => {
    await uninstall();
    await kubectl(['delete', 'crd', CRD_NAME, '--ignore-not-found', '--timeout=20s']);
  });

  test('installs everything that it renders, and serves the kind', async () => {
    await succeeding(helm('install'));
    for (const { kind, metadata } of await manifestOf()) {
      expect(await isThere(kind, metadata.name, ...inNamespace()), metadata.name).toBe(true);
    }
    await isServed();
  });

  test('upgrades in place, and rolls back', async () => {
    const argsOf = async () =>
      succeeding(
        kubectl(inNamespace('get', 'deployment', RELEASE, '-o=jsonpath={..containers[0].args}')),
      );
    await succeeding(helm('install'));
    expect(await argsOf()).toContain('--resync=10m');
    await succeeding(helm('upgrade', { controller: { resyncPeriod: '5m' } }));
    expect(await argsOf()).toContain('--resync=5m');
    await succeeding(of().helm.run(['rollback', RELEASE, '1', `--namespace=${NAMESPACE}`]));
    expect(await argsOf()).toContain('--resync=10m');
  });

  test('takes nothing of the users away when it goes, and comes back to it', async () => {
    await succeeding(helm('install'));
    await isServed();
    await succeeding(kubectl(['create', '-f', '-'], JSON.stringify(aResource('kept'))));
    expect(await succeeding(uninstall())).toContain(CRD_NAME);
    expect(await isThere(RESOURCES, 'kept')).toBe(true);
    expect(await isThere('deployment', RELEASE, ...inNamespace())).toBe(false);
    expect(await isThere('clusterrole', RELEASE)).toBe(false);
    await succeeding(helm('install'));
    expect(await isThere(RESOURCES, 'kept')).toBe(true);
  });

  test('takes the CRD with it when it was told to', async () => {
    await succeeding(helm('install', { crds: { keep: false } }));
    await succeeding(uninstall());
    await waitFor('the CRD to go', async () => !(await isThere('crd', CRD_NAME)));
    expect(await isThere('crd', CRD_NAME)).toBe(false);
  });

  test('brings the CRD by an upgrade, where the first installation had none', async () => {
    await succeeding(helm('install', { crds: { enabled: false } }));
    expect(await isThere('crd', CRD_NAME)).toBe(false);
    await succeeding(helm('upgrade', { crds: { enabled: true } }));
    await isServed();
    expect(await isThere('crd', CRD_NAME)).toBe(true);
  });

  test('keeps the CRD when an upgrade leaves it to others', async () => {
    await succeeding(helm('install'));
    await succeeding(helm('upgrade', { crds: { enabled: false } }));
    expect(await isThere('crd', CRD_NAME)).toBe(true);
  });

  test('takes over a CRD that kubectl installed, and its resources, only when told to', async () => {
    await installCrd(of().plane.client);
    await succeeding(kubectl(['create', '-f', '-'], JSON.stringify(aResource('earlier'))));
    const { code, stderr } = await helm('install');
    expect(code).not.toBe(0);
    expect(stderr).toContain('invalid ownership metadata');
    await uninstall();
    await succeeding(helm('install', {}, '--take-ownership', '--force-conflicts'));
    expect(await isThere(RESOURCES, 'earlier')).toBe(true);
    const { body } = await of().plane.client.get(`${CRDS}/${CRD_NAME}`);
    expect(body.metadata.annotations).toMatchObject({ 'meta.helm.sh/release-name': RELEASE });
  });

  describe('its rights', () => {
    const account = `--as=system:serviceaccount:${NAMESPACE}:${RELEASE}`;
    const mayPatch = async (what: string, namespace: string) =>
      (await kubectl(['auth', 'can-i', 'patch', what, '-n', namespace, account])).code === 0;
    const WRITTEN = ['resourceservers', 'resourceservers/status', 'events.events.k8s.io'];

    test('end at the watched namespaces, where some are named', async () => {
      await succeeding(helm('install', { watch: { namespaces: ['team-a', 'team-b'] } }));
      await isServed();
      for (const what of WRITTEN) {
        expect(await mayPatch(what, 'team-a'), what).toBe(true);
        expect(await mayPatch(what, 'elsewhere'), what).toBe(false);
      }
    });

    test('reach all namespaces, where none is named', async () => {
      await succeeding(helm('install'));
      await isServed();
      for (const what of WRITTEN) expect(await mayPatch(what, 'elsewhere'), what).toBe(true);
      expect(await mayPatch('secrets', 'elsewhere')).toBe(false);
    });
  });

  describe('with each of its values', () => {
    beforeAll(async () => {
      for (const plural of MONITORING) await succeeding(apply(monitoringCrd(plural)));
    });
    const apply = (object: object) => kubectl(['apply', '-f', '-'], JSON.stringify(object));
    /** Nothing is made; every word of complaint counts, warnings too. */
    const complaintsOf = async (objects: readonly object[]): Promise<string> => {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      const flags = ['--dry-run=server', '--validate=strict', '-f', '-'];
      return (await kubectl(['create', ...flags], JSON.stringify(list))).stderr;
    };
    const objectsOf = async (name: string): Promise<readonly Manifest[]> =>
      objectsIn(await succeeding(helm('template', CASES[name], '--dry-run=server')));

    test.each(Object.keys(CASES))('%s: the API server takes each object', async (name) => {
      const objects = await objectsOf(name);
      expect(objects.length).toBeGreaterThan(0);
      expect(await complaintsOf(objects)).toMatch(
        name === LAID_OPEN ? /^Warning: would \S+ PodSec[^\n]*\n$/ : /^$/,
      );
    });

    test.each(Object.keys(CASES))('%s: so does Pod Security restricted its pods', async (name) => {
      const { metadata, spec } = podOf(await objectsOf(name));
      const named = { ...metadata, name: 'one', namespace: NAMESPACE };
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: named, spec };
      const refused = /violates PodSecurity "restricted:latest"/;
      expect(await complaintsOf([pod])).toMatch(name === LAID_OPEN ? refused : /^$/);
    });

    test('everything: they can be installed', async () => {
      await succeeding(helm('install', CASES['everything']));
      expect(await isThere('servicemonitors', 'cognito-identity', ...inNamespace())).toBe(true);
    });
  });
});

/** As much of the kinds of the Prometheus Operator as makes the API server know them. */
function monitoringCrd(plural: string): object {
  const singular = plural.slice(0, -1);
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const kinds = ['ServiceMonitor', 'PodMonitor', 'PrometheusRule'];
  const kind = kinds.find((each) => each.toLowerCase() === singular);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: 'monitoring.coreos.com',
      scope: 'Namespaced',
      names: { kind, plural, singular },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

describeOnOwnCluster('the plain manifests', (of) => {
  const apply = () => of().kubectl.run(['apply', '-k', join(ROOT, 'deploy/plain')]);

  test('are applied by one kubectl apply -k, and change nothing the second time', async () => {
    const first = (await succeeding(apply())).trim().split('\n');
    expect(first.every((line) => line.endsWith(' created'))).toBe(true);
    expect(first).toContain(`customresourcedefinition.apiextensions.k8s.io/${CRD_NAME} created`);
    const second = (await succeeding(apply())).trim().split('\n');
    expect(second).toHaveLength(first.length);
    expect(second.every((line) => / (unchanged|configured)$/.test(line))).toBe(true);
  });
});
