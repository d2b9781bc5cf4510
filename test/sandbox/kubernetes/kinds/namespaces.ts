/** Core `v1` Namespace, and what a namespace controller does when one is deleted. */

import { type KubeObject, withMeta } from '../kube-object.ts';
import { builtinColumns, fieldColumn } from './columns.ts';
import { asIs, METADATA_FIELDS, type ResourceType } from './resource-type.ts';

export const NAMESPACES: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  listKind: 'NamespaceList',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  hasStatus: true,
  collection: 'namespaces',
  schema: {
    description: 'Namespace provides a scope for Names.',
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: { finalizers: { type: 'array', items: { type: 'string' } } },
      },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
  columns: builtinColumns(fieldColumn('Status', 'status', 'phase')),
  selectable: METADATA_FIELDS,
  rules: {
    isTyped: true,
    hasGeneration: false,
    createsOnUpdate: false,
    needsResourceVersion: false,
    mergesStrategically: true,
    prepare: activeNamespace,
    validate: () => [],
    toStored: asIs,
    toServed: asIs,
  },
};

function activeNamespace(namespace: KubeObject): KubeObject {
  const { name, labels } = namespace.metadata;
  const labelled = withMeta(namespace, {
    labels: { ...labels, 'kubernetes.io/metadata.name': name },
  });
  return { ...labelled, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
}
