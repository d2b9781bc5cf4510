/** Lists of type set and map hold each item, or each key, once. */

import { isObject } from '../kube-object.ts';
import { duplicate, type FieldError, invalid } from './field-error.ts';
import { pathOf, type Segment } from './finding.ts';
import { fieldSchema, mapKeyOf, type Schema } from './schema.ts';

export function findDuplicates(
  value: unknown,
  schema: Schema,
  node: readonly Segment[] = [],
): readonly FieldError[] {
  if (Array.isArray(value)) {
    const inner = value.map((item, at) => findDuplicates(item, schema.items ?? {}, [...node, at]));
    return [...duplicatesIn(value, schema, node), ...inner.flat()];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const innerSchema = fieldSchema(schema, field);
    return innerSchema === undefined ? [] : findDuplicates(inner, innerSchema, [...node, field]);
  });
}

function duplicatesIn(
  items: readonly unknown[],
  schema: Schema,
  node: readonly Segment[],
): readonly FieldError[] {
  const at = (index: number): string => pathOf([...node, index]);
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') return repeated(items).map((index) => duplicate(at(index), items[index]));
  if (listType !== 'map') return [];
  const stranger = items.findIndex((item) => item !== null && !isObject(item));
  if (stranger !== -1) return [invalid(at(stranger), items[stranger], NO_OBJECT)];
  const keys = items.map((item) => mapKeyOf(item, schema['x-kubernetes-list-map-keys'] ?? []));
  return repeated(keys).map((index) => duplicate(at(index), keys[index]));
}

const NO_OBJECT = 'must be an object for an array of list-type map';

/** Where something is met for the second time; a third time is not told. */
function repeated(items: readonly unknown[]): readonly number[] {
  const times = new Map<string, number>();
  return items.flatMap((item, index) => {
    const text = JSON.stringify(item);
    const count = (times.get(text) ?? 0) + 1;
    times.set(text, count);
    return count === 2 ? [index] : [];
  });
}
