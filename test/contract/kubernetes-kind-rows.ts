/** The built-in kinds that an operator and kubectl use, and discovery. */
import { describe, expect, test } from 'vitest';
import {
  aResource,
  CRD_NAME,
  CRDS,
  EVENTS,
  GROUP,
  LEASES,
  TABLE,
  type World,
} from './kubernetes-world.ts';

const TIME = '2026-01-01T00:00:00.000000Z';

const aLease = (spec: object = {}, meta: object = {}) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'leader', ...meta },
  spec: {
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    acquireTime: TIME,
    renewTime: TIME,
    leaseTransitions: 0,
    ...spec,
  },
});

export function kindRows(world: () => World): void {
  leaseRows(world);
  eventRows(world);
  namespaceRows(world);
  discoveryRows(world);
}

function leaseRows(world: () => World): void {
  const at = (name = ''): string =>
    `${LEASES}/namespaces/${world().namespace}/leases${name === '' ? '' : `/${name}`}`;

  describe('a Lease', () => {
    test('is created once and renewed under its resourceVersion', async () => {
      const { client } = world();
      const made = await client.post(at(), aLease());
      expect(made.status).toBe(201);
      expect(made.body.spec).toEqual(aLease().spec);
      expect((await client.post(at(), aLease())).status).toBe(409);
      const { resourceVersion } = made.body.metadata;
      const renewed = aLease({ holderIdentity: 'b' }, { resourceVersion });
      expect((await client.put(at('leader'), renewed)).status).toBe(200);
      const stale = await client.put(at('leader'), renewed);
      expect(stale.status).toBe(409);
      expect(stale.body.message).toContain(
        'leases.coordination.k8s.io "leader": the object has been',
      );
    });

    test('is refused without a resourceVersion once it exists', async () => {
      const { client } = world();
      await client.post(at(), aLease());
      expect((await client.put(at('leader'), aLease())).status).toBe(422);
    });

    test('is created by a PUT when it is missing', async () => {
      const { client } = world();
      expect((await client.put(at('leader'), aLease())).status).toBe(201);
    });

    test('needs not name its kind', async () => {
      const { client } = world();
      const { metadata, spec } = aLease();
      expect((await client.post(at(), { metadata, spec })).status).toBe(201);
    });

    test('has times of exactly six fraction digits', async () => {
      const { client } = world();
      const lease = aLease({ renewTime: '2026-01-01T00:00:00.000Z' });
      const { status, body } = await client.post(at(), lease);
      expect(status).toBe(400);
      expect(body.message).toContain('cannot parse ".000Z" as ".000000"');
    });

    test.each([
      [{ leaseDurationSeconds: '15' }, 400, 'cannot unmarshal string'],
      [{ leaseDurationSeconds: 0 }, 422, 'must be greater than 0'],
      [{ leaseTransitions: -1 }, 422, 'must be greater than or equal to 0'],
    ])('with %j is %i', async (spec, code, want) => {
      const { status, body } = await world().client.post(at(), aLease(spec));
      expect(status).toBe(code);
      expect(body.message).toContain(want);
    });

    test('can be watched', async () => {
      const { client } = world();
      const made = await client.post(at(), aLease());
      const { resourceVersion } = made.body.metadata;
      const watch = await client.watch(`${at()}?watch=true&resourceVersion=${resourceVersion}`);
      await client.put(at('leader'), aLease({ holderIdentity: 'b' }, { resourceVersion }));
      const frame = await watch.next();
      await watch.close();
      expect(frame?.type).toBe('MODIFIED');
      expect(frame?.object.spec).toMatchObject({ holderIdentity: 'b' });
    });

    test('can be deleted', async () => {
      const { client } = world();
      await client.post(at(), aLease());
      expect((await client.delete(at('leader'))).status).toBe(200);
      expect((await client.get(at('leader'))).status).toBe(404);
    });
  });
}

function eventRows(world: () => World): void {
  const events = (): string => `${EVENTS}/namespaces/${world().namespace}/events`;
  const core = (): string => `/api/v1/namespaces/${world().namespace}/events`;
  const anEvent = (more: object = {}) => ({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'x.1', namespace: world().namespace },
    eventTime: TIME,
    reportingController: 'cognito-operator.io/controller',
    reportingInstance: 'pod-1',
    action: 'Create',
    reason: 'Created',
    type: 'Normal',
    note: 'created',
    regarding: { kind: 'ResourceServer', name: 'x', namespace: world().namespace, uid: 'u' },
    ...more,
  });

  describe('an Event', () => {
    test('is written in events.k8s.io/v1 and read in core v1', async () => {
      const { client } = world();
      expect((await client.post(events(), anEvent())).status).toBe(201);
      const { body } = await client.get(`${core()}/x.1`);
      expect(body).toMatchObject({
        apiVersion: 'v1',
        kind: 'Event',
        involvedObject: { kind: 'ResourceServer', name: 'x', uid: 'u' },
        reason: 'Created',
        message: 'created',
        reportingComponent: 'cognito-operator.io/controller',
        eventTime: TIME,
      });
    });

    test('is found by the object it is about, in both views', async () => {
      const { client } = world();
      await client.post(events(), anEvent());
      const found = async (path: string) => (await client.get(path)).body.items?.length;
      const about = 'involvedObject.name%3Dx,involvedObject.uid%3Du';
      expect(await found(`${core()}?fieldSelector=${about}`)).toBe(1);
      expect(await found(`${core()}?fieldSelector=involvedObject.name%3Dother`)).toBe(0);
      expect(await found(`${events()}?fieldSelector=regarding.name%3Dx,reason%3DCreated`)).toBe(1);
      expect((await client.get(`${events()}?fieldSelector=${about}`)).status).toBe(400);
    });

    test('grows a series by a merge patch, and changes in nothing else', async () => {
      const { client } = world();
      await client.post(events(), anEvent());
      const series = { count: 2, lastObservedTime: TIME };
      const { status, body } = await client.patch(`${events()}/x.1`, { series });
      expect(status).toBe(200);
      expect(body['series']).toEqual(series);
      const changed = await client.patch(`${events()}/x.1`, { note: 'another' });
      expect(changed.status).toBe(422);
      expect(changed.body.message).toContain('field is immutable');
    });

    test.each([
      ['without a time', { eventTime: null }, 'eventTime: Required value'],
      ['of no known type', { type: 'Info' }, 'has invalid value: Info'],
      ['by nobody', { reportingController: '' }, 'reportingController: Required value'],
      ['with a long note', { note: 'x'.repeat(1025) }, 'can have at most 1024 characters'],
      ['with a series of one', { series: { count: 1, lastObservedTime: TIME } }, 'at least 2'],
    ])('is refused %s', async (_, more, want) => {
      const { status, body } = await world().client.post(events(), anEvent(more));
      expect(status).toBe(422);
      expect(body.message).toContain(want);
    });

    test('is a row of a table', async () => {
      const { client } = world();
      await client.post(events(), anEvent());
      const { body } = await client.get(core(), TABLE);
      const columns = body['columnDefinitions'] as readonly { readonly name: string }[];
      expect(columns.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['Last Seen', 'Type', 'Reason', 'Object', 'Message']),
      );
    });
  });
}

