/** Writes: guards, generations, status apart from the rest, patches. */
import { describe, expect, test } from 'vitest';
import { aResource, expectStatus, GROUP, type World } from './kubernetes-world.ts';

export function writeRows(world: () => World): void {
  createRows(world);
  updateRows(world);
  statusRows(world);
  patchRows(world);
}

function createRows(world: () => World): void {
  describe('a create', () => {
    test('gives uid, creation time, generation 1 and a resourceVersion', async () => {
      const { metadata } = await world().create('x', {}, { uid: 'mine', generation: 9 });
      expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(metadata.generation).toBe(1);
      expect(metadata.resourceVersion).toMatch(/^[1-9][0-9]*$/);
    });

    test('ignores the status that it carries', async () => {
      const { client, at } = world();
      const { body } = await client.post(at(), { ...aResource('x'), status: { scopeCount: 3 } });
      expect(body.status).toEqual({ observedGeneration: -1 });
    });

    test('of a name that is taken is 409 AlreadyExists', async () => {
      const { client, at, create } = world();
      await create('x');
      const { status, body } = await client.post(at(), aResource('x'));
      expect(status).toBe(409);
      expect(body).toMatchObject({
        reason: 'AlreadyExists',
        message: 'resourceservers.cognito-operator.io "x" already exists',
      });
    });

    test('in a namespace that is not there is 404', async () => {
      const { client } = world();
      const path = `${GROUP}/namespaces/nowhere/resourceservers`;
      const { status, body } = await client.post(path, aResource('x'));
      expect(status).toBe(404);
      expect(body).toMatchObject({
        reason: 'NotFound',
        message: 'namespaces "nowhere" not found',
        details: { kind: 'namespaces' },
      });
    });

    test('with generateName invents a name', async () => {
      const { client, at } = world();
      const metadata = { generateName: 'weather-' };
      const { body } = await client.post(at(), { ...aResource(''), metadata });
      expect(body.metadata.name).toMatch(/^weather-[a-z0-9]{5}$/);
    });

    test('that is a dry run answers as if and leaves nothing', async () => {
      const { client, at } = world();
      const dry = await client.post(`${at()}?dryRun=All`, aResource('x'));
      expect(dry.status).toBe(201);
      expect(dry.body.metadata.resourceVersion).toBeUndefined();
      expect((await client.get(at('x'))).status).toBe(404);
    });
  });
}

