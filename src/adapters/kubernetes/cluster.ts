/**
 * The ResourceServers of the cluster: lists and watches as they come, live reads, and guarded
 * merge patches. What was answered is not believed further than that it is a JSON object.
 */
import { FIELD_MANAGER } from '../../api/names.ts';
import { field, isText, isUnknowns, unknowns } from '../../api/read.ts';
import { GROUP, PLURAL, VERSION } from '../../api/resource-server.ts';
import type { KubernetesFailure } from '../../core/failure.ts';
import {
  type Answer,
  answered,
  type Call,
  type Cluster,
  type Feed,
  failed,
  type Key,
  type ListPage,
  type ListRequest,
  type WatchRequest,
} from '../../ports.ts';
import { always, type Connection, type KubernetesRequest } from './connection.ts';
import { garbled, type KubernetesAnswer, refusalOf } from './failure.ts';
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
  const send = async (request: KubernetesRequest, call: Call) => {
    const answer = await connection.send(request, call, requestDeadlineMs);
    return answer.kind === 'Failed' ? answer : objectOf(answer.value, request);
  };
  return {
    feed: (namespace) => createFeed(options, collectionOf(namespace)),
    read: (key, signal) =>
      send({ verb: 'get', resource: PLURAL, method: 'GET', path: pathOf(key) }, free(signal)),
    patchObject: (key, patch, call) =>
      send({ ...patching(patch), resource: PLURAL, path: pathOf(key) }, call),
    patchStatus: (key, patch, call) =>
      send(
        { ...patching(patch), resource: `${PLURAL}/status`, path: `${pathOf(key)}/status` },
        call,
      ),
    async schema(signal) {
      const answer = await connection.send(SCHEMA, free(signal), requestDeadlineMs);
      if (answer.kind === 'Failed') return answer;
      return answer.value.status === 200
        ? answered(answer.value.body)
        : failed(refusalOf(answer.value, SCHEMA));
    },
  };
}

function createFeed({ connection, ...deadlines }: ClusterOptions, path: string): Feed {
  const shared = { resource: PLURAL, method: 'GET', path } as const;
  return {
    async list(request, signal) {
      const asked = { ...shared, verb: 'list', query: listQuery(request) };
      const answer = await connection.send(asked, free(signal), deadlines.listDeadlineMs);
      return answer.kind === 'Failed' ? answer : pageOf(answer.value, asked);
    },
    watch: (request, signal) => {
      const asked = { ...shared, verb: 'watch', query: watchQuery(request) };
      return watchFrames(connection, asked, { signal, deadlineMs: deadlines.requestDeadlineMs });
    },
  };
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
  answer: KubernetesAnswer,
  request: KubernetesRequest,
): Answer<unknown, KubernetesFailure> {
  if (answer.status !== 200) return failed(refusalOf(answer, request));
  const { metadata } = unknowns(answer.body);
  return isUnknowns(metadata)
    ? answered(answer.body)
    : failed(garbled('the answer is no object', request));
}

function pageOf(
  answer: KubernetesAnswer,
  request: KubernetesRequest,
): Answer<ListPage, KubernetesFailure> {
  if (answer.status !== 200) return failed(refusalOf(answer, request));
  const { items, metadata } = unknowns(answer.body);
  const resourceVersion = field(unknowns(metadata), 'resourceVersion');
  if (!Array.isArray(items) || !isText(resourceVersion)) {
    return failed(garbled('the answer is no list', request));
  }
  const token = field(unknowns(metadata), 'continue');
  const continueToken = isText(token) ? token : undefined;
  return answered({ items, resourceVersion, continueToken });
}
