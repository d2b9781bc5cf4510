/** The faults that tests inject do to a client what a bad network and a bad server do. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultedRequest } from '../sandbox/kubernetes/edge/fault-rules.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../sandbox/kubernetes/server.ts';
import { createClient, type KubernetesClient, type WatchReader } from './kubernetes-client.ts';
import { aResource, GROUP } from './kubernetes-world.ts';

const AT = `${GROUP}/namespaces/default/resourceservers`;

let server: EmbeddedKubernetes;
let client: KubernetesClient;

beforeEach(async () => {
  server = await startKubernetes();
  client = createClient({ url: server.url, headers: {}, fetch, stop: server.close });
});
afterEach(async () => server.close());

const isCreate = ({ verb, resource }: FaultedRequest): boolean =>
  verb === 'create' && resource === 'resourceservers';

const exists = async (name: string): Promise<boolean> =>
  (await server.request('GET', `${AT}/${name}`)).status === 200;

/** Settles with `pending` when nothing has happened after the loop has turned a few times. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  const settled = promise.then(
    () => 'answered',
    () => 'failed',
  );
  const turns = async (): Promise<string> => {
    for (let turn = 0; turn < 20; turn += 1) await client.get('/healthz').catch(() => undefined);
    return 'pending';
  };
  return Promise.race([settled, turns()]);
}

describe('a rule', () => {
  test('answers with its own status, headers and words, as often as it was told', async () => {
    const rule = server.faults.inject({
      match: isCreate,
      times: 1,
      action: {
        kind: 'status',
        code: 429,
        reason: 'TooManyRequests',
        message: 'slow down',
        headers: { 'Retry-After': '3' },
      },
    });
    const refused = await client.post(AT, aResource('x'));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3');
    expect(refused.body).toMatchObject({ kind: 'Status', message: 'slow down' });
    expect((await client.post(AT, aResource('x'))).status).toBe(201);
    expect(rule.hits).toBe(1);
  });

  test('answers with what is no API answer at all', async () => {
    const action = { kind: 'raw', code: 502, body: '<h1>Bad Gateway</h1>' } as const;
    server.faults.inject({ match: () => true, action });
    const { status, body } = await client.get(AT);
    expect(status).toBe(502);
    expect(body.message).toBe('<h1>Bad Gateway</h1>');
  });

  test('resets the connection before anything was done', async () => {
    server.faults.inject({ match: isCreate, action: { kind: 'resetBefore' } });
    await expect(client.post(AT, aResource('x'))).rejects.toThrow('fetch failed');
    expect(await exists('x')).toBe(false);
    expect(server.requests.at(-1)?.status).toBe(0);
  });

  test('resets the connection after all was done', async () => {
    server.faults.inject({ match: isCreate, action: { kind: 'resetAfter' } });
    await expect(client.post(AT, aResource('x'))).rejects.toThrow('fetch failed');
    expect(await exists('x')).toBe(true);
  });

  test.each([
    ['hangBefore', false],
    ['hangAfter', true],
  ] as const)('%s never answers', async (kind, isApplied) => {
    server.faults.inject({ match: isCreate, action: { kind } });
    const answer = client.post(AT, aResource('x'));
    expect(await stateOf(answer)).toBe('pending');
    expect(await exists('x')).toBe(isApplied);
    await server.close();
    await expect(answer).rejects.toThrow('fetch failed');
  });

  test('delays and then goes on', async () => {
    server.faults.inject({ match: isCreate, action: { kind: 'delay', ms: 20 } });
    expect((await client.post(AT, aResource('x'))).status).toBe(201);
  });

  test('ends when it is removed', async () => {
    const rule = server.faults.inject({ match: () => true, action: { kind: 'resetBefore' } });
    rule.remove();
    expect((await client.get(AT)).status).toBe(200);
  });

  test('sees what the request is about', async () => {
    const seen: FaultedRequest[] = [];
    const stop = server.faults.onRequest((request, stage) => {
      if (stage === 'applied') seen.push(request);
    });
    await client.patch(`${AT}/x/status?dryRun=All`, { status: { scopeCount: 1 } });
    stop();
    await client.get(AT);
    expect(seen).toEqual([
      expect.objectContaining({
        verb: 'patch',
        group: 'cognito-operator.io',
        resource: 'resourceservers',
        subresource: 'status',
        namespace: 'default',
        name: 'x',
        body: { status: { scopeCount: 1 } },
      }),
    ]);
  });
});

describe('a held request', () => {
  test('waits before it is applied until it is released', async () => {
    const caught = server.faults.hold(isCreate);
    const answer = client.post(AT, aResource('x'));
    const held = await caught;
    expect(held.request.verb).toBe('create');
    expect(await exists('x')).toBe(false);
    held.release();
    expect((await answer).status).toBe(201);
  });

  test('waits after it was applied, and can be dropped unanswered', async () => {
    const caught = server.faults.hold(isCreate, 'after');
    const answer = client.post(AT, aResource('x'));
    const held = await caught;
    expect(await exists('x')).toBe(true);
    held.drop();
    await expect(answer).rejects.toThrow('fetch failed');
  });

  test('is one only: the next goes through', async () => {
    const caught = server.faults.hold(isCreate);
    const first = client.post(AT, aResource('x'));
    const held = await caught;
    expect((await client.post(AT, aResource('y'))).status).toBe(201);
    held.release();
    expect((await first).status).toBe(201);
  });
});

describe('a denial', () => {
  test('is 403 in the words of a real server, and access reviews know it', async () => {
    const denial = server.faults.deny('list', 'resourceservers');
    const { status, body } = await client.get(`${GROUP}/resourceservers`);
    expect(status).toBe(403);
    expect(body).toMatchObject({
      reason: 'Forbidden',
      message:
        'resourceservers.cognito-operator.io is forbidden: User "sandbox" cannot list resource ' +
        '"resourceservers" in API group "cognito-operator.io" at the cluster scope',
    });
    const review = await client.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      spec: { resourceAttributes: { verb: 'list', resource: 'resourceservers' } },
    });
    expect(review.body.status).toEqual({ allowed: false });
    denial.remove();
    expect((await client.get(AT)).status).toBe(200);
  });

  test('can be of a subresource alone', async () => {
    server.faults.deny('patch', 'resourceservers/status');
    await client.post(AT, aResource('x'));
    expect((await client.patch(`${AT}/x`, { spec: { name: 'Weather' } })).status).toBe(200);
    const { status, body } = await client.patch(`${AT}/x/status`, { status: {} });
    expect(status).toBe(403);
    expect(body.message).toContain(
      'cannot patch resource "resourceservers/status" in API group "cognito-operator.io" in the ' +
        'namespace "default"',
    );
  });
});

describe('open watches', () => {
  let watch: WatchReader;

  beforeEach(async () => {
    watch = await client.watch(`${AT}?watch=1&resourceVersion=${await revision()}`);
  });

  async function revision(): Promise<string> {
    return (await client.get(AT)).body.metadata.resourceVersion ?? '';
  }

  const create = (name: string) => server.request('POST', AT, aResource(name));

  test('are counted', () => {
    expect(server.faults.openWatches).toBe(1);
  });

  test('can be cut', async () => {
    server.faults.cutWatches();
    await expect(watch.next()).rejects.toThrow('terminated');
    await expect.poll(() => server.faults.openWatches).toBe(0);
  });

  test('can be ended cleanly', async () => {
    server.faults.endWatches();
    expect(await watch.next()).toBeUndefined();
  });

  test('can be ended by an ERROR frame', async () => {
    server.faults.failWatches(410, 'Expired', 'too old resource version');
    const frames = await watch.rest();
    expect(frames).toEqual([
      { type: 'ERROR', object: expect.objectContaining({ kind: 'Status', code: 410 }) },
    ]);
  });

  test('can be stalled: neither a byte nor an end, while new ones work', async () => {
    server.faults.stallWatches();
    const silent = watch.next();
    await create('x');
    server.faults.endWatches();
    expect(await stateOf(silent)).toBe('pending');
    const fresh = await client.watch(`${AT}?watch=1`);
    expect((await fresh.next())?.object.metadata.name).toBe('x');
    await Promise.all([fresh.close(), watch.close()]);
    await expect(silent).rejects.toThrow('aborted');
  });

  test('can be given garbage instead of the next frame', async () => {
    server.faults.garbleNextFrame('{"type":"ADDED","obj\n');
    await create('x');
    await create('y');
    await expect(watch.next()).rejects.toThrow('JSON');
    expect((await watch.next())?.object.metadata.name).toBe('y');
    await watch.close();
  });

  test('get all they missed when a frozen server thaws', async () => {
    server.faults.freeze();
    await create('x');
    const frame = watch.next();
    const list = client.get(AT);
    await server.request('GET', AT);
    server.faults.thaw();
    expect((await frame)?.object.metadata.name).toBe('x');
    expect((await list).status).toBe(200);
    await watch.close();
  });
});
