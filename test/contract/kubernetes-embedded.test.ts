/** What only the embedded API server does: forgets on command, plays an old server, keeps a log. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type EmbeddedKubernetes,
  type EmbeddedKubernetesOptions,
  startKubernetes,
} from '../sandbox/kubernetes/server.ts';
import type { Body, KubernetesClient } from './kubernetes-client.ts';
import { createClient } from './kubernetes-client.ts';
import { aResource, CRD_NAME, CRDS, crd, FINALIZER, GROUP } from './kubernetes-world.ts';

const AT = `${GROUP}/namespaces/default/resourceservers`;

let server: EmbeddedKubernetes;
let client: KubernetesClient;

async function start(options: EmbeddedKubernetesOptions = {}): Promise<void> {
  server = await startKubernetes(options);
  client = createClient({ url: server.url, headers: {}, fetch, stop: server.close });
}

const names = (body: Body): readonly string[] => body.items?.map((one) => one.metadata.name) ?? [];

afterEach(async () => server.close());

describe('the embedded API server', () => {
  beforeEach(async () => start());

  test('listens on loopback, and its kubeconfig leads there', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(parse(server.kubeconfig('team'))).toMatchObject({
      clusters: [{ cluster: { server: server.url, 'insecure-skip-tls-verify': true } }],
      users: [{ user: { token: server.token } }],
      contexts: [{ context: { namespace: 'team' } }],
    });
  });

  test('has the CRD of this project installed', async () => {
    const { body } = await client.get(`${CRDS}/${CRD_NAME}`);
    const file = new URL('../../crds/resourceservers.yaml', import.meta.url);
    expect(body.spec).toMatchObject(parse(readFileSync(file, 'utf8')).spec as object);
  });

  test('refuses server-side apply with a sentence that names the way out', async () => {
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const { status, body } = await client.patch(`${AT}/x`, aResource('x'), headers);
    expect(status).toBe(415);
    expect(body.reason).toBe('UnsupportedMediaType');
    expect(body.message).toBe(
      'this embedded API server does not support server-side apply: ' +
        'use plain `kubectl apply`, without --server-side',
    );
  });

  test('forgets on command: old watches and continue tokens get 410', async () => {
    for (const name of ['a', 'b', 'c']) await client.post(AT, aResource(name));
    const { body: page } = await client.get(`${AT}?limit=1`);
    await client.delete(`${AT}/b`);
    server.compact();
    const next = await client.get(`${AT}?limit=1&continue=${page.metadata.continue}`);
    expect(next.status).toBe(410);
    expect(next.body.reason).toBe('Expired');
    const rest = await client.get(`${AT}?continue=${next.body.metadata.continue}`);
    expect(names(rest.body)).toEqual(['c']);
    const old = await client.watch(
      `${AT}?watch=1&resourceVersion=${page.metadata.resourceVersion}`,
    );
    expect((await old.rest()).map(({ object }) => object.code)).toEqual([410]);
  });

  test('takes and gives up kinds while it runs, with all their objects', async () => {
    await client.post(AT, aResource('x', {}, { finalizers: [FINALIZER] }));
    const { body } = await client.get(AT);
    const watch = await client.watch(
      `${AT}?watch=1&resourceVersion=${body.metadata.resourceVersion}`,
    );
    expect((await client.delete(`${CRDS}/${CRD_NAME}`)).status).toBe(200);
    expect((await watch.rest()).map(({ type }) => type)).toEqual(['DELETED']);
    expect((await client.get(AT)).status).toBe(404);
    expect((await client.get(GROUP)).status).toBe(404);
    expect((await client.post(CRDS, crd())).status).toBe(201);
    expect(names((await client.get(AT)).body)).toEqual([]);
  });

  test('refuses a CRD that it does not understand, and says what', async () => {
    await client.delete(`${CRDS}/${CRD_NAME}`);
    const text = JSON.stringify(crd()).replaceAll('self == oldSelf', 'isURL(self)');
    const { status, body } = await client.post(CRDS, text);
    expect(status).toBe(422);
    expect(body.message).toContain('not understood by this embedded server');
    expect(body.message).toContain('isURL');
  });

  test('loads objects without the network, validated, status included', async () => {
    const loaded = { ...aResource('x', {}, { namespace: 'default' }), status: { scopeCount: 2 } };
    server.load([loaded]);
    expect((await client.get(`${AT}/x`)).body.status).toEqual({ scopeCount: 2 });
    const wrong = aResource('y', { identifier: 'a b' }, { namespace: 'default' });
    expect(() => server.load([wrong])).toThrow('spec.identifier in body should match');
  });

  test('answers direct requests by the same code, unseen by log and faults', async () => {
    server.faults.freeze();
    const made = await server.request('POST', AT, aResource('x'));
    expect(made.status).toBe(201);
    const patched = await server.request('PATCH', `${AT}/x/status`, { status: { scopeCount: 1 } });
    expect(patched.body).toMatchObject({ status: { scopeCount: 1 } });
    expect(server.requests).toEqual([]);
    server.faults.thaw();
  });

  test('keeps a log of what came over the network', async () => {
    await client.get(`${AT}?limit=7`, { 'user-agent': 'operator/1' });
    await client.patch(`${AT}/x/status`, { status: {} });
    expect(server.requests).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: AT,
        query: 'limit=7',
        userAgent: 'operator/1',
        status: 200,
      }),
      expect.objectContaining({ method: 'PATCH', status: 404 }),
    ]);
    expect(Object.fromEntries(server.counts)).toEqual({
      'list resourceservers': 1,
      'patch resourceservers/status': 1,
    });
  });

  test('refuses a body that is too large', async () => {
    const { status, body } = await client.post(AT, 'x'.repeat(3 * 1024 * 1024 + 1));
    expect(status).toBe(413);
    expect(body.reason).toBe('RequestEntityTooLarge');
  });

  test('can be down for a while, and remembers', async () => {
    await client.post(AT, aResource('x'));
    await server.takeDown();
    await expect(client.get(AT)).rejects.toThrow('fetch failed');
    await server.bringUp();
    expect(names((await client.get(AT)).body)).toEqual(['x']);
  });

  test('finishes the deletion of a namespace when its last object is gone', async () => {
    const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
    await client.post('/api/v1/namespaces', home);
    const team = `${GROUP}/namespaces/team/resourceservers`;
    await client.post(team, aResource('free'));
    await client.post(team, aResource('held', {}, { finalizers: [FINALIZER] }));
    await client.delete('/api/v1/namespaces/team');
    expect(names((await client.get(team)).body)).toEqual(['held']);
    await client.patch(`${team}/held`, { metadata: { finalizers: null } });
    expect((await client.get('/api/v1/namespaces/team')).status).toBe(404);
  });

  test('tolerates on update what was wrong before and has not changed', async () => {
    await client.post(AT, aResource('x', { name: 'Weather' }));
    const { body: known } = await client.get(`${CRDS}/${CRD_NAME}`);
    const stricter = JSON.parse(
      JSON.stringify(known).replace('^[A-Za-z0-9_ \\\\t', '^[0-9_ \\\\t'),
    ) as Body;
    expect((await client.put(`${CRDS}/${CRD_NAME}`, stricter)).status).toBe(200);
    const { status } = await client.patch(`${AT}/x`, { metadata: { finalizers: [FINALIZER] } });
    expect(status).toBe(200);
    expect((await client.patch(`${AT}/x`, { spec: { name: 'Other' } })).status).toBe(422);
  });
});

describe('an embedded API server with options', () => {
  test.each([
    ['at the interval it was given', 10],
    ['two seconds before the end', 60_000],
  ])('sends bookmarks %s', async (_, bookmarkMs) => {
    await start({ bookmarkMs });
    const path = `${AT}?watch=1&allowWatchBookmarks=true&timeoutSeconds=3`;
    const types = (await (await client.watch(path)).rest()).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(['BOOKMARK']));
    // One tells that the state so far is told, and one comes before the end.
    expect(types.length > 2).toBe(bookmarkMs < 3_000);
  });

  test('refuses initial events as an old server does', async () => {
    await start({ watchList: false });
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
    const { status, body } = await client.get(`${AT}?${query}`);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      reason: 'Invalid',
      message:
        'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents ' +
        'is forbidden for watch unless the WatchList feature gate is enabled',
    });
  });

  test('keeps as many changes as it was told', async () => {
    await start({ watchHistory: 2 });
    const revisions: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const { body } = await client.post(AT, aResource(name));
      revisions.push(body.metadata.resourceVersion ?? '');
    }
    const since = async (revision: string | undefined) => {
      const path = `${AT}?watch=1&timeoutSeconds=1&resourceVersion=${revision}`;
      return (await (await client.watch(path)).rest()).map(({ type }) => type);
    };
    expect(await since(revisions[0])).toEqual(['ADDED', 'ADDED']);
    await client.post(AT, aResource('d'));
    expect(await since(revisions[0])).toEqual(['ERROR']);
  });

  test('holds 25,000 objects and serves them in pages while they change', async () => {
    await start();
    const objects = Array.from({ length: 25_000 }, (_, n) =>
      aResource(`r-${String(n).padStart(5, '0')}`, {}, { namespace: 'default' }),
    );
    server.load(objects);
    const page = async (token: string): Promise<Body> =>
      (await client.get(`${AT}?limit=5000&continue=${token}`)).body;
    let seen = 0;
    let token = '';
    do {
      const body = await page(token);
      seen += body.items?.length ?? 0;
      token = body.metadata.continue ?? '';
      await client.patch(`${AT}/r-00000`, { spec: { name: `at ${seen}` } });
    } while (token !== '');
    expect(seen).toBe(25_000);
  });
});
