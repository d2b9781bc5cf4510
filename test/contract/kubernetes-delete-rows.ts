/** Deletion: finalizers, deletionTimestamp, preconditions. */
import { describe, expect, test } from 'vitest';
import { aResource, expectStatus, FINALIZER, type World } from './kubernetes-world.ts';

export function deleteRows(world: () => World): void {
  describe('a delete', () => {
    test('without finalizers removes the object and says which it was', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const { status, body } = await client.delete(at('x'));
      expect(status).toBe(200);
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: 'x', kind: 'resourceservers', uid: made.metadata.uid },
      });
      expect((await client.get(at('x'))).status).toBe(404);
    });

    test('of what is not there is 404', async () => {
      const { client, at } = world();
      expect((await client.delete(at('x'))).status).toBe(404);
    });

    test('with a finalizer marks the object and counts its generation', async () => {
      const { client, at, create } = world();
      await create('x', {}, { finalizers: [FINALIZER] });
      const { status, body } = await client.delete(at('x'));
      expect(status).toBe(200);
      expect(body.kind).toBe('ResourceServer');
      expect(body.metadata.deletionTimestamp).toMatch(/Z$/);
      expect(body.metadata.generation).toBe(2);
      const again = await client.delete(at('x'));
      expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    });

    test('is finished by the removal of the last finalizer', async () => {
      const { client, at, create } = world();
      await create('x', {}, { finalizers: [FINALIZER, 'example.com/other'] });
      await client.delete(at('x'));
      const one = await client.patch(at('x'), { metadata: { finalizers: [FINALIZER] } });
      expect(one.body.metadata.finalizers).toEqual([FINALIZER]);
      expect((await client.get(at('x'))).status).toBe(200);
      expectStatus(await client.patch(at('x'), { metadata: { finalizers: null } }), 200);
      expect((await client.get(at('x'))).status).toBe(404);
    });

    test('admits no new finalizer', async () => {
      const { client, at, create } = world();
      await create('x', {}, { finalizers: [FINALIZER] });
      await client.delete(at('x'));
      const finalizers = [FINALIZER, 'example.com/other'];
      const { status, body } = await client.patch(at('x'), { metadata: { finalizers } });
      expect(status).toBe(422);
      expect(body.message).toContain(
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being ' +
          'deleted, found new finalizers []string{"example.com/other"}',
      );
    });

    test('cannot be taken back, but spec and status may still change', async () => {
      const { client, at, create } = world();
      await create('x', {}, { finalizers: [FINALIZER] });
      await client.delete(at('x'));
      await client.patch(`${at('x')}/status`, { status: { scopeCount: 1 } });
      const { body } = await client.patch(at('x'), {
        metadata: { deletionTimestamp: null },
        spec: { deletionPolicy: 'Retain' },
      });
      expect(body.metadata.deletionTimestamp).toBeDefined();
      expect(body.metadata.generation).toBe(3);
      expect(body.spec).toMatchObject({ deletionPolicy: 'Retain' });
      expect(body.status).toMatchObject({ scopeCount: 1 });
    });

    test('still blocks the name, and says why', async () => {
      const { client, at, create } = world();
      await create('x', {}, { finalizers: [FINALIZER] });
      await client.delete(at('x'));
      const { status, body } = await client.post(at(), aResource('x'));
      expect(status).toBe(409);
      expect(body.message).toBe(
        'object is being deleted: resourceservers.cognito-operator.io "x" already exists',
      );
    });

    test('guarded by another uid or resourceVersion is 409', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const byUid = await client.delete(at('x'), { preconditions: { uid: 'another' } });
      expect(byUid.status).toBe(409);
      expect(byUid.body.message).toContain('the UID in the precondition (another) does not match');
      const byVersion = await client.delete(at('x'), { preconditions: { resourceVersion: '1' } });
      expect(byVersion.status).toBe(409);
      const right = { preconditions: { uid: made.metadata.uid } };
      expect((await client.delete(at('x'), right)).status).toBe(200);
    });

    test('that is a dry run deletes nothing', async () => {
      const { client, at, create } = world();
      await create('x');
      expect((await client.delete(`${at('x')}?dryRun=All`)).status).toBe(200);
      expect((await client.get(at('x'))).status).toBe(200);
    });

    test('cannot be asked for by writing a deletionTimestamp', async () => {
      const { client, at, create } = world();
      await create('x');
      const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' };
      const { status, body } = await client.patch(at('x'), { metadata });
      expect(status).toBe(422);
      expect(body.message).toContain('metadata.deletionTimestamp');
    });

    test('and a create of the same name give another uid', async () => {
      const { client, at, create } = world();
      const before = await create('x');
      await client.delete(at('x'));
      const after = await create('x');
      expect(after.metadata.uid).not.toBe(before.metadata.uid);
    });

    test('of a collection deletes what the selector selects', async () => {
      const { client, at, create } = world();
      await create('x', {}, { labels: { tier: 'one' } });
      await create('y', {}, { labels: { tier: 'two' } });
      expect((await client.delete(`${at()}?labelSelector=tier%3Done`)).status).toBe(200);
      const { body } = await client.get(at());
      expect(body.items?.map((item) => item.metadata.name)).toEqual(['y']);
    });
  });
}
