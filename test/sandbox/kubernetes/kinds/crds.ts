/** `apiextensions.k8s.io/v1` CustomResourceDefinition: writing one installs its kind. */

import { at, isEqual, isObject, type JsonObject, type KubeObject } from '../kube-object.ts';
import { type FieldError, invalid } from '../schema/field-error.ts';
import { timestamp } from '../verbs/object-meta.ts';
import { textColumn } from './columns.ts';
import { customResourceTypes, schemaOf } from './custom-resource.ts';
import { asIs, METADATA_FIELDS, type ResourceType } from './resource-type.ts';
import { selectableFieldErrors } from './selectable-fields.ts';

export interface CrdEffects {
  readonly now: () => Date;
  readonly install: (types: readonly ResourceType[]) => void;
  readonly uninstall: (group: string, plural: string) => void;
  /** Ends the watches of the kind. */
  readonly disconnect: (group: string, plural: string) => void;
  /** Removes all objects of the kind and ends its watches. */
  readonly purge: (group: string, plural: string) => void;
}

export function crdType(effects: CrdEffects): ResourceType {
  return {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    singular: 'customresourcedefinition',
    kind: 'CustomResourceDefinition',
    listKind: 'CustomResourceDefinitionList',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    hasStatus: true,
    collection: 'customresourcedefinitions',
    schema: {
      description: 'CustomResourceDefinition represents a resource that should be exposed.',
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
    },
    columns: [
      textColumn('Name', ({ metadata }) => metadata.name),
      textColumn('Created At', ({ metadata }) => metadata.creationTimestamp),
    ],
    selectable: METADATA_FIELDS,
    rules: {
      isTyped: false,
      hasGeneration: true,
      createsOnUpdate: false,
      needsResourceVersion: true,
      mergesStrategically: true,
      prepare: (crd) => established(crd, effects.now()),
      validate: validateCrd,
      toStored: asIs,
      toServed: asIs,
      written: (crd, before) => {
        if (isEqual(crd.spec, before?.spec)) return;
        const { group, plural } = namesOf(crd);
        effects.uninstall(group, plural);
        effects.install(customResourceTypes(crd));
        effects.disconnect(group, plural);
      },
      deleted: (crd) => {
        const { group, plural } = namesOf(crd);
        effects.uninstall(group, plural);
        effects.purge(group, plural);
      },
    },
  };
}

function namesOf({ spec }: KubeObject): { readonly group: string; readonly plural: string } {
  return { group: String(at(spec, 'group')), plural: String(at(spec, 'names', 'plural')) };
}

function validateCrd(crd: KubeObject): readonly FieldError[] {
  const { group, plural } = namesOf(crd);
  const { name } = crd.metadata;
  if (name !== `${plural}.${group}`) {
    return [invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
  }
  const stored = versionsOf(crd).filter((version) => version['storage'] === true);
  if (stored.length !== 1) {
    return [invalid('spec.versions', 'array', 'must have exactly one version marked as storage')];
  }
  try {
    const selectable = versionsOf(crd).flatMap((version, index) =>
      selectableFieldErrors(version, schemaOf(version), fieldOf(crd, index)),
    );
    if (selectable.length === 0) customResourceTypes(crd);
    return selectable;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [invalid('spec.versions', 'array', `not understood by this embedded server: ${why}`)];
  }
}

/** Of a single version it is told as if it stood above all of them. */
function fieldOf(crd: KubeObject, index: number): string {
  const parent = versionsOf(crd).length === 1 ? 'spec' : `spec.versions[${index}]`;
  return `${parent}.selectableFields`;
}

function versionsOf(crd: KubeObject): readonly JsonObject[] {
  const versions = at(crd.spec, 'versions');
  return Array.isArray(versions) ? versions.filter(isObject) : [];
}

function established(crd: KubeObject, now: Date): KubeObject {
  const condition = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: 'True',
    lastTransitionTime: timestamp(now),
    reason,
    message,
  });
  const spec = { conversion: { strategy: 'None' }, ...(crd.spec as JsonObject) };
  const status = {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    acceptedNames: at(crd.spec, 'names'),
    storedVersions: versionsOf(crd)
      .filter((version) => version['storage'] === true)
      .map((version) => version['name']),
  };
  return { ...crd, spec, status };
}
