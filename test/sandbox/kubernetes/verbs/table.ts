/** `meta.k8s.io/v1 Table`: what kubectl prints. */

import type { ResourceType } from '../kinds/resource-type.ts';
import { type JsonObject, type KubeObject, omit } from '../kube-object.ts';
import { partialMetadata } from './partial-metadata.ts';

export type RowObject = 'None' | 'Metadata' | 'Object';

export interface TableRequest {
  readonly type: ResourceType;
  readonly rowObject: RowObject;
  readonly now: Date;
}

export function tableOf(
  objects: readonly KubeObject[],
  metadata: JsonObject,
  request: TableRequest,
): JsonObject {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: request.type.columns.map((column) => omit(column, 'cell')),
    rows: objects.map((object) => rowOf(object, request)),
  };
}

/** In a watch only the first table repeats the columns. */
export function withoutColumns(table: JsonObject): JsonObject {
  return { ...table, columnDefinitions: null };
}

function rowOf(object: KubeObject, { type, rowObject, now }: TableRequest): JsonObject {
  const cells = type.columns.map(({ cell }) => cell(object, now));
  switch (rowObject) {
    case 'None':
      return { cells, object: null };
    case 'Metadata':
      return { cells, object: partialMetadata(object) };
    case 'Object':
      return { cells, object };
  }
}
