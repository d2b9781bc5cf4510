/**
 * What nobody sends on purpose, and what was once answered in two ways: each row was found by
 * comparing the embedded API server with a real one on generated resources.
 */
import { describe, expect, test } from 'vitest';
import type { Answer } from './kubernetes-client.ts';
import { aResource, type World } from './kubernetes-world.ts';

const fieldsOf = ({ body }: Answer): readonly string[] =>
  (body.details?.causes ?? []).map(({ field }) => field);

const scope = (name: string, more: object = {}) => ({ name, description: 'd', ...more });

export function oddRows(world: () => World): void {
  specRows(world);
  statusRows(world);
  metaRows(world);
  patchRows(world);
  queryRows(world);
}

function specRows(world: () => World): void {
  describe('an odd spec', () => {
    test('may not have fields that every JavaScript object has', async () => {
      const { client, at } = world();
      const text = JSON.stringify(aResource('x')).replace(
        '"spec":{',
        '"spec":{"constructor":"a","__proto__":{"b":1},',
      );
      const { status, headers, body } = await client.post(at(), text);
      expect(status).toBe(201);
      expect(Object.keys(body.spec ?? {})).not.toContain('constructor');
      expect(headers.get('warning')).toContain('unknown field \\"spec.constructor\\"');
      expect(headers.get('warning')).toContain('unknown field \\"spec.__proto__\\"');
    });

    test('lacks what is null', async () => {
      const { client, at } = world();
      const refused = await client.post(at(), { ...aResource('x'), spec: null });
      expect(fieldsOf(refused)).toContain('spec');
      expect(refused.body.message).toContain('spec: Required value');
      const { body } = await client.post(at(), aResource('x', { name: null, scopes: null }));
      expect(Object.keys(body.spec ?? {})).not.toContain('name');
      expect(Object.keys(body.spec ?? {})).not.toContain('scopes');
    });

    test('that repeats a key three times is told so once', async () => {
      const { client, at } = world();
      const answer = await client.post(
        at(),
        aResource('x', { scopes: Array.from('aaa', (name) => scope(name)) }),
      );
      expect(fieldsOf(answer)).toEqual(['spec.scopes[1]']);
    });

    test('with something else than objects in a list of type map is told so', async () => {
      const { client, at } = world();
      const { body } = await client.post(at(), aResource('x', { scopes: [7, scope('a')] }));
      expect(body.message).toContain(
        'spec.scopes[0]: Invalid value: 7: must be an object for an array of list-type map',
      );
    });

    test('is shown with its unprintable characters escaped', async () => {
      const { client, at } = world();
      const { body } = await client.post(
        at(),
        aResource('x', { identifier: 'a\u0007\u0085\u{50000}' }),
      );
      expect(body.message).toContain('Invalid value: "a\\a\\u0085\\U00050000"');
    });

    test('has the replacement character for half a character', async () => {
      const { client, at } = world();
      const scopes = [scope('a', { description: '\ud800' })];
      const { body } = await client.post(at(), aResource('x', { scopes }));
      expect(body.spec).toMatchObject({ scopes: [{ description: '\ufffd' }] });
    });

    test('that breaks the schema still earns its warnings', async () => {
      const { client, at } = world();
      const { status, headers } = await client.post(at(), aResource('x', { name: 7, colour: 1 }));
      expect(status).toBe(422);
      expect(headers.get('warning')).toContain('unknown field \\"spec.colour\\"');
    });
  });
}

