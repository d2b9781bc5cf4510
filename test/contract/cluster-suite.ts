/** What every implementation of the Cluster port promises. */
import { beforeEach, describe, expect, test } from 'vitest';
import { FINALIZER } from '../../src/api/names.ts';
import type { Call, Cluster, Frame } from '../../src/ports.ts';

export interface ClusterSubject {
  readonly cluster: Cluster;
  /** Two namespaces without resources. */
  readonly namespaces: readonly [string, string];
  /** Somebody else, with kubectl. */
  create(manifest: object): Promise<void>;
  remove(namespace: string, name: string): Promise<void>;
}

interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly finalizers?: readonly string[];
  };
  readonly spec: { readonly name?: string };
  readonly status: { readonly scopeCount?: number; readonly observedGeneration: number };
}

export function manifestOf(namespace: string, name: string): object {
  return {
    apiVersion: 'cognito-operator.io/v1',
    kind: 'ResourceServer',
    metadata: { namespace, name },
    spec: { userPoolId: 'eu-west-1_AbCdEfGhI', identifier: `https://${name}.example.com` },
  };
}

const never = new AbortController().signal;
const call: Call = { signal: never, guard: () => undefined };
const gone = { kind: 'Failed', failure: { kind: 'Gone' } };
const conflict = { kind: 'Failed', failure: { kind: 'Conflict' } };