function updateRows(world: () => World): void {
  describe('an update', () => {
    test('with the current resourceVersion is stored under a greater one', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const { status, body } = await client.put(at('x'), {
        ...made,
        spec: { ...made.spec, name: 'Weather' },
      });
      expect(status).toBe(200);
      expect(body.metadata.generation).toBe(2);
      expect(BigInt(body.metadata.resourceVersion ?? 0)).toBeGreaterThan(
        BigInt(made.metadata.resourceVersion ?? 0),
      );
    });

    test('with an old resourceVersion is 409 Conflict', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      expectStatus(await client.patch(at('x'), { metadata: { labels: { a: 'b' } } }), 200);
      const { status, body } = await client.put(at('x'), made);
      expect(status).toBe(409);
      expect(body).toMatchObject({
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on resourceservers.cognito-operator.io "x": the object ' +
          'has been modified; please apply your changes to the latest version and try again',
      });
    });

    test('without a resourceVersion is 422', async () => {
      const { client, at, create } = world();
      await create('x');
      const { status, body } = await client.put(at('x'), aResource('x'));
      expect(status).toBe(422);
      expect(body.message).toContain('metadata.resourceVersion: Invalid value: 0: must be specif');
    });

    test('with the uid of another object is 409', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const metadata = { ...made.metadata, uid: '00000000-0000-0000-0000-000000000000' };
      const { status, body } = await client.put(at('x'), { ...made, metadata });
      expect(status).toBe(409);
      expect(body.message).toContain('Precondition failed: UID in precondition');
    });

    test('of what is not there is 404', async () => {
      const { client, at } = world();
      const { status, body } = await client.put(at('x'), aResource('x'));
      expect(status).toBe(404);
      expect(body.message).toBe('resourceservers.cognito-operator.io "x" not found');
    });

    test('under another name is a bad request', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const metadata = { ...made.metadata, name: 'y' };
      expect((await client.put(at('x'), { ...made, metadata })).status).toBe(400);
    });

    test('that changes nothing keeps the resourceVersion', async () => {
      const { client, at, create } = world();
      await create('x');
      const { body } = await client.patch(at('x'), { spec: { name: 'Weather' } });
      const same = expectStatus(await client.put(at('x'), body), 200);
      expect(same.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    });

    test('that is the first one stores the default of status, even if it changes nothing', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const same = expectStatus(await client.put(at('x'), made), 200);
      expect(same.status).toEqual(made.status);
      expect(same.metadata.resourceVersion).not.toBe(made.metadata.resourceVersion);
    });

    test('of metadata alone keeps the generation', async () => {
      const { client, at, create } = world();
      await create('x');
      const { body } = await client.patch(at('x'), { metadata: { annotations: { a: 'b' } } });
      expect(body.metadata).toMatchObject({ generation: 1, annotations: { a: 'b' } });
    });

    test('of the order of a list that is a map counts as a change', async () => {
      const { client, at, create } = world();
      const [one, two] = ['a', 'b'].map((name) => ({ name, description: 'd' }));
      await create('x', { scopes: [one, two] });
      const { body } = await client.patch(at('x'), { spec: { scopes: [two, one] } });
      expect(body.metadata.generation).toBe(2);
    });

    test('cannot touch what the server owns', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const { body } = await client.patch(at('x'), {
        metadata: { generation: 99, creationTimestamp: '2020-01-01T00:00:00Z' },
      });
      expect(body.metadata).toMatchObject({
        generation: 1,
        creationTimestamp: made.metadata.creationTimestamp,
      });
    });

    test('that is a dry run answers as if and changes nothing', async () => {
      const { client, at, create, read } = world();
      const made = await create('x');
      const dry = await client.patch(`${at('x')}?dryRun=All`, { spec: { name: 'Dry' } });
      expect(dry.body.spec).toMatchObject({ name: 'Dry' });
      expect((await read('x')).metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });
  });
}

function statusRows(world: () => World): void {
  describe('status', () => {
    test('is not touched by a write to the object', async () => {
      const { client, at, create } = world();
      await create('x');
      const { body } = await client.patch(at('x'), { status: { scopeCount: 3 } });
      expect(body.status).toEqual({ observedGeneration: -1 });
    });

    test('is all that a write to /status changes', async () => {
      const { client, at, create } = world();
      await create('x');
      const { status, body } = await client.patch(`${at('x')}/status`, {
        metadata: { labels: { no: 'no' } },
        spec: { name: 'no' },
        status: { scopeCount: 3 },
      });
      expect(status).toBe(200);
      expect(body.status).toEqual({ observedGeneration: -1, scopeCount: 3 });
      expect(body.spec).not.toHaveProperty('name');
      expect(body.metadata.labels).toBeUndefined();
      expect(body.metadata.generation).toBe(1);
    });

    test('is guarded by a resourceVersion in the patch', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const patch = {
        metadata: { resourceVersion: made.metadata.resourceVersion },
        status: { scopeCount: 1 },
      };
      expect((await client.patch(`${at('x')}/status`, patch)).status).toBe(200);
      const again = await client.patch(`${at('x')}/status`, {
        ...patch,
        status: { scopeCount: 2 },
      });
      expect(again.status).toBe(409);
      expect(again.body.reason).toBe('Conflict');
    });

    test('is not guarded by a uid in the patch, which is ignored', async () => {
      const { client, at, create } = world();
      await create('x');
      const patch = { metadata: { uid: 'another' }, status: { scopeCount: 1 } };
      expect((await client.patch(`${at('x')}/status`, patch)).status).toBe(200);
    });

    test('loses what is set to null and keeps what is not named', async () => {
      const { client, at, create } = world();
      await create('x');
      await client.patch(`${at('x')}/status`, { status: { scopeCount: 1, recordUID: 'u' } });
      const { body } = await client.patch(`${at('x')}/status`, { status: { recordUID: null } });
      expect(body.status).toEqual({ observedGeneration: -1, scopeCount: 1 });
    });

    test('is back at its default when it is set to null', async () => {
      const { client, at, create } = world();
      await create('x');
      await client.patch(`${at('x')}/status`, { status: { scopeCount: 1 } });
      const { body } = await client.patch(`${at('x')}/status`, { status: null });
      expect(body.status).toEqual({ observedGeneration: -1 });
    });

    test('can be replaced whole', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const { body } = await client.put(`${at('x')}/status`, {
        ...made,
        spec: { ...made.spec, name: 'no' },
        status: { scopeCount: 1 },
      });
      expect(body.status).toEqual({ scopeCount: 1 });
      expect(body.spec).not.toHaveProperty('name');
    });

    test('can be read, and neither created nor deleted', async () => {
      const { client, at, create } = world();
      await create('x');
      expect((await client.get(`${at('x')}/status`)).body.metadata.name).toBe('x');
      expect((await client.post(`${at('x')}/status`, aResource('x'))).status).toBe(405);
      expect((await client.delete(`${at('x')}/status`)).status).toBe(405);
    });
  });
}

