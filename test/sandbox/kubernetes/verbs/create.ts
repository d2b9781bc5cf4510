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
import type { FieldError } from '../schema/field-error.ts';
import { withDefaults } from '../schema/schema-defaults.ts';
import type { Decoded } from './decode.ts';
import { born, validateMeta } from './object-meta.ts';
import { judgeUnknown, refuseBody, type WriteOptions, withWarnings } from './write-options.ts';

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
  const unknown = judgeUnknown(decoded.unknown, options, refuseBody(type));
  const noticed = [...unknown, ...decoded.warnings];
  return withWarnings(noticed, () => {
    const object = prepared(api, request);
    const errors = errorsOf(object, type);
    if (errors.length > 0) throw invalidObject(type, object.metadata.name ?? '', errors);
    const warnings = [...noticed, ...(type.rules.warningsOf?.(object, undefined) ?? [])];
    withWarnings(warnings, () => refuseExisting(api, type, object));
    return options.isDryRun
      ? { code: 201, object, warnings }
      : stored(api, type, { object, warnings });
  });
}

function errorsOf(object: KubeObject, type: ResourceType): readonly FieldError[] {
  // Of what is of another kind nothing else is told.
  const errors = object.kind === type.kind ? validateMeta(object.metadata) : [];
  return [...errors, ...type.rules.validate(object, undefined, { part: 'object', errors })];
}

function stored(
  api: ApiContext,
  type: ResourceType,
  { object, warnings }: Pick<Written, 'object' | 'warnings'>,
): Written {
  const { namespace, name } = object.metadata;
  const kept = collectionOf(api, type).put(keyOf(namespace, name), type.rules.toStored(object));
  if (type.hasStatus && kept.status !== undefined) api.undefaulted.add(kept);
  type.rules.written?.(kept, undefined);
  return { code: 201, object: type.rules.toServed(kept), warnings };
}

function prepared(api: ApiContext, { type, namespace, decoded }: CreateRequest): KubeObject {
  const placed = inNamespace(decoded.object, namespace);
  if (placed.metadata.resourceVersion !== undefined) throw revisionSetOnCreate();
  if (namespace !== undefined) requireNamespace(api, type, placed);
  const asked = type.hasStatus ? (omit(placed, 'status') as KubeObject) : placed;
  const object = born(asked, api.now());
  const counted = type.rules.hasGeneration ? withMeta(object, { generation: 1 }) : object;
  return defaulted(type.rules.prepare(counted), type);
}

/** What is of another kind has no defaults either. */
export function defaulted(object: KubeObject, type: ResourceType): KubeObject {
  return object.kind === type.kind ? withDefaults(object, type.schema) : object;
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
