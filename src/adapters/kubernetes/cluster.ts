/**
 * The ResourceServers of the cluster: lists and watches as they come, live reads, and guarded
 * merge patches. What was answered is not believed further than that it is of our kind, of the
 * namespace that was asked for, and in an answer about one object, that object.
 */
import { FIELD_MANAGER } from '../../api/names.ts';
import { field, isText, isUnknowns, unknowns } from '../../api/read.ts';
import { API_VERSION, GROUP, KIND, PLURAL, VERSION } from '../../api/resource-server.ts';
import type { KubernetesFailure } from '../../core/failure.ts';
import {
  type Answer,
  answered,
  type Call,
  type Cluster,
  type Feed,
  type Frame,
  failed,
  type Key,
  type ListPage,
  type ListRequest,
  type WatchRequest,
} from '../../ports.ts';
import { always, type Connection, type KubernetesRequest } from './connection.ts';
import { garbled, type KubernetesAnswer, refusalOf } from './failure.ts';
import { createPageSize } from './page-size.ts';
import { watchFrames } from './watching.ts';

export interface ClusterOptions {
  readonly connection: Connection;
  /** For one read or write, and for the opening of a watch. */
  readonly requestDeadlineMs: number;
  /** For one page. */
  readonly listDeadlineMs: number;
}

export function createCluster(options: ClusterOptions): Cluster {
  const { connection, requestDeadlineMs } = options;
  const send = async (key: Key, request: KubernetesRequest, call: Call) => {
    const answer = await connection.send(request, call, requestDeadlineMs);
    return answer.kind === 'Failed' ? answer : objectOf(answer.value, key, request);
  };
  return {
    feed: (namespace) => createFeed(options, namespace),
    read: (key, signal) =>
      send(key, { verb: 'get', resource: PLURAL, method: 'GET', path: pathOf(key) }, free(signal)),
    patchObject: (key, patch, call) =>
      send(key, { ...patching(patch), resource: PLURAL, path: pathOf(key) }, call),
    patchStatus: (key, patch, call) => {
      const request = { resource: `${PLURAL}/status`, path: `${pathOf(key)}/status` };
      return send(key, { ...patching(patch), ...request }, call);
    },
    async schema(signal) {
      const answer = await connection.send(SCHEMA, free(signal), requestDeadlineMs);
      if (answer.kind === 'Failed') return answer;
      return answer.value.status === 200
        ? answered(answer.value.body)
        : failed(refusalOf(answer.value, SCHEMA));
    },
  };
}

function createFeed(
  { connection, ...deadlines }: ClusterOptions,
  namespace: string | undefined,
): Feed {
  const shared = { resource: PLURAL, method: 'GET', path: collectionOf(namespace) } as const;
  const pages = createPageSize();
  return {
    async list(request, signal) {
      const limit = Math.min(request.limit, pages.limit);
      const asked = { ...shared, verb: 'list', query: listQuery({ ...request, limit }) };
      const sent = await connection.send(asked, free(signal), deadlines.listDeadlineMs);
      const answer = sent.kind === 'Failed' ? sent : pageOf(sent.value, namespace, asked);
      pages.learn(limit, answer);
      return answer;
    },
    watch: (request, signal) => {
      const asked = { ...shared, verb: 'watch', query: watchQuery(request) };
      const limits = { signal, deadlineMs: deadlines.requestDeadlineMs };
      return onlyOurs(watchFrames(connection, asked, limits), namespace);
    },
  };
}

async function* onlyOurs(
  frames: AsyncIterable<Frame>,
  namespace: string | undefined,
): AsyncGenerator<Frame> {
  for await (const frame of frames) {
    yield 'object' in frame ? { ...frame, object: ours(frame.object, namespace) } : frame;
  }
}

/** What is none of ours is passed on as nothing: nobody can identify it, and that is counted. */
function ours(object: unknown, namespace: string | undefined): unknown {
  const { apiVersion, kind, metadata } = unknowns(object);
  if (apiVersion !== API_VERSION || kind !== KIND) return undefined;
  const { namespace: where, resourceVersion } = unknowns(metadata);
  const isHere = namespace === undefined || where === namespace;
  // Without a version nothing would guard what is written to it.
  return isHere && isText(resourceVersion) ? object : undefined;
}

function free(signal: AbortSignal): Call {
  return { signal, guard: always };
}

const COLLECTION = `/apis/${GROUP}/${VERSION}`;

/** Open to every service account, by the role `system:discovery`. */
const SCHEMA: KubernetesRequest = {
  verb: 'get',
  resource: 'openapi',
  method: 'GET',
  path: `/openapi/v3${COLLECTION}`,
};

function collectionOf(namespace: string | undefined): string {
  if (namespace === undefined) return `${COLLECTION}/${PLURAL}`;
  return `${COLLECTION}/namespaces/${encodeURIComponent(namespace)}/${PLURAL}`;
}

function pathOf(key: Key): string {
  const [namespace = '', name = ''] = key.split('/');
  return `${collectionOf(namespace)}/${encodeURIComponent(name)}`;
}

/** A merge patch clears what it sets to null; `resourceVersion` in it is its guard. */
function patching(body: object) {
  return {
    verb: 'patch',
    method: 'PATCH',
    query: { fieldManager: FIELD_MANAGER },
    contentType: 'application/merge-patch+json',
    body,
  } as const;
}

function listQuery({ limit, continueToken }: ListRequest): Readonly<Record<string, string>> {
  const page = { limit: String(limit) };
  return continueToken === undefined ? page : { ...page, continue: continueToken };
}

function watchQuery(request: WatchRequest): Readonly<Record<string, string>> {
  const initial = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' };
  return {
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(request.timeoutSeconds),
    resourceVersion: request.resourceVersion,
    ...(request.sendInitialEvents ? initial : {}),
  };
}

function objectOf(
  { status, headers, body }: KubernetesAnswer,
  key: Key,
  request: KubernetesRequest,
): Answer<unknown, KubernetesFailure> {
  if (status !== 200) return failed(refusalOf({ status, headers, body }, request));
  const { metadata } = unknowns(body);
  if (!isUnknowns(metadata)) return failed(garbled('the answer is no object', request));
  const [namespace, name] = key.split('/');
  return ours(body, namespace) !== undefined && metadata['name'] === name
    ? answered(body)
    : failed(garbled('the answer is another object', request));
}

function pageOf(
  answer: KubernetesAnswer,
  namespace: string | undefined,
  request: KubernetesRequest,
): Answer<ListPage, KubernetesFailure> {
  if (answer.status !== 200) return failed(refusalOf(answer, request));
  const { apiVersion, kind, items, metadata } = unknowns(answer.body);
  const resourceVersion = field(unknowns(metadata), 'resourceVersion');
  const isOfKind = apiVersion === API_VERSION && kind === `${KIND}List`;
  if (!isOfKind || !Array.isArray(items) || !isText(resourceVersion)) {
    return failed(garbled('the answer is no list', request));
  }
  const token = field(unknowns(metadata), 'continue');
  const continueToken = isText(token) ? token : undefined;
  const objects = items.map((item) => ours(item, namespace));
  return answered({ items: objects, resourceVersion, continueToken });
}
