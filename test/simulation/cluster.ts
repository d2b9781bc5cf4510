/** The Cluster port on simulated objects: lists in pages, watches with bookmarks, patches. */
import type { KubernetesFailure } from '../../src/core/failure.ts';
import {
  type Answer,
  answered,
  type Clock,
  type Cluster,
  type Feed,
  type Frame,
  type ListPage,
  type ListRequest,
  type WatchRequest,
} from '../../src/ports.ts';
import { documentOf, WHOLE_CRD } from '../support/crd.ts';
import { type Crossing, cross, type Journey, type Life, never, type Road } from './journey.ts';
import { type Change, frameOf, type Objects, type StoredObject } from './objects.ts';

export interface KubernetesRequest {
  readonly verb: 'list' | 'read' | 'patchObject' | 'patchStatus';
  readonly key: string;
  readonly patch: object;
}

export type KubernetesRoad = Road<KubernetesRequest, KubernetesFailure>;

export interface ClusterParts {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly life: Life;
  readonly road: KubernetesRoad;
  /** What each way takes on a quiet day. */
  readonly journey: Pick<Journey<never>, 'outMs' | 'backMs'>;
  /** A stream that breaks tells this first. */
  readonly breaks: Set<() => void>;
}

const DEADLINE_MS = 10_000;
const SCHEMA = documentOf(WHOLE_CRD);
const BOOKMARK_MS = 60_000;
const SILENCE: KubernetesFailure = {
  kind: 'KubernetesFailed',
  answered: false,
  status: undefined,
  message: 'no answer',
  retryAfterMs: undefined,
};

/** What a server in trouble answers. */
export function refused(status: number, retryAfterMs?: number): KubernetesFailure {
  const message = `said ${status}`;
  return { kind: 'KubernetesFailed', answered: true, status, message, retryAfterMs };
}

export function createSimulatedCluster(parts: ClusterParts): Cluster {
  const { objects } = parts;
  const send = <T>(
    request: KubernetesRequest,
    call: Parameters<Cluster['patchObject']>[2],
    arrive: () => Answer<T, KubernetesFailure>,
  ) => cross(crossingOf(parts, request), call, arrive);
  return {
    feed: (namespace) => createFeed(parts, namespace),
    read: (key, signal) =>
      send({ verb: 'read', key, patch: {} }, free(signal), () => found(objects.get(key))),
    patchObject: (key, patch, call) =>
      send({ verb: 'patchObject', key, patch }, call, () =>
        copied(objects.patchObject(key, patch, 'Operator')),
      ),
    patchStatus: (key, patch, call) =>
      send({ verb: 'patchStatus', key, patch }, call, () =>
        copied(objects.patchStatus(key, patch, 'Operator')),
      ),
    schema: async () => answered(SCHEMA),
  };
}

function crossingOf(
  { clock, life, road, journey }: ClusterParts,
  request: KubernetesRequest,
): Crossing<KubernetesFailure> {
  const quiet = { ...journey, fate: 'Arrives' } as const;
  return {
    clock,
    life,
    deadlineMs: DEADLINE_MS,
    silence: SILENCE,
    journey: () => ({ ...quiet, ...road(request) }),
  };
}

function free(signal: AbortSignal) {
  return { signal, guard: () => undefined };
}

function found(object: StoredObject | undefined): Answer<unknown, KubernetesFailure> {
  return object === undefined
    ? { kind: 'Failed', failure: { kind: 'Gone' } }
    : answered(structuredClone(object));
}

function copied(written: Answer<StoredObject, KubernetesFailure>): typeof written {
  return written.kind === 'Answered' ? answered(structuredClone(written.value)) : written;
}

/* ----------------------------------------------------------------- the feed */

interface Snapshot {
  readonly items: readonly StoredObject[];
  readonly resourceVersion: string;
}

function createFeed(parts: ClusterParts, namespace: string | undefined): Feed {
  const snapshots = new Map<string, Snapshot>();
  return {
    list: (request, signal) => {
      const asked = { verb: 'list', key: namespace ?? '', patch: {} } as const;
      return cross(crossingOf(parts, asked), free(signal), () =>
        answered(pageOf(parts.objects, namespace, snapshots, request)),
      );
    },
    watch: (request, signal) => watch(parts, namespace, request, signal),
  };
}