function statusRows(world: () => World): void {
  describe('an odd status', () => {
    test.each([
      [{ observedGeneration: 1e20 }, 'must be of type int64: "float64"'],
      [{ observedGeneration: 1.5 }, 'must be of type int64: "float64"'],
      [{ scopeCount: 2 ** 31 }, 'Checked value must be of type integer with format int32'],
      [{ scopeCount: true }, 'must be of type int32: ""'],
      [{ scopeCount: -1 }, 'scopeCount in body should be greater than or equal to 0'],
    ])('of %j is refused', async (status, want) => {
      const { client, at, create } = world();
      await create('x');
      const answer = await client.patch(`${at('x')}/status`, { status });
      expect(answer.status).toBe(422);
      expect(answer.body.message).toContain(want);
      expect(answer.body.message).not.toContain('status.scopeCount in body');
    });

    test.each([
      ['2026-01-01T00:00:00Z', 200],
      ['2026-01-01t00:00:00.5z', 200],
      ['2026-01-01T00:00:00+01:00', 200],
      ['2026-02-30T00:00:00Z', 422],
      ['2026-12-31T23:59:60Z', 422],
      ['2026-01-01 00:00:00Z', 422],
      ['2026-01-01', 422],
    ])('with the time %s is %i', async (lastTransitionTime, code) => {
      const { client, at, create } = world();
      await create('x');
      const ready = { type: 'Ready', status: 'True', reason: 'Synced', message: '' };
      const conditions = [{ ...ready, lastTransitionTime }];
      const answer = await client.patch(`${at('x')}/status`, { status: { conditions } });
      expect(answer.status).toBe(code);
    });
  });
}

function metaRows(world: () => World): void {
  describe('odd metadata', () => {
    test.each([
      [{ creationTimestamp: 'yesterday' }],
      [{ deletionTimestamp: 1 }],
      [{ generation: 1.5 }],
      [{ labels: { a: 1 } }],
      [{ ownerReferences: ['x'] }],
    ])(
      'like %j cannot be read, and in a patch that is the fault of the patch',
      async (metadata) => {
        const { client, at, create } = world();
        const made = await client.post(at(), {
          ...aResource('y'),
          metadata: { name: 'y', ...metadata },
        });
        expect([made.status, made.body.reason]).toEqual([400, 'BadRequest']);
        await create('x');
        const patched = await client.patch(at('x'), { metadata });
        expect(patched.status).toBe(422);
        expect(fieldsOf(patched)).toEqual(['patch']);
      },
    );

    test('is empty where it is null', async () => {
      const { client, at } = world();
      const metadata = { name: 'x', labels: { a: null }, annotations: null };
      const { body } = await client.post(at(), { ...aResource('x'), metadata });
      expect(body.metadata.labels).toEqual({ a: '' });
    });

    test('of owners must be complete', async () => {
      const { client, at } = world();
      const metadata = { name: 'x', ownerReferences: [{ kind: 'Pod' }] };
      const answer = await client.post(at(), { ...aResource('x'), metadata });
      expect(new Set(fieldsOf(answer))).toEqual(
        new Set(['apiVersion', 'name', 'uid'].map((name) => `metadata.ownerReferences.${name}`)),
      );
    });

    test('of finalizers that anybody might use earns a warning', async () => {
      const { client, at } = world();
      const metadata = { name: 'x', finalizers: ['hold', 'a.b', 'example.com/hold'] };
      const { headers } = await client.post(at(), { ...aResource('x'), metadata });
      const warning = headers.get('warning');
      expect(warning).toContain('\\"hold\\": prefer a domain-qualified finalizer name to avoid');
      expect(warning).toContain('\\"a.b\\": prefer a domain-qualified finalizer name including');
      expect(warning).not.toContain('example.com');
    });

    test('of another kind or version is refused by name', async () => {
      const { client, at, create } = world();
      const kind = await client.post(at(), { ...aResource('x'), kind: 'Other' });
      expect(fieldsOf(kind)).toContain('kind');
      await create('x');
      const gone = await client.patch(at('x'), [{ op: 'remove', path: '/apiVersion' }]);
      expect([gone.status, gone.body.reason]).toEqual([500, 'InternalError']);
      const version = await client.patch(at('x'), { apiVersion: 'cognito-operator.io/v2' });
      expect(fieldsOf(version)).toContain('apiVersion');
    });
  });
}

