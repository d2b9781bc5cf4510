/**
 * What the server stores: plain JSON, treated as immutable. Every write makes a new object, so
 * that watchers, pages and histories may share them, and their text is made once.
 */
import { isDeepStrictEqual } from 'node:util';

export type JsonObject = { readonly [field: string]: unknown };

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly JsonObject[];
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly [field: string]: unknown;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isEqual(left: unknown, right: unknown): boolean {
  return left === right || isDeepStrictEqual(left, right);
}

/** The value at a path of fields, or undefined as soon as one is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const field of path) here = isObject(here) ? here[field] : undefined;
  return here;
}

/** The scalar at a path as text; '' when there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  return asText(at(value, ...path));
}

export function asText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
    case 'undefined':
    case 'function':
    case 'symbol':
      return '';
  }
}

export function omit(object: object, ...fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

/** Drops the fields that are undefined, which JSON does not know. */
export function compact<T extends object>(object: T): T {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as T;
}

export function withMeta(
  object: KubeObject,
  changes: Partial<Undefinable<ObjectMeta>>,
): KubeObject {
  return { ...object, metadata: compact({ ...object.metadata, ...changes }) as ObjectMeta };
}

type Undefinable<T> = { [K in keyof T]: T[K] | undefined };

/** The key in the store; sorts as etcd sorts. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

const texts = new WeakMap<object, string>();

/** JSON text, made once per object: lists of thousands and watches fan out the same text. */
export function textOf(object: object): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  texts.set(object, text);
  return text;
}
