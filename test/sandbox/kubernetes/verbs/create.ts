/** POST: a new object. */
import { type ApiContext, collectionOf } from '../api-context.ts';
import {
  alreadyExists,
  badRequest,
  Failure,
  forbiddenAccess,
  invalidObject,
  notFound,
} from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { type KubeObject, keyOf, omit, withMeta } from '../kube-object.ts';
import { withDefaults } from '../schema/schema-defaults.ts';
import type { Decoded } from './decode.ts';
import { born, validateMeta } from './object-meta.ts';
import { judgeUnknown, refuseBody, type WriteOptions } from './write-options.ts';

export interface Written {
  readonly code: number;
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

export interface CreateRequest {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly decoded: Decoded;
  readonly options: WriteOptions;
}

export function create(api: ApiContext, request: CreateRequest): Written {
  const { type, options, decoded } = request;
  const warnings = judgeUnknown(decoded.unknown, options, refuseBody(type));
  const object = prepared(api, request);
  const errors = [...validateMeta(object.metadata), ...type.rules.validate(object, undefined)];
  if (errors.length > 0) throw invalidObject(type, object.metadata.name ?? '', errors);
  refuseExisting(api, type, object);
  if (options.isDryRun) return { code: 201, object, warnings };
  const { namespace, name } = object.metadata;
  const collection = collectionOf(api, type);
  const kept = collection.put(keyOf(namespace, name), type.rules.toStored(object));
  if (type.hasStatus && kept.status !== undefined) api.undefaulted.add(kept);
  type.rules.written?.(kept);
  return { code: 201, object: type.rules.toServed(kept), warnings };
}

function prepared(api: ApiContext, { type, namespace, decoded }: CreateRequest): KubeObject {
  const placed = inNamespace(decoded.object, namespace);
  if (placed.metadata.resourceVersion !== undefined) throw revisionSetOnCreate();
  if (namespace !== undefined) requireNamespace(api, type, placed);
  const asked = type.hasStatus ? (omit(placed, 'status') as KubeObject) : placed;
  const object = born(asked, api.now());
  const counted = type.rules.hasGeneration ? withMeta(object, { generation: 1 }) : object;
  return withDefaults(type.rules.prepare(counted), type.schema);
}

export function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const own = object.metadata.namespace;
  if (own !== undefined && own !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  return namespace === undefined ? object : withMeta(object, { namespace });
}

function requireNamespace(api: ApiContext, type: ResourceType, object: KubeObject): void {
  const { name, namespace = '' } = object.metadata;
  const home = api.store.collection('namespaces').get(namespace);
  if (home === undefined) {
    throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
  }
  if (home.metadata.deletionTimestamp === undefined) return;
  throw forbiddenAccess(
    type,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  );
}

function refuseExisting(api: ApiContext, type: ResourceType, object: KubeObject): void {
  const { namespace, name } = object.metadata;
  const existing = collectionOf(api, type).get(keyOf(namespace, name));
  if (existing === undefined) return;
  const failure = alreadyExists(type, name);
  if (existing.metadata.deletionTimestamp === undefined) throw failure;
  throw new Failure({
    ...failure.parts,
    message: `object is being deleted: ${failure.message}`,
  });
}

function revisionSetOnCreate(): Failure {
  return new Failure({
    code: 500,
    reason: '',
    message: 'resourceVersion should not be set on objects to be created',
  });
}
