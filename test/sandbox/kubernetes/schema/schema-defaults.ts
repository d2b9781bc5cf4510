/** Fills in the defaults of a schema. A null where null is not allowed gives way to the default. */
import { isObject } from '../kube-object.ts';
import { type Schema } from './schema.ts';

export function withDefaults<T>(value: T, schema: Schema): T {
  return defaulted(value, schema) as T;
}

function defaulted(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return defaultedItems(value, schema);
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(value)) {
    result[field] = defaulted(inner, innerSchema(schema, field));
  }
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    if (inner.default === undefined || !isMissing(result[field], inner)) continue;
    result[field] = defaulted(structuredClone(inner.default), inner);
  }
  return result;
}

function defaultedItems(items: readonly unknown[], schema: Schema): unknown {
  const inner = schema.items;
  return inner === undefined ? items : items.map((item) => defaulted(item, inner));
}

function innerSchema(schema: Schema, field: string): Schema {
  const extra = schema.additionalProperties;
  return schema.properties?.[field] ?? (isObject(extra) ? extra : {});
}

function isMissing(value: unknown, schema: Schema): boolean {
  return value === undefined || (value === null && schema.nullable !== true);
}
