/** Lists and watches as nobody else asks for them: both servers must understand the same. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, createClient, type KubernetesHandle } from '../contract/kubernetes-client.ts';
import { aResource, expectStatus, GROUP, installCrd } from '../contract/kubernetes-world.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../sandbox/kubernetes/server.ts';
import { waitFor } from '../support/wait.ts';
import { describeOnCluster } from './on-cluster.ts';

const LABELS: readonly string[] = [
  '',
  ' ',
  'app',
  '!app',
  'app=a',
  'app==a',
  'app!=a',
  ' app ',
  'app  =  a',
  'app=',
  '!',
  ',',
  'app,',
  'app,,tier',
  'app=,tier=one',
  '=a',
  'app=a=b',
  '!app=a',
  'app=a b',
  'a b',
  '(app)',
  'app in (a,b)',
  'app in(a)',
  'app notin (a,b)',
  'app in ()',
  'app notin ()',
  'app in (a',
  'app in a',
  'app in (a b)',
  'app in (,a)',
  'app in (a,)',
  'app in (a,,b)',
  'app=(a)',
  'in in (in)',
  'notin',
  'num>2',
  'num<3',
  'num>x',
  'num >= 2',
  'num>-1',
  'app>1',
  'app!in(a)',
  'app != a , tier = one',
  'app=é',
  'é=a',
  'x/y/z',
  '/x',
  'example.com/app=a',
  'constructor',
  `app=${'x'.repeat(64)}`,
];

const FIELDS: readonly string[] = [
  'metadata.name=a',
  'metadata.name==a',
  'metadata.name!=a',
  'metadata.name',
  'metadata.name=',
  'metadata.name=a,metadata.name=b',
  'metadata.name=a,',
  ',',
  '=',
  'metadata.namespace=other',
  'spec.identifier=https://a.example.com',
  'spec.userPoolId!=x',
  'spec.nowhere=x',
  'status=x',
  'metadata.name in (a)',
  'metadata.uid=x',
  'metadata.name=a\\,b',
  'metadata.name=\\x',
  'constructor=x',
  'spec.identifier=a\\=b',
];

const OPTIONS: readonly string[] = [
  'limit=0',
  'limit=-1',
  'limit=2',
  'limit=x',
  'limit=',
  'limit=1.5',
  'limit=2&resourceVersion=0',
  'limit=9999999999999999999',
  'resourceVersion=',
  'resourceVersion=0',
  'resourceVersion=-1',
  'resourceVersion=1.5',
  'continue=',
  'resourceVersion=0&resourceVersionMatch=Exact',
  'resourceVersionMatch=NotOlderThan',
  'resourceVersion=0&resourceVersionMatch=NotOlderThan',
  'resourceVersionMatch=',
  'continue=e30',
  'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjIiLCJydiI6MX0',
  'watch=false',
  'watch=0',
  'timeoutSeconds=x',
  'timeoutSeconds=5',
  'sendInitialEvents=false',
  'unknown=x',
  'pretty=true',
];

const WATCHES: readonly string[] = [
  'sendInitialEvents=true&resourceVersionMatch=Exact',
  'sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
  'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
  'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=99999999',
  'sendInitialEvents=false&resourceVersionMatch=NotOlderThan',
  'sendInitialEvents=x',
  'resourceVersion=abc',
  'resourceVersion=99999999',
  'continue=abc',
  'allowWatchBookmarks=x',
  'allowWatchBookmarks=true',
  'allowWatchBookmarks=false',
  'limit=1',
  'resourceVersion=0&allowWatchBookmarks=true',
  'resourceVersionMatch=Exact&resourceVersion=1',
  'fieldSelector=x%3Dy',
  'labelSelector=%3D',
  'fieldSelector=metadata.name%3Da',
];

const LISTS = [
  ...LABELS.map((text) => `labelSelector=${encodeURIComponent(text)}`),
  ...FIELDS.map((text) => `fieldSelector=${encodeURIComponent(text)}`),
  ...OPTIONS,
];

describeOnCluster('a query', (admin) => {
  const path = `${GROUP}/namespaces/queries-${randomUUID().slice(0, 8)}/resourceservers`;
  let embedded: EmbeddedKubernetes;
  let both: readonly KubernetesHandle[] = [];

  beforeAll(async () => {
    embedded = await startKubernetes();
    const { url, token, close } = embedded;
    const headers = { authorization: `Bearer ${token}` };
    both = [{ url, headers, fetch, stop: close }, admin.handle()];
    await installCrd(admin.client);
    for (const handle of both) await populate(handle, path);
  });
  afterAll(async () => embedded?.close());

  test.concurrent.each(LISTS)('for a list with ?%s is answered alike', async (query) => {
    const ask = async (handle: KubernetesHandle) =>
      shownList(await createClient(handle).get(`${path}?${query}`));
    const [ours, real] = await Promise.all(both.map(ask));
    expect(ours).toEqual(real);
  });

  test.concurrent.each(WATCHES)('for a watch with ?%s is answered alike', async (query) => {
    const ask = async ({ url, headers, fetch: get }: KubernetesHandle) => {
      const response = await get(`${url}${path}?watch=true&timeoutSeconds=5&${query}`, { headers });
      const frames = (await response.text()).trim().split('\n').map(shownFrame);
      return [response.status, ...frames.filter((frame) => frame !== PLAIN_BOOKMARK)];
    };
    const [ours, real] = await Promise.all(both.map(ask));
    expect(ours).toEqual(real);
  });
});

async function populate(handle: KubernetesHandle, path: string): Promise<void> {
  const client = createClient(handle);
  const [, , , , namespace = ''] = path.split('/').slice(1);
  expectStatus(await client.post('/api/v1/namespaces', { metadata: { name: namespace } }), 201);
  for (const [at, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    const labels = { app: name, tier: at < 2 ? 'one' : 'two', num: String(at + 1) };
    const meta = name === 'e' ? {} : { labels };
    const spec = { identifier: `https://${name}.example.com` };
    expectStatus(await client.post(path, aResource(name, spec, meta)), 201);
  }
  await waitFor('the cache to know them', async () => {
    const { body } = await client.get(`${path}?resourceVersion=0`);
    return body.items?.length === 5;
  });
}

/** Revisions differ between servers, and so does what names them. */
const withoutNumbers = (text = ''): string => text.replaceAll(/(version|current): \d+/g, '$1: N');

function shownList({ status, body }: Answer): unknown {
  if (body.items === undefined) return [status, body.reason, withoutNumbers(body.message)];
  const { continue: token = '', remainingItemCount } = body.metadata;
  const names = body.items.map(({ metadata }) => metadata.name);
  return [status, names, token !== '', remainingItemCount];
}

/** They come when they come. */
const PLAIN_BOOKMARK = 'bookmark';

function shownFrame(line: string): unknown {
  if (line === '') return 'nothing';
  const { type, object, reason, message } = JSON.parse(line);
  if (type === 'BOOKMARK' && object.metadata.annotations === undefined) return PLAIN_BOOKMARK;
  const said = [reason ?? object?.reason, withoutNumbers(message ?? object?.message)];
  return [type, object?.metadata?.name, object?.metadata?.annotations, ...said];
}
