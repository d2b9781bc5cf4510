/** Printer columns: how a kind looks in `kubectl get`. */

import { asText, type JsonObject, type KubeObject, textAt } from '../kube-object.ts';
import { compileJsonPath } from '../schema/json-path.ts';
import { ageSince } from './age.ts';
import type { Column } from './resource-type.ts';

const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
  cell: ({ metadata }) => metadata.name ?? '',
};

const AGE: Column = textColumn('Age', ({ metadata }, now) =>
  ageSince(metadata.creationTimestamp, now),
);

export function textColumn(name: string, cell: Column['cell'], priority = 0): Column {
  return { name, type: 'string', format: '', description: '', priority, cell };
}

/** Name first, age last, what is special to the kind between them. */
export function builtinColumns(...own: readonly Column[]): readonly Column[] {
  return [NAME, ...own, AGE];
}

/** `additionalPrinterColumns` of a CRD; throws when a path is not understood. */
export function customColumns(definitions: readonly JsonObject[] | undefined): readonly Column[] {
  if (definitions === undefined || definitions.length === 0) return builtinColumns();
  return [NAME, ...definitions.map(customColumn)];
}

function customColumn(definition: JsonObject): Column {
  const type = String(definition['type']);
  const read = compileJsonPath(String(definition['jsonPath']));
  return {
    name: String(definition['name']),
    type,
    format: textAt(definition, 'format'),
    description: textAt(definition, 'description'),
    priority: Number(definition['priority'] ?? 0),
    cell: (object, now) => cellOf(read(object)[0], type, now),
  };
}

/** A value that does not fit the type of its column is not shown. */
function cellOf(value: unknown, type: string, now: Date): unknown {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return ageSince(value, now);
    default:
      return typeof value === 'object' ? JSON.stringify(value) : asText(value);
  }
}

export function fieldColumn(name: string, ...path: readonly string[]): Column {
  return textColumn(name, (object: KubeObject) => textAt(object, ...path));
}
