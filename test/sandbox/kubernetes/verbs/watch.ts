/**
 * A watch: the state so far (unless it starts at a revision), then every change, bookmarks, an end.
 *
 *   [ADDED ...] [BOOKMARK initial-events-end]  change change BOOKMARK change ... BOOKMARK ... end
 *        ^ without a revision, or with sendInitialEvents        2 s before ^  timeoutSeconds ^
 */
import type { FrameSink } from '../answer.ts';
import { type ApiContext, collectionOf } from '../api-context.ts';
import { expired, type Failure, revisionTooLarge } from '../failure.ts';
import { apiVersionOf, type ResourceType } from '../kinds/resource-type.ts';
import { type KubeObject, withMeta } from '../kube-object.ts';
import type { Change, Collection } from '../store.ts';
import { revisionOf, type Selection, type WatchOptions } from './list-options.ts';

export interface WatchRequest {
  readonly type: ResourceType;
  readonly selection: Selection;
  readonly options: WatchOptions;
  readonly bookmarkMs: number;
  /** From an object to the text that the client asked for (JSON, table row, metadata only). */
  readonly render: (object: KubeObject) => string;
}

/** Starts to write; returns what stops it. */
export function openWatch(api: ApiContext, request: WatchRequest, sink: FrameSink): () => void {
  const collection = collectionOf(api, request.type);
  const { resourceVersion, sendsInitialEvents } = request.options;
  const asked = startOf(resourceVersion, sendsInitialEvents, api.store.current);
  const startsWithState =
    sendsInitialEvents === 'yes' || (sendsInitialEvents === 'as-always' && asked === 0);
  if (sendsInitialEvents === 'yes' && asked > api.store.current) {
    return fail(sink, revisionTooLarge(asked, api.store.current));
  }
  if (startsWithState) writeState(collection, request, sink);
  else if (!writeSince(collection, request, { asked, sink })) return () => undefined;
  if (startsWithState && request.options.wantsBookmarks) {
    sink.write(bookmark(api, request, { 'k8s.io/initial-events-end': 'true' }));
  }
  return follow(api, request, { collection, sink, after: asked });
}

/** A watch that cannot begin has one frame. */
function fail(sink: FrameSink, failure: Failure): () => void {
  sink.write(frame('ERROR', JSON.stringify(failure.status)));
  sink.end();
  return () => undefined;
}

/** Without a revision and without the state, a watch starts now. */
function startOf(
  resourceVersion: string,
  sends: WatchOptions['sendsInitialEvents'],
  current: number,
): number {
  const asked = revisionOf(resourceVersion, Number.MAX_SAFE_INTEGER);
  return asked === 0 && sends === 'no' ? current : asked;
}

function writeState(collection: Collection, request: WatchRequest, sink: FrameSink): void {
  const { keys, objects } = collection.now();
  for (const key of keys) {
    const object = request.type.rules.toServed(objects.get(key) as KubeObject);
    if (request.selection.matches(object)) sink.write(frame('ADDED', request.render(object)));
  }
}

interface Resumption {
  readonly asked: number;
  readonly sink: FrameSink;
}

/** False when the revision is forgotten: the client has been told to list again. */
function writeSince(
  collection: Collection,
  request: WatchRequest,
  { asked, sink }: Resumption,
): boolean {
  const changes = collection.since(asked);
  if (changes === undefined) {
    fail(sink, expired(`too old resource version: ${asked} (${collection.oldest})`));
    return false;
  }
  for (const change of changes) writeChange(change, request, sink);
  return true;
}

/** With a selector, an object that begins or ceases to match is seen as added or deleted. */
function writeChange(change: Change, request: WatchRequest, sink: FrameSink): void {
  const { selection, render } = request;
  const { toServed } = request.type.rules;
  const object = toServed(change.object);
  const before = change.before === undefined ? undefined : toServed(change.before);
  const did = before !== undefined && selection.matches(before);
  const does = change.kind !== 'DELETED' && selection.matches(object);
  if (does) return sink.write(frame(did ? 'MODIFIED' : 'ADDED', render(object)));
  if (!did) return;
  const { resourceVersion } = object.metadata;
  const last = change.kind === 'DELETED' ? object : withMeta(before, { resourceVersion });
  sink.write(frame('DELETED', render(last)));
}

/** So long before the end comes the last bookmark. */
const LAST_MARK_MS = 2_000;

interface Following {
  readonly collection: Collection;
  readonly sink: FrameSink;
  readonly after: number;
}

function follow(api: ApiContext, request: WatchRequest, following: Following): () => void {
  const { collection, sink, after } = following;
  const { wantsBookmarks, timeoutMs } = request.options;
  const unsubscribe = collection.subscribe({
    changed: (change) => {
      if (change.revision > after) writeChange(change, request, sink);
    },
    ended: () => {
      stop();
      sink.end();
    },
  });
  const mark = (): void => sink.write(bookmark(api, request, {}));
  const marks = wantsBookmarks ? setInterval(mark, request.bookmarkMs) : undefined;
  const beforeEnd = timeoutMs - LAST_MARK_MS;
  const lastMark = wantsBookmarks && beforeEnd > 0 ? setTimeout(mark, beforeEnd) : undefined;
  const stop = (): void => {
    unsubscribe();
    clearInterval(marks);
    clearTimeout(lastMark);
    clearTimeout(deadline);
  };
  const deadline = setTimeout(() => {
    stop();
    sink.end();
  }, timeoutMs);
  return stop;
}

function bookmark(
  api: ApiContext,
  { type, render }: WatchRequest,
  annotations: Readonly<Record<string, string>>,
): string {
  const marked = Object.keys(annotations).length === 0 ? {} : { annotations };
  const object = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: { resourceVersion: String(api.store.current), ...marked },
  };
  return frame('BOOKMARK', render(object as unknown as KubeObject));
}

function frame(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}