function patchRows(world: () => World): void {
  describe('a patch', () => {
    test('that changes nothing keeps the resourceVersion', async () => {
      const { client, at, create } = world();
      await create('x');
      const first = await client.patch(at('x'), { spec: { name: 'Weather' } });
      const { body } = await client.patch(at('x'), { spec: first.body.spec });
      expect(body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    });

    test('with an old resourceVersion is 409', async () => {
      const { client, at, create } = world();
      await create('x');
      const patch = { metadata: { resourceVersion: '1' }, spec: { name: 'Weather' } };
      expect((await client.patch(at('x'), patch)).status).toBe(409);
    });

    test('with the uid of another object is 422, as the uid is immutable', async () => {
      const { client, at, create } = world();
      await create('x');
      const { status, body } = await client.patch(at('x'), { metadata: { uid: 'another' } });
      expect(status).toBe(422);
      expect(body.message).toContain('metadata.uid: Invalid value: "another": field is immutable');
    });

    test('can be JSON patch, and is refused whole when a test of it fails', async () => {
      const { client, at, create } = world();
      await create('x');
      const add = { op: 'add', path: '/spec/name', value: 'Weather' };
      const failing = { op: 'test', path: '/metadata/uid', value: 'another' };
      const refused = await client.patch(at('x'), [add, failing]);
      expect(refused.status).toBe(422);
      expect(refused.body).toMatchObject({
        reason: 'Invalid',
        message: 'the server rejected our request due to an error in our request',
      });
      const { body } = await client.patch(at('x'), [add]);
      expect(body.spec).toMatchObject({ name: 'Weather' });
    });

    test('that removes what is not there is refused', async () => {
      const { client, at, create } = world();
      await create('x');
      const { status } = await client.patch(at('x'), [{ op: 'remove', path: '/spec/name' }]);
      expect(status).toBe(422);
    });

    test('of what is not there is 404', async () => {
      const { client, at } = world();
      expect((await client.patch(at('x'), { spec: {} })).status).toBe(404);
    });

    test('cannot be a strategic merge patch', async () => {
      const { client, at, create } = world();
      await create('x');
      const headers = { 'content-type': 'application/strategic-merge-patch+json' };
      const { status, body } = await client.patch(at('x'), { spec: {} }, headers);
      expect(status).toBe(415);
      expect(body.message).toContain('application/merge-patch+json');
    });
  });
}
