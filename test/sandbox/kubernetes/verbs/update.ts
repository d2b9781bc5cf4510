/**
 * PUT and PATCH, of an object or of its status.
 *
 *   before --change--> candidate --keep what the client may not change--> after
 *     |                                                                     |
 *     +-- resourceVersion and uid guard                        validate, count the generation,
 *                                                    equal: no write; else store or remove
 */
import { type ApiContext, collectionOf, type ObjectPlace, stored } from '../api-context.ts';
import {
  badRequest,
  conflict,
  type Failure,
  invalidObject,
  modified,
  versionMissing,
} from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { isEqual, type KubeObject, keyOf, omit, textAt, withMeta } from '../kube-object.ts';
import { invalid } from '../schema/field-error.ts';
import { defaulted, inNamespace, type Written } from './create.ts';
import type { Decoded } from './decode.ts';
import { carriedOver, validateMeta, validateMetaUpdate } from './object-meta.ts';
import { judgeUnknown, type WriteOptions, withWarnings } from './write-options.ts';

export interface Update {
  /** From the served object to what the client wants; a PUT ignores its argument. */
  readonly change: (before: KubeObject) => Decoded;
  /** A PUT guards by the uid it carries; in a patch the uid is a field like others. */
  readonly guardsUid: boolean;
  readonly options: WriteOptions;
  readonly refuseUnknown: (candidate: KubeObject) => (sentence: string) => Failure;
}

export function update(api: ApiContext, place: ObjectPlace, change: Update): Written {
  const { type } = place;
  const before = type.rules.toServed(stored(api, place));
  const { object, unknown, warnings: odd } = change.change(before);
  const strange = judgeUnknown(unknown, change.options, change.refuseUnknown(object));
  const noticed = [...strange, ...odd];
  return withWarnings(noticed, () => {
    const candidate = checkedPlace(object, place);
    if (textAt(candidate, 'apiVersion') === '') throw versionMissing();
    guard(candidate, before, { ...place, guardsUid: change.guardsUid });
    const after = defaulted(merged(candidate, before, place), type);
    validate(after, before, place);
    const counted = withGeneration(after, before, type);
    const warnings = [...noticed, ...(type.rules.warningsOf?.(after, before) ?? [])];
    const settled = settle(api, place, { before, after: counted, ...change });
    return { code: 200, warnings, object: settled };
  });
}

function checkedPlace(object: KubeObject, { namespace, name }: ObjectPlace): KubeObject {
  if (object.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${object.metadata.name ?? ''}) does not match ` +
        `the name on the URL (${name})`,
    );
  }
  return inNamespace(object, namespace);
}

type Guard = ObjectPlace & Pick<Update, 'guardsUid'>;

function guard(candidate: KubeObject, before: KubeObject, place: Guard): void {
  const { type, name } = place;
  const { uid, resourceVersion } = candidate.metadata;
  if (place.guardsUid && uid !== undefined && uid !== before.metadata.uid) {
    const key = `/registry/${type.collection}/${keyOf(place.namespace, name)}`;
    throw conflict(
      type,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, ` +
        `AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, ` +
        `UID in object meta: ${before.metadata.uid}`,
    );
  }
  if (resourceVersion === undefined) return requireRevision(type, name);
  if (resourceVersion !== before.metadata.resourceVersion) throw modified(type, name);
}

function requireRevision(type: ResourceType, name: string): void {
  if (!type.rules.needsResourceVersion) return;
  const subject = { ...type, kind: type.plural };
  throw invalidObject(subject, name, [
    invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
  ]);
}

/** The status endpoint changes nothing but status; the main endpoint everything but status. */
function merged(candidate: KubeObject, before: KubeObject, place: ObjectPlace): KubeObject {
  switch (place.part) {
    case 'status':
      return withStatus(before, candidate.status);
    case 'object': {
      const after = carriedOver(candidate, before);
      return place.type.hasStatus ? withStatus(after, before.status) : after;
    }
  }
}

function withStatus(object: KubeObject, status: unknown): KubeObject {
  const rest = omit(object, 'status') as KubeObject;
  return status === undefined || status === null ? rest : { ...rest, status };
}

function validate(after: KubeObject, before: KubeObject, { type, part }: ObjectPlace): void {
  const errors = [
    ...validateMetaUpdate(after.metadata, before.metadata),
    ...validateMeta(after.metadata),
  ];
  const all = [...errors, ...type.rules.validate(after, before, { part, errors })];
  if (all.length > 0) throw invalidObject(type, before.metadata.name, all);
}

function withGeneration(after: KubeObject, before: KubeObject, type: ResourceType): KubeObject {
  const counted = (object: KubeObject): unknown => omit(object, 'metadata', 'status');
  if (!type.rules.hasGeneration || isEqual(counted(after), counted(before))) return after;
  return withMeta(after, { generation: (before.metadata.generation ?? 0) + 1 });
}

interface Outcome extends Update {
  readonly before: KubeObject;
  readonly after: KubeObject;
}

function settle(api: ApiContext, place: ObjectPlace, outcome: Outcome): KubeObject {
  const { type, namespace, name } = place;
  const { before, options } = outcome;
  const after = withMeta(outcome.after, { resourceVersion: before.metadata.resourceVersion });
  const isChange = api.undefaulted.has(stored(api, place)) || !isEqual(after, before);
  if (!isChange || options.isDryRun) return after;
  const collection = collectionOf(api, type);
  const key = keyOf(namespace, name);
  if (isFinished(after)) {
    collection.remove(key);
    type.rules.deleted?.(before);
    api.removed(namespace);
    return after;
  }
  const kept = collection.put(key, type.rules.toStored(after));
  type.rules.written?.(kept, before);
  return type.rules.toServed(kept);
}

/** Its deletion was asked for, and the last finalizer is gone. */
function isFinished({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.finalizers === undefined;
}