function namespaceRows(world: () => World): void {
  describe('a Namespace', () => {
    test('is active and labelled with its name', async () => {
      const { client, namespace } = world();
      const { body } = await client.get(`/api/v1/namespaces/${namespace}`);
      expect(body.status).toEqual({ phase: 'Active' });
      expect(body.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': namespace });
    });

    test('called default or kube-system is there from the start', async () => {
      const { client } = world();
      expect((await client.get('/api/v1/namespaces/default')).status).toBe(200);
      expect((await client.get('/api/v1/namespaces/kube-system')).status).toBe(200);
    });

    test('takes nothing new while it is being deleted', async () => {
      const { client, namespace, at, create } = world();
      await create('x', {}, { finalizers: ['example.com/hold'] });
      const gone = await client.delete(`/api/v1/namespaces/${namespace}`);
      expect(gone.body.status).toEqual({ phase: 'Terminating' });
      const { status, body } = await client.post(at(), aResource('y'));
      expect(status).toBe(403);
      expect(body.message).toContain('because it is being terminated');
    });
  });
}

function discoveryRows(world: () => World): void {
  describe('discovery', () => {
    test('knows the health, the version and the groups', async () => {
      const { client } = world();
      for (const path of ['/healthz', '/livez', '/readyz']) {
        expect((await client.get(path)).body.message).toBe('ok');
      }
      expect((await client.get('/version')).body['gitVersion']).toMatch(/^v1\.\d+\./);
      expect((await client.get('/api')).body['versions']).toEqual(['v1']);
      const { body } = await client.get('/apis');
      const groups = body['groups'] as readonly { readonly name: string }[];
      expect(groups.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'apiextensions.k8s.io',
          'authorization.k8s.io',
          'cognito-operator.io',
          'coordination.k8s.io',
          'events.k8s.io',
        ]),
      );
    });

    test('describes our kind: names, category, status', async () => {
      const { client } = world();
      const { body } = await client.get(GROUP);
      expect(body['resources']).toEqual([
        expect.objectContaining({
          name: 'resourceservers',
          singularName: 'resourceserver',
          kind: 'ResourceServer',
          namespaced: true,
          shortNames: ['cogrs'],
          categories: ['cognito'],
        }),
        expect.objectContaining({
          name: 'resourceservers/status',
          verbs: ['get', 'patch', 'update'],
        }),
      ]);
    });

    test('says where OpenAPI v3 is, and that has our descriptions', async () => {
      const { client } = world();
      const index = await client.get('/openapi/v3');
      expect(JSON.stringify(index.body)).toContain('/openapi/v3/apis/cognito-operator.io/v1?hash=');
      const { body } = await client.get('/openapi/v3/apis/cognito-operator.io/v1');
      expect(body['components']).toHaveProperty([
        'schemas',
        'io.cognito-operator.v1.ResourceServer',
        'properties',
        'spec',
        'description',
      ]);
    });

    test('holds the CRD, established', async () => {
      const { client } = world();
      const { body } = await client.get(`${CRDS}/${CRD_NAME}`);
      expect(body.status).toMatchObject({
        acceptedNames: { kind: 'ResourceServer' },
        storedVersions: ['v1'],
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'Established', status: 'True' }),
        ]),
      });
    });

    test('answers an access review', async () => {
      const { client } = world();
      const { status, body } = await client.post(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        { spec: { resourceAttributes: { verb: 'list', resource: 'leases' } } },
      );
      expect(status).toBe(201);
      expect(body.status).toMatchObject({ allowed: true });
    });

    test('is 404 page not found elsewhere', async () => {
      const { client } = world();
      const { status, body } = await client.get('/nowhere');
      expect(status).toBe(404);
      expect(body.message ?? '').toBeDefined();
    });

    test('refuses who comes with a wrong token', async () => {
      const { client } = world();
      const headers = { authorization: 'Bearer wrong' };
      const { status, body } = await client.get(`${GROUP}/resourceservers`, headers);
      expect(status).toBe(401);
      expect(body).toMatchObject({ reason: 'Unauthorized', message: 'Unauthorized' });
    });
  });
}
