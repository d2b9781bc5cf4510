/**
 * An error and the node of the object that caused it, so that an update is not refused for what
 * was wrong before and has not changed ("ratcheting", on since Kubernetes 1.33).
 */

import { isEqual, isObject } from '../kube-object.ts';
import type { FieldError } from './field-error.ts';
import { fieldSchema, mapKeyOf, type Schema } from './schema.ts';

export type Segment = string | number;

export interface Finding {
  readonly error: FieldError;
  /** The node that was judged: the list for its duplicates, the object for a missing field. */
  readonly node: readonly Segment[];
}

/** `spec.scopes[1].name` */
export function pathOf(segments: readonly Segment[]): string {
  return segments.reduce<string>(
    (path, segment) =>
      typeof segment === 'number'
        ? `${path}[${segment}]`
        : `${path}${path === '' ? '' : '.'}${segment}`,
    '',
  );
}

export function isUnchanged(node: readonly Segment[], after: unknown, place: Before): boolean {
  const [segment, ...rest] = node;
  if (segment === undefined) return place.before !== undefined && isEqual(after, place.before);
  if (Array.isArray(after)) return isItemUnchanged(Number(segment), rest, { after, ...place });
  if (!isObject(after) || !isObject(place.before)) return false;
  const field = String(segment);
  return isUnchanged(rest, after[field], {
    before: place.before[field],
    schema: fieldSchema(place.schema, field) ?? {},
  });
}

interface Before {
  readonly before: unknown;
  readonly schema: Schema;
}

interface Lists extends Before {
  readonly after: readonly unknown[];
}

function isItemUnchanged(index: number, rest: readonly Segment[], lists: Lists): boolean {
  const { after, before, schema } = lists;
  const item = after[index];
  const earlier = correlated(item, before, schema);
  if (earlier === undefined) return isEqual(after, before);
  return isUnchanged(rest, item, { before: earlier, schema: schema.items ?? {} });
}

/** The item of the earlier list that is the same one; only lists of type map can tell. */
export function correlated(item: unknown, before: unknown, schema: Schema): unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys === undefined) return undefined;
  if (!Array.isArray(before)) return undefined;
  const key = mapKeyOf(item, keys);
  return before.find((other) => isEqual(mapKeyOf(other, keys), key));
}
