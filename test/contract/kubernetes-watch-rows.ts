/** Watches: what comes, from where, and how it ends. */
import { describe, expect, test } from 'vitest';
import type { Frame, KubernetesClient, WatchReader } from './kubernetes-client.ts';
import { CRDS, FINALIZER, GROUP, TABLE, type World } from './kubernetes-world.ts';

/** `ADDED x`, or `BOOKMARK` alone. */
const short = ({ type, object }: Frame): string =>
  [type, object.metadata.name].filter((part) => part !== undefined).join(' ');

async function now({ client, at }: World): Promise<string> {
  return (await client.get(`${at()}?limit=1`)).body.metadata.resourceVersion ?? '';
}

const revision = (frame: Frame | undefined): bigint =>
  BigInt(frame?.object.metadata.resourceVersion ?? 0);

const INITIAL_EVENTS = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';

/** What a watch says up to and without this object, which is made last. */
async function until(watch: WatchReader, last: string): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for (let frame = await watch.next(); frame !== undefined; frame = await watch.next()) {
    if (frame.object.metadata.name === last) break;
    frames.push(frame);
  }
  await watch.close();
  return frames;
}

/** Changes one object in every way there is. */
async function liveAndDie({ client, at, create }: World): Promise<void> {
  await create('x', {}, { labels: { tier: 'one' } });
  await client.patch(at('x'), { spec: { name: 'Weather' } });
  await client.patch(at('x'), { spec: { name: 'Weather' } });
  await client.patch(at('x'), { metadata: { labels: { tier: 'two' }, finalizers: [FINALIZER] } });
  await client.delete(at('x'));
  await client.patch(at('x'), { metadata: { finalizers: null } });
}

export function watchRows(world: () => World): void {
  followRows(world);
  selectionRows(world);
  endRows(world);
  beginRows(world);
}

function followRows(world: () => World): void {
  describe('a watch', () => {
    test('from a revision sees each change after it once, and no write that changed nothing', async () => {
      const { client, at, create } = world();
      const since = await now(world());
      const watch = await client.watch(`${at()}?watch=true&resourceVersion=${since}`);
      await liveAndDie(world());
      await create('last');
      expect((await until(watch, 'last')).map(short)).toEqual([
        'ADDED x',
        'MODIFIED x',
        'MODIFIED x',
        'MODIFIED x',
        'DELETED x',
      ]);
    });

    test('can be resumed where another one stopped', async () => {
      const { client, at, create } = world();
      const { metadata } = await create('x');
      await client.patch(at('x'), { spec: { name: 'Weather' } });
      await create('last');
      const watch = await client.watch(
        `${at()}?watch=true&resourceVersion=${metadata.resourceVersion}`,
      );
      const frames = await until(watch, 'last');
      expect(frames.map(short)).toEqual(['MODIFIED x']);
      expect(frames[0]?.object.spec).toMatchObject({ name: 'Weather' });
    });

    test('ends the life of an object with its last state and a new resourceVersion', async () => {
      const { client, at, create } = world();
      const { metadata } = await create('x', {}, { finalizers: [FINALIZER] });
      await client.delete(at('x'));
      await client.patch(at('x'), { metadata: { finalizers: null } });
      await create('last');
      const watch = await client.watch(
        `${at()}?watch=true&resourceVersion=${metadata.resourceVersion}`,
      );
      const [marked, gone] = await until(watch, 'last');
      expect(gone?.type).toBe('DELETED');
      expect(gone?.object.metadata.deletionTimestamp).toBeDefined();
      expect(revision(gone)).toBeGreaterThan(revision(marked));
    });

    test('of all namespaces sees this one', async () => {
      const { client, create, namespace } = world();
      const since = await now(world());
      const watch = await client.watch(
        `${GROUP}/resourceservers?watch=true&resourceVersion=${since}`,
      );
      await create('x');
      // Others may live on the same server.
      const last = `last-of-${namespace}`;
      await create(last);
      const frames = await until(watch, last);
      const ours = frames.filter((each) => each.object.metadata.namespace === namespace);
      expect(ours.map(short)).toEqual(['ADDED x']);
    });

    test('of a table repeats its columns only once', async () => {
      const { client, at, create } = world();
      const since = await now(world());
      await create('x');
      await create('y');
      const watch = await client.watch(`${at()}?watch=true&resourceVersion=${since}`, TABLE);
      const frames = [await watch.next(), await watch.next()];
      await watch.close();
      expect(frames.map((frame) => frame?.object.kind)).toEqual(['Table', 'Table']);
      expect(frames[0]?.object['columnDefinitions']).toHaveLength(11);
      expect(frames[1]?.object['columnDefinitions']).toBeNull();
    });
  });
}

function selectionRows(world: () => World): void {
  describe('a watch with a selector', () => {
    test.each([
      ['ceases to match as deleted', 'one', ['ADDED x', 'MODIFIED x', 'DELETED x']],
      ['begins to match as added', 'two', ['ADDED x', 'MODIFIED x', 'DELETED x']],
    ])('sees an object that %s', async (_, tier, want) => {
      const { client, at, create } = world();
      const since = await now(world());
      await liveAndDie(world());
      await create('last', {}, { labels: { tier } });
      const query = `resourceVersion=${since}&labelSelector=tier%3D${tier}`;
      const frames = await until(await client.watch(`${at()}?watch=true&${query}`), 'last');
      expect(frames.map(short)).toEqual(want);
      expect(frames.at(-1)?.object.metadata.labels).toEqual({ tier });
    });

    test('sees one object only when its name is asked for', async () => {
      const { client, at, create } = world();
      const since = await now(world());
      await create('x');
      await create('y');
      const query = `resourceVersion=${since}&fieldSelector=metadata.name%3Dy`;
      const watch = await client.watch(`${at()}?watch=true&${query}`);
      expect(short((await watch.next()) as Frame)).toBe('ADDED y');
      await watch.close();
    });
  });
}

