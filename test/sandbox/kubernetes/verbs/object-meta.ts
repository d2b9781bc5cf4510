/** What the server fills in, checks and protects in `metadata`. */
import { randomUUID } from 'node:crypto';
import { isEqual, type KubeObject, type ObjectMeta, withMeta } from '../kube-object.ts';
import {
  type FieldError,
  forbidden,
  invalid,
  invalidJson,
  required,
  tooLong,
} from '../schema/field-error.ts';
import { quoted } from '../schema/go-text.ts';
import { validateOwners } from '../schema/owner-references.ts';
import {
  faultsOfLabelValue,
  faultsOfQualifiedName,
  faultsOfSubdomain,
} from '../schema/qualified-name.ts';

const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** A new object as the server stores it: what clients may not choose is chosen here. */
export function born(object: KubeObject, now: Date): KubeObject {
  const { name, generateName } = object.metadata;
  const generated = generateName === undefined ? '' : `${generateName}${nameSuffix()}`;
  return withMeta(object, {
    name: isBlank(name) ? generated : name,
    uid: randomUUID(),
    creationTimestamp: timestamp(now),
    resourceVersion: undefined,
    generation: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
  });
}

function nameSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return [...bytes].map((byte) => SUFFIX_ALPHABET[byte % SUFFIX_ALPHABET.length]).join('');
}

/** What an update may not touch is taken from the stored object. */
export function carriedOver(after: KubeObject, before: KubeObject): KubeObject {
  const known = before.metadata;
  return withMeta(after, {
    uid: after.metadata.uid ?? known.uid,
    creationTimestamp: known.creationTimestamp,
    generation: known.generation,
    deletionTimestamp: known.deletionTimestamp ?? after.metadata.deletionTimestamp,
    deletionGracePeriodSeconds:
      after.metadata.deletionGracePeriodSeconds ?? known.deletionGracePeriodSeconds,
  });
}

const ANNOTATIONS_BYTES_MAX = 256 * 1024;

export function validateMeta(meta: ObjectMeta): readonly FieldError[] {
  return [
    ...validateName(meta),
    ...validateLabels(meta.labels ?? {}),
    ...validateAnnotations(meta.annotations ?? {}),
    ...validateOwners(meta.ownerReferences ?? []),
    ...(meta.finalizers ?? []).flatMap((name) => validateQualified('metadata.finalizers', name)),
  ];
}

function validateName({ name }: ObjectMeta): readonly FieldError[] {
  if (isBlank(name)) return [required('metadata.name', 'name or generateName is required')];
  return invalids('metadata.name', name, faultsOfSubdomain(name));
}

function validateLabels(labels: Readonly<Record<string, string>>): readonly FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...validateQualified('metadata.labels', key),
    ...invalids('metadata.labels', value, faultsOfLabelValue(value)),
  ]);
}

/** Their keys are judged as if in lower case. */
function validateAnnotations(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const field = 'metadata.annotations';
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return [
    ...Object.keys(annotations).flatMap((key) =>
      invalids(field, key, faultsOfQualifiedName(lowerCase(key))),
    ),
    ...(bytes <= ANNOTATIONS_BYTES_MAX ? [] : [tooLong(field, ANNOTATIONS_BYTES_MAX)]),
  ];
}

/** Go maps each character to one character: of a dotted capital I no dot remains. */
function lowerCase(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase();
}

/** `prefix.example.com/name` */
export function validateQualified(field: string, value: string): readonly FieldError[] {
  return invalids(field, value, faultsOfQualifiedName(value));
}

function invalids(field: string, value: string, faults: readonly string[]): readonly FieldError[] {
  return faults.map((fault) => invalid(field, value, fault));
}

/** What an update must not have changed. */
export function validateMetaUpdate(after: ObjectMeta, before: ObjectMeta): readonly FieldError[] {
  return [
    ...immutable('uid', after, before),
    ...immutable('deletionTimestamp', after, before),
    ...immutable('deletionGracePeriodSeconds', after, before),
    ...noNewFinalizers(after, before),
  ];
}

function immutable(
  field: keyof ObjectMeta,
  after: ObjectMeta,
  before: ObjectMeta,
): readonly FieldError[] {
  if (isEqual(after[field], before[field])) return [];
  return [invalidJson(`metadata.${field}`, after[field] ?? null, 'field is immutable')];
}

function noNewFinalizers(after: ObjectMeta, before: ObjectMeta): readonly FieldError[] {
  if (before.deletionTimestamp === undefined) return [];
  const added = (after.finalizers ?? []).filter((name) => !before.finalizers?.includes(name));
  if (added.length === 0) return [];
  const list = [...new Set(added)].toSorted().map(quoted).join(', ');
  return [
    forbidden(
      'metadata.finalizers',
      'no new finalizers can be added if the object is being deleted, ' +
        `found new finalizers []string{${list}}`,
    ),
  ];
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text === '';
}
