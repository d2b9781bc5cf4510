/** From a request to its answer, without any network: the switchboard of the server. */

import { type Answer, failed, json, PAGE_NOT_FOUND } from './answer.ts';
import { type ApiContext, find, type ObjectPlace, stored } from './api-context.ts';
import { REVIEWS_GROUP } from './discovery/discovery.ts';
import { answerPath } from './discovery/paths.ts';
import { Failure, forbiddenAccess, methodNotAllowed, verbNotSupported } from './failure.ts';
import { removeNamespace } from './kinds/namespace-lifecycle.ts';
import { NAMESPACES } from './kinds/namespaces.ts';
import type { ResourceType } from './kinds/resource-type.ts';
import type { ApiRequest, ResourceTarget, Target } from './request.ts';
import { type IsDenied, reviewAccess } from './verbs/access-review.ts';
import { create, type Written } from './verbs/create.ts';
import { type Decoded, decodeBody, decodeObject } from './verbs/decode.ts';
import { type Deleted, deleteOptionsOf, remove } from './verbs/delete.ts';
import { list } from './verbs/list.ts';
import {
  checkWatchRevision,
  listOptionsOf,
  revisionOf,
  selectionOf,
  watchOptionsOf,
} from './verbs/list-options.ts';
import { patchOf } from './verbs/patch.ts';
import { frameRenderer, renderingOf, renderList, renderObject } from './verbs/rendering.ts';
import { update } from './verbs/update.ts';
import { openWatch } from './verbs/watch.ts';
import { refuseBody, refusePatch, writeOptionsOf } from './verbs/write-options.ts';

export interface ApiSettings {
  readonly user: string;
  readonly bookmarkMs: number;
  readonly servesWatchList: boolean;
  readonly isDenied: IsDenied;
}

export type Api = (request: ApiRequest, target: Target) => Answer;

/** Never throws for what a client did wrong: that is an answer. */
export function createApi(context: ApiContext, settings: ApiSettings): Api {
  return (request, target) => {
    try {
      if (target.kind === 'path') return answerPath(request, context.registry);
      return answerResource({ context, settings, request, target });
    } catch (error) {
      if (error instanceof Failure) return failed(error);
      throw error;
    }
  };
}

interface Call {
  readonly context: ApiContext;
  readonly settings: ApiSettings;
  readonly request: ApiRequest;
  readonly target: ResourceTarget;
}

interface TypedCall extends Call {
  readonly type: ResourceType;
}

function answerResource(call: Call): Answer {
  refuseDenied(call);
  const { group, version, resource } = call.target;
  if (group === REVIEWS_GROUP && resource === 'selfsubjectaccessreviews') return review(call);
  const type = call.context.registry.find(group, version, resource);
  if (type === undefined) return PAGE_NOT_FOUND;
  const typed = { ...call, type };
  return isServed(typed) ? answerVerb(typed) : PAGE_NOT_FOUND;
}

/**
 * Objects of a namespaced kind are reached in their namespace only; collections also across all.
 */
function isServed({ type, target }: TypedCall): boolean {
  const { namespace, name, verb, subresource } = target;
  if (subresource !== undefined && !(subresource === 'status' && type.hasStatus)) return false;
  if (!type.namespaced) return namespace === undefined;
  return namespace !== undefined || (name === undefined && verb !== 'create');
}

function refuseDenied({ target, settings }: Call): void {
  const { verb, group, resource, subresource = '' } = target;
  if (settings.isDenied({ verb, group, resource, subresource }))
    throw denial(target, settings.user);
}

/** In the words of RBAC. */
export function denial(target: ResourceTarget, user: string): Failure {
  const { verb, group, resource, subresource = '', namespace, name = '' } = target;
  const where =
    namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  return forbiddenAccess(
    { group, plural: resource, kind: resource },
    name,
    `User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`,
  );
}

function review({ request, target, settings }: Call): Answer {
  if (target.verb !== 'create') throw methodNotAllowed();
  return json(201, reviewAccess(request.body, settings.isDenied));
}

function answerVerb(call: TypedCall): Answer {
  switch (call.target.verb) {
    case 'get':
      return answerGet(call);
    case 'list':
      return answerList(call);
    case 'watch':
      return answerWatch(call);
    case 'create':
      return answerCreate(call);
    case 'update':
      return answerPut(call);
    case 'patch':
      return answerPatch(call);
    case 'delete':
      return answerDelete(call);
    case 'deletecollection':
      return answerDeleteCollection(call);
    default:
      throw methodNotAllowed();
  }
}

function placeOf({ type, target }: TypedCall): ObjectPlace {
  const { namespace, name, subresource } = target;
  // Verbs on one object are told from those on collections by the name.
  if (name === undefined) throw methodNotAllowed();
  return { type, namespace, name, part: subresource === 'status' ? 'status' : 'object' };
}