/** All pages are of one moment; a token is the snapshot and how far one came. */
function pageOf(
  objects: Objects,
  namespace: string | undefined,
  snapshots: Map<string, Snapshot>,
  { limit, continueToken }: ListRequest,
): ListPage {
  const [version = '', start = '0'] = continueToken?.split('/') ?? [];
  const snapshot = snapshots.get(version) ?? {
    items: objects.all().filter((each) => isIn(namespace, each)),
    resourceVersion: String(objects.version),
  };
  const { resourceVersion } = snapshot;
  snapshots.set(resourceVersion, snapshot);
  const end = Number(start) + limit;
  const items = structuredClone(snapshot.items.slice(Number(start), end));
  const isLast = end >= snapshot.items.length;
  if (isLast) snapshots.delete(resourceVersion);
  return {
    items,
    resourceVersion,
    continueToken: isLast ? undefined : `${resourceVersion}/${end}`,
  };
}

function isIn(namespace: string | undefined, { metadata }: StoredObject): boolean {
  return namespace === undefined || namespace === metadata.namespace;
}

const EXPIRED: Frame = {
  kind: 'Error',
  status: 410,
  reason: 'Expired',
  message: 'too old resource version',
  retryAfterMs: undefined,
};

async function* watch(
  parts: ClusterParts,
  namespace: string | undefined,
  request: WatchRequest,
  signal: AbortSignal,
): AsyncGenerator<Frame> {
  if (parts.life.isOver) await never();
  const first = beginning(parts.objects, namespace, request);
  const stream = openStream(parts, namespace, first ?? [EXPIRED], first === undefined);
  const over = parts.clock.deadline(request.timeoutSeconds * 1_000, signal);
  over.signal.addEventListener('abort', stream.end);
  if (over.signal.aborted) stream.end();
  try {
    for (let frame = await stream.next(); frame !== undefined; frame = await stream.next()) {
      if (parts.life.isOver) await never();
      yield frame;
    }
  } finally {
    stream.close();
    over.cancel();
  }
}

/** `undefined`: the version is too old to begin at. */
function beginning(
  objects: Objects,
  namespace: string | undefined,
  { resourceVersion, sendInitialEvents }: WatchRequest,
): readonly Frame[] | undefined {
  const isOurs = (change: Change) => isIn(namespace, change.object);
  if (!sendInitialEvents)
    return objects.since(Number(resourceVersion))?.filter(isOurs).map(frameOf);
  const there = objects.all().filter((each) => isIn(namespace, each));
  const added = there.map(
    (object) => ({ kind: 'Added', object: structuredClone(object) }) as const,
  );
  return [...added, { ...bookmark(objects), initialEventsEnd: true }];
}

function bookmark(objects: Objects) {
  const resourceVersion = String(objects.version);
  return { kind: 'Bookmark', resourceVersion, initialEventsEnd: false } as const;
}

interface Stream {
  /** `undefined`: it ended. */
  next(): Promise<Frame | undefined>;
  readonly end: () => void;
  close(): void;
}

function openStream(
  { objects, clock, breaks }: ClusterParts,
  namespace: string | undefined,
  first: readonly Frame[],
  isFinal: boolean,
): Stream {
  const frames = [...first];
  const ended = new AbortController();
  let isLast = isFinal;
  let news = Promise.withResolvers<void>();
  const push = (frame: Frame): void => {
    frames.push(frame);
    news.resolve();
  };
  const end = (): void => {
    ended.abort();
    news.resolve();
  };
  const snap = (): void => {
    isLast = true;
    push({ kind: 'Broken', message: 'the connection was reset' });
  };
  const leave = objects.onChange((change) => {
    if (isIn(namespace, change.object)) push(frameOf(change));
  });
  breaks.add(snap);
  void (async () => {
    for (;;) {
      await clock.sleep(BOOKMARK_MS, ended.signal);
      if (ended.signal.aborted) return;
      push(bookmark(objects));
    }
  })();
  return {
    async next() {
      while (!ended.signal.aborted) {
        const frame = frames.shift();
        if (isLast && frame?.kind !== 'Added' && frames.length === 0) ended.abort();
        if (frame !== undefined) return frame;
        if (ended.signal.aborted) return undefined;
        news = Promise.withResolvers();
        await news.promise;
      }
      return undefined;
    },
    end,
    close() {
      end();
      leave();
      breaks.delete(snap);
    },
  };
}
