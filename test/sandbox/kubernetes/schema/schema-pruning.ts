/**
 * Removes what a schema does not know, and says what it removed. A null where null is not allowed
 * and where no default takes its place is removed as well, silently.
 */
import { isObject, type JsonObject } from '../kube-object.ts';
import { fieldSchema, joinPath, keepsUnknownFields, type Schema } from './schema.ts';

export interface Pruned<T> {
  readonly value: T;
  /** Paths of unknown fields, in the order in which they were met. */
  readonly unknown: readonly string[];
}

/** Prunes one object; the fields named in `untouched` are left to others (metadata, say). */
export function prune<T extends JsonObject>(
  object: T,
  schema: Schema,
  untouched: readonly string[] = [],
): Pruned<T> {
  const unknown: string[] = [];
  const entries = Object.entries(object).flatMap(([field, value]) => {
    if (untouched.includes(field)) return [[field, value]];
    return prunedField(field, value, { schema, path: '', unknown });
  });
  return { value: Object.fromEntries(entries) as T, unknown };
}

interface Place {
  readonly schema: Schema;
  readonly path: string;
  readonly unknown: string[];
}

function prunedField(field: string, value: unknown, place: Place): [string, unknown][] {
  const schema = fieldSchema(place.schema, field);
  const path = joinPath(place.path, field);
  if (schema !== undefined && isVoid(value, schema)) return [];
  if (schema !== undefined) return [[field, prunedValue(value, { ...place, schema, path })]];
  if (keepsUnknownFields(place.schema)) return [[field, value]];
  place.unknown.push(path);
  return [];
}

function isVoid(value: unknown, schema: Schema): boolean {
  return value === null && schema.nullable !== true && schema.default === undefined;
}

function prunedValue(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return prunedItems(value, place);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => prunedField(field, inner, place)),
  );
}

function prunedItems(items: readonly unknown[], place: Place): unknown {
  const schema = place.schema.items ?? {};
  return items.map((item, index) =>
    prunedValue(item, { ...place, schema, path: `${place.path}[${index}]` }),
  );
}
