/** What the server fills in, checks and protects in `metadata`. */
import { randomUUID } from 'node:crypto';
import { isEqual, type KubeObject, type ObjectMeta, withMeta } from '../kube-object.ts';
import { type FieldError, forbidden, invalid, required } from '../schema/field-error.ts';

/** The fields of ObjectMeta; everything else in metadata is unknown and pruned. */
export const META_FIELDS = [
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'managedFields',
  'selfLink',
] as const;

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

const DNS_LABELS = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const ANNOTATIONS_BYTES_MAX = 256 * 1024;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for " +
  "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NAME_PART_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or " +
  "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function validateMeta(meta: ObjectMeta): readonly FieldError[] {
  return [
    ...validateName(meta),
    ...validateLabels(meta.labels ?? {}),
    ...validateAnnotations(meta.annotations ?? {}),
    ...(meta.finalizers ?? []).flatMap((name) => validateQualified('metadata.finalizers', name)),
  ];
}

function validateName({ name }: ObjectMeta): readonly FieldError[] {
  if (isBlank(name)) return [required('metadata.name', 'name or generateName is required')];
  if (name.length > 253) {
    return [invalid('metadata.name', name, 'must be no more than 253 characters')];
  }
  return DNS_LABELS.test(name) ? [] : [invalid('metadata.name', name, SUBDOMAIN_RULE)];
}

function validateLabels(labels: Readonly<Record<string, string>>): readonly FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...validateQualified('metadata.labels', key),
    ...validateLabelValue(value),
  ]);
}

function validateLabelValue(value: string): readonly FieldError[] {
  if (value.length > 63) {
    return [invalid('metadata.labels', value, 'must be no more than 63 characters')];
  }
  return LABEL_VALUE.test(value) ? [] : [invalid('metadata.labels', value, LABEL_VALUE_RULE)];
}

function validateAnnotations(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  const tooBig: readonly FieldError[] =
    bytes <= ANNOTATIONS_BYTES_MAX
      ? []
      : [
          {
            field: 'metadata.annotations',
            reason: 'FieldValueTooLong',
            message: `Too long: may not be more than ${ANNOTATIONS_BYTES_MAX} bytes`,
          },
        ];
  const keys = Object.keys(annotations);
  return [...keys.flatMap((key) => validateQualified('metadata.annotations', key)), ...tooBig];
}

/** `prefix.example.com/name` */
export function validateQualified(field: string, value: string): readonly FieldError[] {
  const parts = value.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) {
    return [invalid(field, value, `a qualified name ${NAME_PART_RULE.slice('name part '.length)}`)];
  }
  if (name === '') return [invalid(field, value, 'name part must be non-empty')];
  if (name.length > 63) {
    return [invalid(field, value, 'name part must be no more than 63 characters')];
  }
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix !== undefined && !DNS_LABELS.test(prefix)) {
    return [invalid(field, value, `prefix part ${SUBDOMAIN_RULE}`)];
  }
  return NAME_PART.test(name) ? [] : [invalid(field, value, NAME_PART_RULE)];
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
  return [invalid(`metadata.${field}`, after[field] ?? null, 'field is immutable')];
}

function noNewFinalizers(after: ObjectMeta, before: ObjectMeta): readonly FieldError[] {
  if (before.deletionTimestamp === undefined) return [];
  const added = (after.finalizers ?? []).filter((name) => !before.finalizers?.includes(name));
  if (added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(', ');
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
