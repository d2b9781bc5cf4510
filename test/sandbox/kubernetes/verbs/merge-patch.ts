/** JSON merge patch (RFC 7396), as an API server's library reads it. */
import { isObject, type JsonObject } from '../kube-object.ts';

/** A new object; a field called `__proto__` is a field like others. */
export function mergePatched(object: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(object));
  for (const [field, value] of Object.entries(patch)) {
    const before = merged.get(field);
    if (value === null) merged.delete(field);
    else if (!isObject(before)) merged.set(field, withoutNulls(value));
    else merged.set(field, isObject(value) ? mergePatched(before, value) : value);
  }
  return Object.fromEntries(merged);
}

/** Where nothing is patched there is nothing to remove; also inside of lists. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([field, inner]) => [field, withoutNulls(inner)]));
}
