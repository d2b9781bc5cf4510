/** Lists of type set and map hold each item, or each key, once. */

import { isObject } from '../kube-object.ts';
import { duplicate } from './field-error.ts';
import { type Finding, pathOf, type Segment } from './finding.ts';
import { fieldSchema, mapKeyOf, type Schema } from './schema.ts';

export function findDuplicates(
  value: unknown,
  schema: Schema,
  node: readonly Segment[] = [],
): readonly Finding[] {
  if (Array.isArray(value)) return duplicatesInList(value, schema, node);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const innerSchema = fieldSchema(schema, field);
    return innerSchema === undefined ? [] : findDuplicates(inner, innerSchema, [...node, field]);
  });
}

function duplicatesInList(
  items: readonly unknown[],
  schema: Schema,
  node: readonly Segment[],
): readonly Finding[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const inner = findDuplicates(item, schema.items ?? {}, [...node, index]);
    const key = uniqueKey(item, schema);
    if (key === undefined) return inner;
    const text = JSON.stringify(key);
    if (!seen.has(text)) {
      seen.add(text);
      return inner;
    }
    return [{ node, error: duplicate(pathOf([...node, index]), key) }, ...inner];
  });
}

/** What must be unique, or undefined where anything goes. */
function uniqueKey(item: unknown, schema: Schema): unknown {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') return item;
  if (listType !== 'map') return undefined;
  return mapKeyOf(item, schema['x-kubernetes-list-map-keys'] ?? []);
}
