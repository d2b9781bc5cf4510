/**
 * The Feed port on simulated objects: lists in pages, watches with bookmarks. A stream keeps its
 * order whatever befalls it; how late its frames come, and how it ends, is its road's choice.
 */

import type { KubernetesFailure } from '../../src/core/failure.ts';
import {
  type Answer,
  answered,
  type Feed,
  type Frame,
  failed,
  type ListPage,
  type ListRequest,
  type WatchRequest,
} from '../../src/ports.ts';
import { deliver, never } from './journey.ts';
import { type Change, frameOf, type Objects, type StoredObject } from './objects.ts';
import {
  type ClusterParts,
  type ErrorFrame,
  free,
  refused,
  send,
  type WatchFate,
} from './requests.ts';
import type { Cancel } from './virtual-time.ts';

const BOOKMARK_MS = 60_000;
const EXPIRED = errorFrame(410, 'Expired', 'too old resource version');

export function errorFrame(status: number, reason: string, message: string): ErrorFrame {
  return { kind: 'Error', status, reason, message, retryAfterMs: undefined };
}

export function createFeed(parts: ClusterParts, namespace: string | undefined): Feed {
  return {
    list: (request, signal) =>
      send(
        parts,
        { verb: 'list', key: request.continueToken ?? '', patch: {} },
        free(signal),
        ({ ageMs = 0 }) => pageOf({ ...parts, namespace, ageMs }, request),
      ),
    watch: (request, signal) => ({
      [Symbol.asyncIterator]: () => openStream(parts, namespace, request, signal),
    }),
  };
}

/* ------------------------------------------------------------------- the list */

interface Listed {
  readonly objects: Objects;
  readonly namespace: string | undefined;
  readonly ageMs: number;
}

/** All pages are of one moment; a token is the snapshot and how far one came. */
function pageOf(
  { objects, namespace, ageMs }: Listed,
  { limit, continueToken }: ListRequest,
): Answer<ListPage, KubernetesFailure> {
  const [version, start = '0'] = continueToken?.split('/') ?? [];
  const snapshot = version === undefined ? objects.asOf(ageMs) : objects.at(Number(version));
  if (snapshot === undefined) return failed(refused(410));
  const items = snapshot.items.filter((each) => isIn(namespace, each));
  const resourceVersion = String(snapshot.version);
  const end = Number(start) + limit;
  const isLast = end >= items.length;
  return answered({
    items: items.slice(Number(start), end),
    resourceVersion,
    continueToken: isLast ? undefined : `${resourceVersion}/${end}`,
  });
}

function isIn(namespace: string | undefined, { metadata }: StoredObject): boolean {
  return namespace === undefined || namespace === metadata.namespace;
}

/* ------------------------------------------------------------------ the watch */

function openStream(
  parts: ClusterParts,
  namespace: string | undefined,
  request: WatchRequest,
  signal: AbortSignal,
): AsyncIterator<Frame> {
  if (parts.life.isOver) return { next: never };
  const fate = parts.watchRoad?.(request) ?? {};
  const stream = new Stream(parts, fate);
  signal.addEventListener('abort', () => stream.close());
  if (signal.aborted) stream.close();
  if (fate.refusal !== undefined) return stream.last(fate.refusal);
  const first = beginning(parts.objects, namespace, request);
  if (first === undefined) return stream.last(EXPIRED);
  for (const frame of first) stream.send(frame);
  stream.follow((change) => isIn(namespace, change.object), request.timeoutSeconds);
  return stream;
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
  const added = there.map((object) => ({ kind: 'Added', object }) as const);
  return [...added, { ...bookmark(objects), initialEventsEnd: true }];
}

function bookmark(objects: Objects) {
  const resourceVersion = String(objects.version);
  return { kind: 'Bookmark', resourceVersion, initialEventsEnd: false } as const;
}

const DONE: IteratorResult<Frame> = { done: true, value: undefined };

class Stream implements AsyncIterator<Frame> {
  readonly #parts: ClusterParts;
  readonly #fate: WatchFate;
  readonly #frames: Frame[] = [];
  readonly #cancels: Cancel[] = [];
  #hear: ((result: IteratorResult<Frame>) => void) | undefined;
  /** The server sends nothing more. */
  #isClosed = false;
  #isSilent = false;
  /** When the last frame under way arrives: none overtakes another. */
  #arrivesAtMs = 0;

  constructor(parts: ClusterParts, fate: WatchFate) {
    this.#parts = parts;
    this.#fate = fate;
  }

  next(): Promise<IteratorResult<Frame>> {
    if (this.#parts.life.isOver) return never();
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve({ done: false, value: frame });
    if (this.#isClosed) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#hear = resolve;
    });
  }

  return(): Promise<IteratorResult<Frame>> {
    this.close();
    return Promise.resolve(DONE);
  }

  /** By the reader: what is under way is dropped. */
  close(): void {
    this.#frames.length = 0;
    this.#finish();
  }

  send(frame: Frame): void {
    for (const each of this.#fate.beside?.(frame) ?? []) this.#carry(() => this.#push(each));
    this.#carry(() => this.#push(frame));
  }

  last(frame: Frame | undefined): this {
    this.#carry(() => {
      if (frame !== undefined) this.#push(frame);
      this.#finish();
    });
    return this;
  }

  follow(isOurs: (change: Change) => boolean, timeoutSeconds: number): void {
    const { objects, time, breaks } = this.#parts;
    const { silentAfterMs, end } = this.#fate;
    const snap = (): void => {
      this.#isSilent = false;
      this.last({ kind: 'Broken', message: 'the connection was reset' });
    };
    const leave = objects.onChange((change) => {
      if (this.#parts.life.isOver) this.#finish();
      else if (isOurs(change)) this.send(frameOf(change));
    });
    breaks.add(snap);
    this.#cancels.push(
      leave,
      () => void breaks.delete(snap),
      time.after(timeoutSeconds * 1_000, () => this.last(undefined)),
      every(this.#parts, BOOKMARK_MS, () => this.send(bookmark(objects))),
    );
    if (end !== undefined) this.#cancels.push(time.after(end.afterMs, () => this.last(end.frame)));
    if (silentAfterMs !== undefined)
      this.#cancels.push(
        time.after(silentAfterMs, () => {
          this.#isSilent = true;
        }),
      );
  }

  #carry(arrive: () => void): void {
    if (this.#isSilent || this.#isClosed) return;
    const { time, life } = this.#parts;
    this.#arrivesAtMs = Math.max(this.#arrivesAtMs, time.nowMs + (this.#fate.lagMs ?? 0));
    const inMs = this.#arrivesAtMs - time.nowMs;
    if (inMs > 0) time.after(inMs, arrive, life);
    else deliver(life, arrive);
  }

  #push(frame: Frame): void {
    if (this.#isClosed) return;
    const hear = this.#hear;
    this.#hear = undefined;
    if (hear === undefined) this.#frames.push(frame);
    else hear({ done: false, value: frame });
  }

  #finish(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const cancel of this.#cancels) cancel();
    this.#hear?.(DONE);
  }
}

function every({ time, life }: ClusterParts, ms: number, happen: () => void): Cancel {
  let cancel: Cancel;
  const again = (): void => {
    if (life.isOver) return;
    cancel = time.after(ms, again);
    happen();
  };
  cancel = time.after(ms, again);
  return () => cancel();
}