const renderingFor = ({ request, type, context }: TypedCall) =>
  renderingOf(request, { type, now: context.now });

function answerGet(call: TypedCall): Answer {
  const { context, request, type } = call;
  revisionOf(request.query.get('resourceVersion') ?? '', context.store.current);
  const object = type.rules.toServed(stored(context, placeOf(call)));
  return renderObject(object, renderingFor(call), { code: 200, warnings: [] });
}

function answerList(call: TypedCall): Answer {
  const { context, request, type, target } = call;
  const selection = selectionOf(request, type, target);
  const listing = list(context, type, { selection, options: listOptionsOf(request) });
  return renderList(listing, renderingFor(call));
}

function answerWatch(call: TypedCall): Answer {
  const { context, request, type, target, settings } = call;
  const watch = {
    type,
    selection: selectionOf(request, type, target),
    options: watchOptionsOf(request, settings.servesWatchList),
    bookmarkMs: settings.bookmarkMs,
    render: frameRenderer(renderingFor(call)),
  };
  checkWatchRevision(watch.options.resourceVersion);
  return { kind: 'frames', open: (sink) => openWatch(context, watch, sink) };
}

function shown(call: TypedCall, { object, code, warnings }: Written): Answer {
  return renderObject(object, renderingFor(call), { code, warnings });
}

function answerCreate(call: TypedCall): Answer {
  const { context, request, type, target } = call;
  if (target.subresource !== undefined) throw verbNotSupported(type, target.verb);
  const decoded = decodeBody(request, type);
  const options = writeOptionsOf(request);
  return shown(call, create(context, { type, namespace: target.namespace, decoded, options }));
}

function answerPut(call: TypedCall): Answer {
  const { context, request, type, target } = call;
  const options = writeOptionsOf(request);
  const decoded = decodeBody(request, type);
  const place = placeOf(call);
  if (type.rules.createsOnUpdate && find(context, place) === undefined) {
    // A real server forgets the resourceVersion of an object that is not there.
    const { resourceVersion: _, ...metadata } = decoded.object.metadata;
    const fresh = { ...decoded, object: { ...decoded.object, metadata } };
    return shown(
      call,
      create(context, { type, namespace: target.namespace, decoded: fresh, options }),
    );
  }
  const change = { change: () => decoded, guardsUid: true, options };
  const refuseUnknown = () => refuseBody(type);
  return shown(call, update(context, place, { ...change, refuseUnknown }));
}

function answerPatch(call: TypedCall): Answer {
  const { context, request, type } = call;
  const patch = patchOf(request, type);
  const written = update(context, placeOf(call), {
    change: (before) => decodePatched(patch(before), type),
    guardsUid: false,
    options: writeOptionsOf(request),
    refuseUnknown: refusePatch,
  });
  return shown(call, written);
}

/** What a patch made of an object, and cannot be read, is the fault of the patch. */
function decodePatched(patched: unknown, type: ResourceType): Decoded {
  try {
    return decodeObject(patched, type);
  } catch (error) {
    if (!(error instanceof Failure) || error.parts.code !== 400) throw error;
    throw refusePatch(patched)(error.parts.message);
  }
}

function answerDelete(call: TypedCall): Answer {
  const { context, request, type, target } = call;
  if (target.subresource !== undefined) throw verbNotSupported(type, target.verb);
  const options = deleteOptionsOf(request);
  const place = placeOf(call);
  const deleted =
    type.collection === NAMESPACES.collection
      ? removeNamespace(context, place.name, options)
      : remove(context, place, options);
  return deletedAnswer(deleted, call);
}

function deletedAnswer(deleted: Deleted, call: TypedCall): Answer {
  const { metadata } = deleted.object;
  const { type } = call;
  switch (deleted.kind) {
    case 'marked':
      return shown(call, { code: 200, object: deleted.object, warnings: [] });
    case 'removed':
      return json(200, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: {
          name: metadata.name,
          ...(type.group === '' ? {} : { group: type.group }),
          kind: type.plural,
          uid: metadata.uid,
        },
      });
  }
}

function answerDeleteCollection(call: TypedCall): Answer {
  const { context, request, type, target } = call;
  if (target.namespace === undefined && type.namespaced) throw methodNotAllowed();
  const options = deleteOptionsOf(request);
  const selection = selectionOf(request, type, target);
  const listing = list(context, type, { selection, options: listOptionsOf(request) });
  for (const { metadata } of listing.items) {
    const { namespace, name } = metadata;
    remove(context, { type, namespace, name, part: 'object' }, options);
  }
  return renderList(listing, renderingFor(call));
}
