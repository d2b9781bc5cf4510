/** Lists: pages, selectors, revisions, tables. */
import { describe, expect, test } from 'vitest';
import type { Body } from './kubernetes-client.ts';
import { expectStatus, GROUP, TABLE, type World } from './kubernetes-world.ts';

const names = (list: Body): readonly string[] =>
  (list.items ?? []).map(({ metadata }) => metadata.name);

async function fiveOf({ create }: World): Promise<void> {
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const labels = { app: name, tier: name < 'c' ? 'one' : 'two' };
    await create(name, { identifier: `https://${name}.example.com` }, { labels });
  }
}

export function listRows(world: () => World): void {
  listBasics(world);
  pageRows(world);
  selectorRows(world);
  tableRows(world);
}

function listBasics(world: () => World): void {
  describe('a list', () => {
    test('holds whole objects in the order of their names, with a resourceVersion', async () => {
      const { client, at, create } = world();
      await create('b');
      const last = await create('a');
      const { body } = await client.get(at());
      expect(body).toMatchObject({
        kind: 'ResourceServerList',
        apiVersion: 'cognito-operator.io/v1',
      });
      expect(body.items?.[0]).toMatchObject({ kind: 'ResourceServer', metadata: { name: 'a' } });
      expect(names(body)).toEqual(['a', 'b']);
      expect(BigInt(body.metadata.resourceVersion ?? 0)).toBeGreaterThanOrEqual(
        BigInt(last.metadata.resourceVersion ?? 0),
      );
    });

    test('of a namespace that is not there is empty', async () => {
      const { client } = world();
      const { body } = await client.get(`${GROUP}/namespaces/nowhere/resourceservers`);
      expect(body.items).toEqual([]);
    });

    test('of all namespaces holds those of each', async () => {
      const { client, namespace, create } = world();
      await create('here');
      const { body } = await client.get(`${GROUP}/resourceservers`);
      const found = body.items?.find(({ metadata }) => metadata.namespace === namespace);
      expect(found?.metadata.name).toBe('here');
    });

    test('of a revision that has not happened yet is 504 with its cause', async () => {
      const { client, at } = world();
      const { status, headers, body } = await client.get(`${at()}?resourceVersion=999999999`);
      expect(status).toBe(504);
      expect(headers.get('retry-after')).toBe('1');
      expect(body).toMatchObject({
        reason: 'Timeout',
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
      expect(body.message).toContain('Too large resource version: 999999999, current: ');
    });

    test('not older than a revision, or of any, is the newest', async () => {
      const { client, at, create } = world();
      const { metadata } = await create('a');
      const asked = `resourceVersion=${metadata.resourceVersion}`;
      const notOlder = await client.get(`${at()}?${asked}&resourceVersionMatch=NotOlderThan`);
      expect(names(notOlder.body)).toEqual(['a']);
      expect(names((await client.get(`${at()}?${asked}`)).body)).toEqual(['a']);
    });

    test('of exactly one revision shows the past', async () => {
      const { client, at, create } = world();
      const { metadata } = await create('a');
      await client.patch(at('a'), { metadata: { labels: { new: 'yes' } } });
      await create('b');
      const path = `${at()}?resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`;
      const past = expectStatus(await client.get(path), 200);
      expect(names(past)).toEqual(['a']);
      expect(past.items?.[0]?.metadata.labels).toBeUndefined();
      expect(past.metadata.resourceVersion).toBe(metadata.resourceVersion);
    });

    test.each([
      ['resourceVersionMatch=Exact', 422, 'forbidden unless resourceVersion is provided'],
      ['resourceVersion=1&resourceVersionMatch=Foo', 422, 'Unsupported value: "Foo"'],
      ['resourceVersion=abc', 400, 'invalid resource version'],
      ['limit=x', 400, 'invalid syntax'],
      ['continue=garbage', 400, 'continue key is not valid'],
      ['sendInitialEvents=true', 422, 'sendInitialEvents is forbidden for list'],
      ['fieldSelector=spec.name%3Dx', 400, 'field label not supported: spec.name'],
      ['labelSelector=%3Dx', 400, "found '="],
    ])('with ?%s is %i', async (query, code, want) => {
      const { client, at } = world();
      const { status, body } = await client.get(`${at()}?${query}`);
      expect(status).toBe(code);
      expect(body.message).toContain(want);
    });

    test('of a kind that does not exist is 404', async () => {
      const { client } = world();
      expect((await client.get(`${GROUP}/nothings`)).status).toBe(404);
      expect((await client.get('/apis/nowhere.example.com/v1/nothings')).status).toBe(404);
    });
  });
}

function pageRows(world: () => World): void {
  describe('a list in pages', () => {
    test('shows the revision of its first page to the end', async () => {
      const { client, at, create } = world();
      await fiveOf(world());
      const first = expectStatus(await client.get(`${at()}?limit=2`), 200);
      expect(names(first)).toEqual(['a', 'b']);
      expect(first.metadata.remainingItemCount).toBe(3);
      await client.delete(at('d'));
      await create('bb');
      const next = (page: Body) =>
        client.get(`${at()}?limit=2&continue=${page.metadata.continue ?? ''}`);
      const second = expectStatus(await next(first), 200);
      expect(names(second)).toEqual(['c', 'd']);
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      const third = expectStatus(await next(second), 200);
      expect(names(third)).toEqual(['e']);
      expect(third.metadata.continue ?? '').toBe('');
    });

    test('counts no remaining items when a selector is given', async () => {
      const { client, at } = world();
      await fiveOf(world());
      const { body } = await client.get(`${at()}?limit=1&labelSelector=tier%3Dtwo`);
      expect(names(body)).toEqual(['c']);
      expect(body.metadata.continue).not.toBe('');
      expect(body.metadata.remainingItemCount).toBeUndefined();
    });
  });
}

function selectorRows(world: () => World): void {
  describe('a selector', () => {
    test.each([
      ['app=a', ['a']],
      ['app==a', ['a']],
      ['app!=a', ['b', 'c', 'd', 'e']],
      ['app', ['a', 'b', 'c', 'd', 'e']],
      ['!app', []],
      ['app in (a,b)', ['a', 'b']],
      ['app notin (a, b)', ['c', 'd', 'e']],
      ['tier=one,app!=a', ['b']],
      ['nope notin (x)', ['a', 'b', 'c', 'd', 'e']],
    ])('of labels %s selects %j', async (selector, want) => {
      const { client, at } = world();
      await fiveOf(world());
      const { body } = await client.get(`${at()}?labelSelector=${encodeURIComponent(selector)}`);
      expect(names(body)).toEqual(want);
    });

    test.each([
      ['metadata.name=a', ['a']],
      ['metadata.name!=a', ['b', 'c', 'd', 'e']],
      ['spec.identifier=https://b.example.com', ['b']],
      ['spec.userPoolId=eu-west-1_AbCdEfGhI,metadata.name=c', ['c']],
    ])('of fields %s selects %j', async (selector, want) => {
      const { client, at } = world();
      await fiveOf(world());
      const { body } = await client.get(`${at()}?fieldSelector=${encodeURIComponent(selector)}`);
      expect(names(body)).toEqual(want);
    });
  });
}

interface Table extends Body {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: Body }[];
}

function tableRows(world: () => World): void {
  describe('a table', () => {
    test('has our columns, a row for each object, and empty cells as null', async () => {
      const { client, at, create } = world();
      await create('a', { name: 'Weather' });
      const table = (await client.get(at(), TABLE)).body as Table;
      expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
      const wide = table.columnDefinitions.filter(({ priority }) => priority === 1);
      expect(table.columnDefinitions.map(({ name }) => name).slice(0, 7)).toEqual([
        'Name',
        'READY',
        'REASON',
        'IDENTIFIER',
        'USER POOL',
        'SCOPES',
        'AGE',
      ]);
      expect(wide.map(({ name }) => name)).toEqual(['NAME', 'POLICY', 'ACCOUNT', 'MESSAGE']);
      expect(table.rows[0]?.cells).toEqual([
        'a',
        null,
        null,
        'https://api.example.com',
        'eu-west-1_AbCdEfGhI',
        null,
        expect.stringMatching(/^[0-9]+s$/),
        'Weather',
        'Enforce',
        null,
        null,
      ]);
      expect(table.rows[0]?.object.kind).toBe('PartialObjectMetadata');
    });

    test('shows the condition named Ready and the count of scopes', async () => {
      const { client, at, create } = world();
      await create('a');
      const ready = (type: string, status: string) => ({
        type,
        status,
        reason: 'Synced',
        message: '',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      });
      const conditions = [ready('Stalled', 'False'), ready('Ready', 'True')];
      await client.patch(`${at('a')}/status`, { status: { scopeCount: 2, conditions } });
      const { rows } = (await client.get(at('a'), TABLE)).body as Table;
      expect(rows[0]?.cells.slice(1, 3)).toEqual(['True', 'Synced']);
      expect(rows[0]?.cells[5]).toBe(2);
    });

    test('carries whole objects, or none, when asked', async () => {
      const { client, at, create } = world();
      await create('a');
      const whole = (await client.get(`${at()}?includeObject=Object`, TABLE)).body as Table;
      expect(whole.rows[0]?.object.spec).toBeDefined();
      const none = (await client.get(`${at()}?includeObject=None`, TABLE)).body as Table;
      expect(none.rows[0]?.object).toBeNull();
    });

    test('is not the only shape: metadata alone can be had, too', async () => {
      const { client, at, create } = world();
      await create('a');
      const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
      const { body } = await client.get(at('a'), { accept });
      expect(body.kind).toBe('PartialObjectMetadata');
      expect(body.metadata.name).toBe('a');
      expect(body.spec).toBeUndefined();
    });

    test('of a shape that nobody knows is 406', async () => {
      const { client, at, create } = world();
      await create('a');
      expect((await client.get(at('a'), { accept: 'text/html' })).status).toBe(406);
    });
  });
}