export function describeCluster(name: string, start: () => Promise<ClusterSubject>): void {
  describe(`cluster: ${name}`, () => {
    let subject: ClusterSubject;
    let key: string;
    beforeEach(async () => {
      subject = await start();
      key = `${subject.namespaces[0]}/weather`;
    });

    const create = async (resource = 'weather', namespace = subject.namespaces[0]) => {
      await subject.create(manifestOf(namespace, resource));
      return read(`${namespace}/${resource}`);
    };
    const read = async (of = key): Promise<Stored> => {
      const answer = await subject.cluster.read(of, never);
      if (answer.kind === 'Failed') throw new Error(answer.failure.kind);
      return answer.value as Stored;
    };

    describe('a read', () => {
      test('gives the resource as it is stored', async () => {
        expect(await create()).toMatchObject({
          kind: 'ResourceServer',
          metadata: { name: 'weather', generation: 1 },
          spec: { identifier: 'https://weather.example.com', deletionPolicy: 'DeleteIfCreated' },
          status: { observedGeneration: -1 },
        });
      });

      test('of what is not there says so', async () => {
        expect(await subject.cluster.read(key, never)).toEqual(gone);
      });
    });

    describe('a patch of the object', () => {
      test('sets what it names, and answers with the result', async () => {
        const { metadata } = await create();
        const { resourceVersion } = metadata;
        const patch = { metadata: { resourceVersion, finalizers: [FINALIZER] } };
        expect(await subject.cluster.patchObject(key, patch, call)).toMatchObject({
          kind: 'Answered',
          value: { metadata: { uid: metadata.uid, finalizers: [FINALIZER] } },
        });
        expect((await read()).metadata.finalizers).toEqual([FINALIZER]);
      });

      test('is refused when somebody wrote since, and changes nothing', async () => {
        const { metadata } = await create();
        const { resourceVersion } = metadata;
        const patch = { metadata: { resourceVersion, finalizers: [FINALIZER] } };
        await subject.cluster.patchObject(key, patch, call);
        const late = { metadata: { resourceVersion, finalizers: null } };
        expect(await subject.cluster.patchObject(key, late, call)).toEqual(conflict);
        expect((await read()).metadata.finalizers).toEqual([FINALIZER]);
      });

      test('meant for another object of that name finds it gone', async () => {
        await create();
        const patch = { metadata: { uid: '00000000-0000-4000-8000-000000000000', finalizers: [] } };
        expect(await subject.cluster.patchObject(key, patch, call)).toEqual(gone);
      });

      test('of what is not there says so', async () => {
        expect(await subject.cluster.patchObject(key, { metadata: {} }, call)).toEqual(gone);
        expect(await subject.cluster.patchStatus(key, { status: {} }, call)).toEqual(gone);
      });

      test('leaves everything as it was when it changes nothing', async () => {
        await create();
        const patch = { metadata: { finalizers: [FINALIZER] } };
        await subject.cluster.patchObject(key, patch, call);
        const before = await read();
        await subject.cluster.patchObject(key, patch, call);
        expect(await read()).toEqual(before);
      });
    });

    describe('a patch of the status', () => {
      test('sets and clears what it names, and touches nothing else', async () => {
        const { metadata } = await create();
        const set = {
          spec: { name: 'Stolen' },
          status: { scopeCount: 3, recordUID: metadata.uid },
        };
        await subject.cluster.patchStatus(key, set, call);
        const after = await read();
        expect(after.status).toEqual({
          observedGeneration: -1,
          scopeCount: 3,
          recordUID: metadata.uid,
        });
        expect([after.spec.name, after.metadata.generation]).toEqual([undefined, 1]);
        await subject.cluster.patchStatus(key, { status: { recordUID: null } }, call);
        expect((await read()).status).toEqual({ observedGeneration: -1, scopeCount: 3 });
      });

      test('is refused when somebody wrote since, and changes nothing', async () => {
        const { resourceVersion } = (await create()).metadata;
        await subject.cluster.patchStatus(key, { status: { scopeCount: 1 } }, call);
        const late = { metadata: { resourceVersion }, status: { scopeCount: 2 } };
        expect(await subject.cluster.patchStatus(key, late, call)).toEqual(conflict);
        expect((await read()).status.scopeCount).toBe(1);
      });
    });

    test('a withheld patch changes nothing, and tells why', async () => {
      const before = await create();
      const held: Call = { signal: never, guard: () => 'NotLeader' };
      const unsent = { kind: 'Failed', failure: { kind: 'NotSent', withheld: 'NotLeader' } };
      const patch = { metadata: { finalizers: [FINALIZER] }, status: { scopeCount: 1 } };
      expect(await subject.cluster.patchObject(key, patch, held)).toMatchObject(unsent);
      expect(await subject.cluster.patchStatus(key, patch, held)).toMatchObject(unsent);
      expect(await read()).toEqual(before);
    });

    test('a patch whose signal is aborted beforehand is not sent', async () => {
      const before = await create();
      const late: Call = { signal: AbortSignal.abort(), guard: () => undefined };
      expect(
        await subject.cluster.patchStatus(key, { status: { scopeCount: 1 } }, late),
      ).toMatchObject({ kind: 'Failed', failure: { kind: 'NotSent', withheld: undefined } });
      expect(await read()).toEqual(before);
    });

    describe('a list', () => {
      const list = async (namespace: string | undefined, limit: number) => {
        const names: string[] = [];
        const pages: number[] = [];
        let continueToken: string | undefined;
        do {
          const feed = subject.cluster.feed(namespace);
          const answer = await feed.list({ limit, continueToken }, never);
          if (answer.kind === 'Failed') throw new Error(answer.failure.kind);
          const items = answer.value.items as readonly Stored[];
          names.push(...items.map(({ metadata }) => metadata.name));
          pages.push(items.length);
          ({ continueToken } = answer.value);
        } while (continueToken !== undefined);
        return { names: names.toSorted(), pages };
      };

      test('gives all resources, page by page', async () => {
        for (const resource of ['a', 'b', 'c', 'd', 'e']) await create(resource);
        expect(await list(subject.namespaces[0], 2)).toEqual({
          names: ['a', 'b', 'c', 'd', 'e'],
          pages: [2, 2, 1],
        });
      });

      test('of one namespace leaves out the others, of all does not', async () => {
        const [here, there] = subject.namespaces;
        await create('a', here);
        await create('b', there);
        expect((await list(there, 10)).names).toEqual(['b']);
        expect((await list(undefined, 10)).names).toEqual(expect.arrayContaining(['a', 'b']));
      });
    });

    describe('a watch', () => {
      const versionNow = async (): Promise<string> => {
        const feed = subject.cluster.feed(subject.namespaces[0]);
        const answer = await feed.list({ limit: 1, continueToken: undefined }, never);
        if (answer.kind === 'Failed') throw new Error(answer.failure.kind);
        return answer.value.resourceVersion;
      };
      const watch = (resourceVersion: string, signal: AbortSignal, timeoutSeconds = 60) =>
        subject.cluster
          .feed(subject.namespaces[0])
          .watch(
            { resourceVersion, sendInitialEvents: resourceVersion === '', timeoutSeconds },
            signal,
          );
      const told = (frame: Frame) =>
        'object' in frame ? `${frame.kind} ${(frame.object as Stored).metadata.name}` : frame.kind;
      const take = async (frames: AsyncIterable<Frame>, count: number) => {
        const seen: Frame[] = [];
        for await (const frame of frames) if (seen.push(frame) === count) break;
        return seen;
      };

      test('tells each change since the version it begins at, in order', async () => {
        const version = await versionNow();
        await create();
        await subject.cluster.patchStatus(key, { status: { scopeCount: 1 } }, call);
        await subject.remove(subject.namespaces[0], 'weather');
        expect((await take(watch(version, never), 3)).map(told)).toEqual([
          'Added weather',
          'Modified weather',
          'Deleted weather',
        ]);
      });

      test('ends without a last frame when its signal aborts', async () => {
        const stop = new AbortController();
        const version = await versionNow();
        await create();
        const seen: string[] = [];
        for await (const frame of watch(version, stop.signal)) {
          seen.push(told(frame));
          stop.abort();
        }
        expect(seen).toEqual(['Added weather']);
      });

      test('aborted beforehand, tells nothing', async () => {
        expect(await take(watch(await versionNow(), AbortSignal.abort()), 1)).toEqual([]);
      });

      test('ends without a last frame when its time is over', async () => {
        const version = await versionNow();
        await create();
        const frames = await take(watch(version, never, 1), 1_000);
        expect(frames.map(told).filter((each) => each !== 'Bookmark')).toEqual(['Added weather']);
      });

      test('can begin with the state, and says where that ends', async () => {
        await create('a');
        await create('b');
        const frames = await take(watch('', never), 3);
        expect(frames.slice(0, 2).map(told).toSorted()).toEqual(['Added a', 'Added b']);
        expect(frames[2]).toMatchObject({ kind: 'Bookmark', initialEventsEnd: true });
      });
    });
  });
}