function endRows(world: () => World): void {
  describe('the end of a watch', () => {
    test('comes after timeoutSeconds', async () => {
      const { client, at, create } = world();
      const since = await now(world());
      await create('x');
      const query = `resourceVersion=${since}&timeoutSeconds=1`;
      const watch = await client.watch(`${at()}?watch=true&${query}`);
      expect((await watch.rest()).map(short)).toEqual(['ADDED x']);
    });

    test('is an ERROR frame with 410 when the revision is forgotten', async () => {
      const { client, at } = world();
      const watch = await client.watch(`${at()}?watch=true&resourceVersion=1`);
      const frames = await watch.rest();
      expect(frames.map(({ type }) => type)).toEqual(['ERROR']);
      expect(frames[0]?.object).toMatchObject({ kind: 'Status', code: 410, reason: 'Expired' });
      expect(frames[0]?.object.message).toContain('too old resource version: 1 (');
    });

    test('comes when the CRD of its kind changes its schema, and not sooner', async () => {
      const { client } = world();
      await withGadgets(client, async (path) => {
        await client.patch(path, { metadata: { labels: { tier: 'one' } } });
        const watch = await client.watch(`${GADGETS}?watch=true&timeoutSeconds=120`);
        await client.post(GADGETS, aGadget('x'));
        expect(short((await watch.next()) as Frame)).toBe('ADDED x');
        await client.patch(path, { spec: gadgetSpec({ size: { type: 'integer' } }) });
        expect(await watch.rest()).toEqual([]);
      });
    });
  });
}

const GADGETS_GROUP = 'contract.cognito-operator.io';
const GADGETS = `/apis/${GADGETS_GROUP}/v1/gadgets`;

const aGadget = (name: string) => ({
  apiVersion: `${GADGETS_GROUP}/v1`,
  kind: 'Gadget',
  metadata: { name },
});

const gadgetSpec = (properties: object) => ({
  group: GADGETS_GROUP,
  names: { kind: 'Gadget', listKind: 'GadgetList', plural: 'gadgets', singular: 'gadget' },
  scope: 'Cluster',
  versions: [
    {
      name: 'v1',
      served: true,
      storage: true,
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties } },
        },
      },
    },
  ],
});

/** A kind of its own: to change that of everybody would end their watches too. */
async function withGadgets(
  client: KubernetesClient,
  run: (path: string) => Promise<void>,
): Promise<void> {
  const name = `gadgets.${GADGETS_GROUP}`;
  const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
  const spec = gadgetSpec({ colour: { type: 'string' } });
  expect((await client.post(CRDS, { ...crd, metadata: { name }, spec })).status).toBe(201);
  try {
    await expect.poll(async () => (await client.get(GADGETS)).status).toBe(200);
    await run(`${CRDS}/${name}`);
  } finally {
    await client.delete(`${CRDS}/${name}`);
  }
}

function beginRows(world: () => World): void {
  describe('the begin of a watch', () => {
    test.each([
      ['without a revision', ''],
      ['of any revision', '&resourceVersion=0'],
    ])('is the state so far %s', async (_, more) => {
      const { client, at, create } = world();
      await create('x');
      await create('y');
      const watch = await client.watch(`${at()}?watch=true${more}`);
      await create('last');
      expect((await until(watch, 'last')).map(short)).toEqual(['ADDED x', 'ADDED y']);
    });

    test('is the state so far and a marked bookmark when initial events are asked for', async () => {
      const { client, at, create } = world();
      const made = await create('x');
      const query = `${INITIAL_EVENTS}&allowWatchBookmarks=true`;
      const watch = await client.watch(`${at()}?watch=true&${query}`);
      expect(short((await watch.next()) as Frame)).toBe('ADDED x');
      const bookmark = await watch.next();
      expect(bookmark?.type).toBe('BOOKMARK');
      expect(bookmark?.object).toMatchObject({
        apiVersion: 'cognito-operator.io/v1',
        kind: 'ResourceServer',
      });
      expect(revision(bookmark)).toBeGreaterThanOrEqual(BigInt(made.metadata.resourceVersion ?? 0));
      expect(bookmark?.object.metadata.annotations).toEqual({
        'k8s.io/initial-events-end': 'true',
      });
      await create('y');
      expect(short((await watch.next()) as Frame)).toBe('ADDED y');
      await watch.close();
    });

    test.each([
      ['sendInitialEvents=true', 'sendInitialEvents requires setting resourceVersionMatch'],
      ['resourceVersionMatch=NotOlderThan', 'forbidden for watch unless sendInitialEvents'],
    ])('with ?%s is refused', async (query, want) => {
      const { client, at } = world();
      const { status, body } = await client.get(`${at()}?watch=true&${query}`);
      expect(status).toBe(422);
      expect(body.message).toContain(want);
    });
  });
}
