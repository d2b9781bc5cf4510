/** Fills in the defaults of a schema. A null where null is not allowed gives way to the default. */
import { isObject, type JsonObject } from '../kube-object.ts';
import { fieldSchema, type Schema } from './schema.ts';

export function withDefaults<T>(value: T, schema: Schema): T {
  return defaulted(value, schema) as T;
}

function defaulted(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return defaultedItems(value, schema);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).map(([field, inner]) => [
    field,
    defaulted(inner, fieldSchema(schema, field) ?? {}),
  ]);
  const added = Object.entries(schema.properties ?? {})
    .filter(([field, inner]) => inner.default !== undefined && isMissing(value, field, inner))
    .map(([field, inner]) => [field, defaulted(structuredClone(inner.default), inner)]);
  return Object.fromEntries([...kept, ...added]);
}

function defaultedItems(items: readonly unknown[], schema: Schema): unknown {
  const inner = schema.items;
  return inner === undefined ? items : items.map((item) => defaulted(item, inner));
}

function isMissing(object: JsonObject, field: string, schema: Schema): boolean {
  if (!Object.hasOwn(object, field)) return true;
  return object[field] === null && schema.nullable !== true;
}
