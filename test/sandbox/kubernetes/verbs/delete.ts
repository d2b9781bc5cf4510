/** DELETE: at once, or, while finalizers hold the object, as a `deletionTimestamp`. */
import { type ApiContext, collectionOf, type ObjectPlace, stored } from '../api-context.ts';
import { badRequest, conflict } from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { at, isObject, type JsonObject, type KubeObject, keyOf, withMeta } from '../kube-object.ts';
import type { ApiRequest } from '../request.ts';
import { timestamp } from './object-meta.ts';
import { writeOptionsOf } from './write-options.ts';

export interface DeleteOptions {
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly isDryRun: boolean;
}

/**
 * `propagationPolicy` is accepted and means nothing here: no kind of this server owns another, so
 * Foreground and Orphan end as Background does once a garbage collector has run.
 */
export function deleteOptionsOf(request: ApiRequest): DeleteOptions {
  const body = parsedOptions(request.body);
  const dryRun = at(body, 'dryRun');
  const asText = (value: unknown): string | undefined =>
    typeof value === 'string' ? value : undefined;
  return {
    uid: asText(at(body, 'preconditions', 'uid')),
    resourceVersion: asText(at(body, 'preconditions', 'resourceVersion')),
    isDryRun: writeOptionsOf(request).isDryRun || (Array.isArray(dryRun) && dryRun.length > 0),
  };
}

function parsedOptions(body: string): JsonObject {
  if (body === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    throw badRequest('the body of a DELETE must be DeleteOptions in JSON');
  }
  throw badRequest('the body of a DELETE must be DeleteOptions in JSON');
}

export type Deleted =
  | { readonly kind: 'removed'; readonly object: KubeObject }
  | { readonly kind: 'marked'; readonly object: KubeObject };

export function remove(api: ApiContext, place: ObjectPlace, options: DeleteOptions): Deleted {
  const { type, namespace, name } = place;
  const before = stored(api, place);
  checkPreconditions(before, place, options);
  if (before.metadata.deletionTimestamp !== undefined) return marked(type, before);
  const collection = collectionOf(api, type);
  const key = keyOf(namespace, name);
  if (before.metadata.finalizers !== undefined) {
    const leaving = withDeletionTimestamp(before, type, api.now());
    return marked(type, options.isDryRun ? leaving : collection.put(key, leaving));
  }
  if (!options.isDryRun) {
    collection.remove(key);
    type.rules.deleted?.(before);
    api.removed(namespace);
  }
  return { kind: 'removed', object: before };
}

function marked(type: ResourceType, object: KubeObject): Deleted {
  return { kind: 'marked', object: type.rules.toServed(object) };
}

function checkPreconditions(
  { metadata }: KubeObject,
  { type, name }: ObjectPlace,
  { uid, resourceVersion }: DeleteOptions,
): void {
  // A real server names the kind here, not the plural.
  const subject = { ...type, plural: type.kind };
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      subject,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ` +
        'The object might have been deleted and then recreated',
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      subject,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ` +
        `ResourceVersion in record (${metadata.resourceVersion}). ` +
        'The object might have been modified',
    );
  }
}

function withDeletionTimestamp(object: KubeObject, type: ResourceType, now: Date): KubeObject {
  const generation = object.metadata.generation ?? 0;
  return withMeta(object, {
    deletionTimestamp: timestamp(now),
    deletionGracePeriodSeconds: 0,
    ...(type.rules.hasGeneration ? { generation: generation + 1 } : {}),
  });
}