function patchRows(world: () => World): void {
  describe('an odd patch', () => {
    test('may name any label', async () => {
      const { client, at, create } = world();
      await create('x');
      const labels = { constructor: 'a', prototype: 'b' };
      const { body } = await client.patch(at('x'), { metadata: { labels } });
      expect(body.metadata.labels).toEqual(labels);
    });

    test.each([
      [{ op: 'add', path: '/spec/scopes/-', value: scope('c') }, 200, ['a', 'b', 'c']],
      [{ op: 'add', path: '/spec/scopes/01', value: scope('c') }, 200, ['a', 'c', 'b']],
      [{ op: 'add', path: '/spec/scopes/-1', value: scope('c') }, 200, ['a', 'b', 'c']],
      [{ op: 'remove', path: '/spec/scopes/-1' }, 200, ['a']],
      [{ op: 'remove', path: 'anything/spec/scopes' }, 200, undefined],
      [{ op: 'replace', path: '/spec/scopes/0/name', value: 'z' }, 200, ['z', 'b']],
      [{ op: 'add', path: '/spec/scopes/9', value: scope('c') }, 422, ['a', 'b']],
      [{ op: 'replace', path: '/spec/scopes/-', value: scope('c') }, 422, ['a', 'b']],
      [{ op: 'remove', path: '/spec/__proto__' }, 422, ['a', 'b']],
      [{ op: 'copy', from: '/spec/constructor', path: '/spec/scopes' }, 200, undefined],
      [{ op: 'copy', from: '', path: '/spec/scopes' }, 422, ['a', 'b']],
      [{ op: 'nothing', path: '/spec' }, 422, ['a', 'b']],
    ])('of %j is %i', async (operation, code, want) => {
      const { client, at, create, read } = world();
      await create('x', { scopes: [scope('a'), scope('b')] });
      expect((await client.patch(at('x'), [operation])).status).toBe(code);
      const { scopes } = (await read('x')).spec as { scopes?: readonly { name: string }[] };
      expect(scopes?.map(({ name }) => name)).toEqual(want);
    });

    test('is not read before the object is found', async () => {
      const { client, at, create } = world();
      expect((await client.patch(at('x'), '7')).status).toBe(404);
      await create('x');
      expect((await client.patch(at('x'), '7')).status).toBe(400);
      const list = { 'content-type': 'application/merge-patch+json' };
      const answer = await client.patch(`${at('x')}?fieldValidation=Ignore`, '[]', list);
      expect(fieldsOf(answer)).toEqual(['patch']);
    });
  });
}

function queryRows(world: () => World): void {
  describe('an odd query', () => {
    test.each([
      ['labelSelector=constructor', 200],
      ['labelSelector=app in (a b)', 400],
      ['labelSelector=x/y/z', 400],
      ['labelSelector=num>-1', 400],
      ['fieldSelector=metadata.name=a,', 200],
      ['fieldSelector=metadata.name=\\x', 400],
      ['limit=9999999999999999999', 400],
      ['timeoutSeconds=x', 400],
    ])('?%s is %i, and finds nothing here', async (query, code) => {
      const { client, at, create } = world();
      await create('x');
      const { status, body } = await client.get(`${at()}?${encodeURI(query)}`);
      expect(status).toBe(code);
      expect(body.items ?? []).toEqual([]);
    });

    test('of any revision is answered whole, whatever the limit', async () => {
      const { client, at, create } = world();
      await create('x');
      await create('y');
      // The cache of a real server has them once the newest list was given.
      await client.get(at());
      const { body } = await client.get(`${at()}?limit=1&resourceVersion=0`);
      expect(body.items).toHaveLength(2);
    });

    test('for bookmarks learns where the state so far ends, also when it did not ask', async () => {
      const { client, at, create } = world();
      await create('x');
      const watch = await client.watch(`${at()}?watch=true&allowWatchBookmarks=true`);
      await watch.next();
      const mark = await watch.next();
      await watch.close();
      expect(mark?.type).toBe('BOOKMARK');
      expect(mark?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    });

    test('for a state in the future is told so in a frame', async () => {
      const { client, at } = world();
      const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
      const path = `${at()}?watch=true&${query}&resourceVersion=999999999`;
      const frames = await (await client.watch(path)).rest();
      expect(frames.map(({ type, object }) => [type, object.reason])).toEqual([
        ['ERROR', 'Timeout'],
      ]);
    });
  });
}
