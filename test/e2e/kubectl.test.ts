/** What people see: the real kubectl against the API server of the run. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type HouseKubernetes, startHouseKubernetes } from '../support/house-kubernetes.ts';
import { createKubectl, findKubectl, type Kubectl, succeeding } from '../support/kubectl.ts';

const lookup = await findKubectl();
if (lookup.kind === 'missing') console.warn(`SKIPPED: kubectl suite: ${lookup.reason}`);

const AT = '/apis/cognito-operator.io/v1/namespaces/default/resourceservers';
const EVENTS = '/apis/events.k8s.io/v1/namespaces/default/events';

const aManifest = (spec: object = {}, name = 'weather-api'): string =>
  stringify({
    apiVersion: 'cognito-operator.io/v1',
    kind: 'ResourceServer',
    metadata: { name },
    spec: {
      userPoolId: 'eu-west-1_AbCdEfGhI',
      identifier: 'https://weather.example.com',
      scopes: [{ name: 'forecast.read', description: 'Read forecasts' }],
      ...spec,
    },
  });

const ready = (status: string, reason: string) => ({
  type: 'Ready',
  status,
  reason,
  message: `it is ${reason}`,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

describe.skipIf(lookup.kind === 'missing')('kubectl', () => {
  let server: HouseKubernetes;
  let kubectl: Kubectl;

  beforeEach(async () => {
    server = await startHouseKubernetes();
    kubectl = createKubectl(lookup.kind === 'found' ? lookup.path : '', server.kubeconfig());
  });
  afterEach(async () => {
    kubectl.dispose();
    await server.close();
  });

  const apply = (manifest = aManifest()) => kubectl.run(['apply', '-f', '-'], manifest);
  const columnsOf = (line: string | undefined) => line?.trim().split(/ {2,}/) ?? [];

  test('apply says created, unchanged, configured', async () => {
    const name = 'resourceserver.cognito-operator.io/weather-api';
    expect((await apply()).stdout).toBe(`${name} created\n`);
    expect((await apply()).stdout).toBe(`${name} unchanged\n`);
    expect((await apply(aManifest({ name: 'Weather' }))).stdout).toBe(`${name} configured\n`);
    const { body } = await server.request('GET', `${AT}/weather-api`);
    expect(body).toMatchObject({ metadata: { generation: 2 }, spec: { name: 'Weather' } });
  });

  test('apply shows each mistake with its field', async () => {
    const { code, stderr } = await apply(aManifest({ identifier: 'a b', deletionPolicy: 'Never' }));
    expect(code).toBe(1);
    expect(stderr).toContain('The ResourceServer "weather-api" is invalid:');
    expect(stderr).toContain('* spec.identifier: Invalid value: "a b"');
    expect(stderr).toContain('* spec.deletionPolicy: Unsupported value: "Never"');
  });

  test('apply refuses what a rule forbids with the sentence of the rule', async () => {
    await apply();
    const { code, stderr } = await apply(aManifest({ identifier: 'https://other.example.com' }));
    expect(code).toBe(1);
    expect(stderr).toContain('`identifier` is immutable: create another ResourceServer');
  });

  test('apply refuses a field that does not exist', async () => {
    const { code, stderr } = await apply(aManifest({ descripton: 'typo' }));
    expect(code).toBe(1);
    expect(stderr).toContain('strict decoding error: unknown field "spec.descripton"');
  });

  test('apply --server-side is refused with the way out', async () => {
    const { code, stderr } = await kubectl.run(['apply', '--server-side', '-f', '-'], aManifest());
    expect(code).toBe(1);
    expect(stderr).toContain('use plain `kubectl apply`, without --server-side');
  });

  test('get shows our columns, and more with -o wide', async () => {
    await apply();
    const status = { scopeCount: 1, conditions: [ready('True', 'Synced')] };
    await server.request('PATCH', `${AT}/weather-api/status`, { status });
    const [head, row] = (await kubectl.run(['get', 'cogrs'])).stdout.split('\n');
    expect(columnsOf(head)).toEqual([
      'NAME',
      'READY',
      'REASON',
      'IDENTIFIER',
      'USER POOL',
      'SCOPES',
      'AGE',
    ]);
    expect(columnsOf(row).slice(0, -1)).toEqual([
      'weather-api',
      'True',
      'Synced',
      'https://weather.example.com',
      'eu-west-1_AbCdEfGhI',
      '1',
    ]);
    const wide = (await kubectl.run(['get', 'cogrs', '-o', 'wide'])).stdout;
    expect(wide).toMatch(/NAME +POLICY +ACCOUNT +MESSAGE/);
    expect(wide).toContain('it is Synced');
  });

  test('get finds all of a category in all namespaces, and by field and label', async () => {
    await apply();
    await apply(aManifest({ identifier: 'https://b.example.com' }, 'other'));
    await kubectl.run(['label', 'cogrs', 'other', 'tier=two']);
    const names = async (...args: readonly string[]) =>
      (await kubectl.run(['get', ...args, '-o', 'name'])).stdout.trim().split('\n');
    const other = 'resourceserver.cognito-operator.io/other';
    expect(await names('cognito', '-A')).toHaveLength(2);
    expect(
      await names('cogrs', '--field-selector', 'spec.identifier=https://b.example.com'),
    ).toEqual([other]);
    expect(await names('cogrs', '-l', 'tier in (two)')).toEqual([other]);
  });

  test('get --watch follows', async () => {
    await apply();
    const synced = /weather-api +True +Synced/;
    const watching = kubectl.untilPrinted(['get', 'cogrs', '--watch'], synced);
    await expect.poll(() => server.faults.openWatches).toBe(1);
    const status = { conditions: [ready('True', 'Synced')] };
    await server.request('PATCH', `${AT}/weather-api/status`, { status });
    expect(await watching).toMatch(synced);
  });

  test('describe shows the spec, the status and the events', async () => {
    await apply();
    const { body } = await server.request('GET', `${AT}/weather-api`);
    const { uid } = (body as { readonly metadata: { readonly uid: string } }).metadata;
    await server.request('POST', EVENTS, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'weather-api.1', namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'cognito-operator.io/controller',
      reportingInstance: 'pod-1',
      action: 'Create',
      reason: 'Created',
      type: 'Normal',
      note: 'created the resource server',
      regarding: { kind: 'ResourceServer', name: 'weather-api', namespace: 'default', uid },
    });
    const { stdout } = await kubectl.run(['describe', 'cogrs', 'weather-api']);
    expect(stdout).toMatch(/Identifier: +https:\/\/weather\.example\.com/);
    expect(stdout).toMatch(/Observed Generation: +-1/);
    expect(stdout).toMatch(/Normal +Created .*created the resource server/);
    expect((await kubectl.run(['get', 'events'])).stdout).toMatch(
      /Normal +Created +resourceserver\/weather-api +created the resource server/,
    );
  });

  test('explain prints our descriptions', async () => {
    const { stdout } = await kubectl.run(['explain', 'cogrs.spec.scopes']);
    expect(stdout).toContain('FIELD: scopes <[]Object>');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Scopes of the resource server, at most 100');
    expect(stdout).toContain('-required-');
  });

  test('wait ends when the condition comes true', async () => {
    await apply();
    const args = ['wait', '--for=condition=Ready', 'cogrs/weather-api', '--timeout=50s'];
    const waiting = kubectl.run(args);
    await expect.poll(() => server.faults.openWatches).toBe(1);
    // kubectl does not trust a condition while `observedGeneration` is behind.
    const behind = { conditions: [ready('True', 'Synced')] };
    await server.request('PATCH', `${AT}/weather-api/status`, { status: behind });
    expect(server.faults.openWatches).toBe(1);
    const status = { observedGeneration: 1 };
    await server.request('PATCH', `${AT}/weather-api/status`, { status });
    expect(await succeeding(waiting)).toContain('weather-api condition met');
  });

  test('wait works on an old server, too, which has no initial events', async () => {
    await server.close();
    server = await startHouseKubernetes({ watchList: false });
    kubectl.dispose();
    kubectl = createKubectl(lookup.kind === 'found' ? lookup.path : '', server.kubeconfig());
    await apply();
    const status = { observedGeneration: 1, conditions: [ready('True', 'Synced')] };
    await server.request('PATCH', `${AT}/weather-api/status`, { status });
    const args = ['wait', '--for=condition=Ready', 'cogrs/weather-api', '--timeout=50s'];
    expect(await succeeding(kubectl.run(args))).toContain('weather-api condition met');
  });

  test('diff exits with 0, or with 1 and the difference', async () => {
    await apply();
    const diff = (manifest: string) => kubectl.run(['diff', '-f', '-'], manifest);
    expect(await succeeding(diff(aManifest()))).toBe('');
    const { code, stdout } = await diff(aManifest({ name: 'Weather' }));
    expect(code).toBe(1);
    expect(stdout).toContain('+  name: Weather');
    const { body } = await server.request('GET', `${AT}/weather-api`);
    expect(body).not.toMatchObject({ spec: { name: 'Weather' } });
  });

  test('delete removes, and waits while a finalizer holds', async () => {
    await apply();
    expect((await kubectl.run(['delete', 'cogrs', 'weather-api'])).stdout).toContain('deleted');
    await apply();
    const path = `${AT}/weather-api`;
    await server.request('PATCH', path, { metadata: { finalizers: ['example.com/hold'] } });
    const deleting = kubectl.run(['delete', 'cogrs', 'weather-api', '--wait']);
    await expect.poll(() => server.faults.openWatches).toBe(1);
    expect((await server.request('GET', path)).status).toBe(200);
    await server.request('PATCH', path, { metadata: { finalizers: null } });
    expect(await succeeding(deleting)).toContain('deleted');
    expect((await server.request('GET', path)).status).toBe(404);
  });

  test('create namespace and auth can-i work, which speak protobuf', async () => {
    expect((await kubectl.run(['create', 'namespace', 'team'])).stdout).toBe(
      'namespace/team created\n',
    );
    const manifest = aManifest();
    await succeeding(kubectl.run(['apply', '-n', 'team', '-f', '-'], manifest));
    expect((await kubectl.run(['auth', 'can-i', 'list', 'cogrs'])).stdout).toBe('yes\n');
    server.faults.deny('list', 'resourceservers');
    expect((await kubectl.run(['auth', 'can-i', 'list', 'cogrs'])).stdout).toContain('no');
    expect((await kubectl.run(['get', 'cogrs'])).stderr).toContain(
      'User "sandbox" cannot list resource "resourceservers"',
    );
  });

  test('the CRD itself can be waited for and listed', async () => {
    const crd = 'crd/resourceservers.cognito-operator.io';
    const wait = await kubectl.run(['wait', '--for=condition=Established', crd]);
    expect(wait.stdout).toContain('condition met');
    expect((await kubectl.run(['api-resources', '-o', 'name'])).stdout).toContain(
      'resourceservers.cognito-operator.io',
    );
  });
});
