/** Everything the server knows about one kind in one version: what it serves and how it decides. */

import type { KubeObject } from '../kube-object.ts';
import type { ObjectValidator } from '../schema/object-validation.ts';
import type { Schema } from '../schema/schema.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  readonly cell: (object: KubeObject, now: Date) => unknown;
}

/** The fields a field selector may name, and how to read them. */
export type SelectableFields = Readonly<Record<string, (object: KubeObject) => string>>;

/** Selectable in every kind. */
export const METADATA_FIELDS: SelectableFields = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};

export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly hasStatus: boolean;
  /** Where the objects live; two views of the same objects name the same collection. */
  readonly collection: string;
  readonly schema: Schema;
  readonly columns: readonly Column[];
  readonly selectable: SelectableFields;
  readonly rules: WriteRules;
}

/** How writes of a kind differ from those of other kinds. */
export interface WriteRules {
  /** A Go struct: values of a wrong type are refused while decoding, with 400. */
  readonly isTyped: boolean;
  /** `metadata.generation` counts the changes of anything but metadata and status. */
  readonly hasGeneration: boolean;
  /** PUT of an object that is missing creates it. */
  readonly createsOnUpdate: boolean;
  /** PUT without a resourceVersion is refused. */
  readonly needsResourceVersion: boolean;
  /** Strategic merge patches are understood (built-in kinds; custom resources never are). */
  readonly mergesStrategically: boolean;
  /** What the server itself adds to a new object. */
  readonly prepare: (object: KubeObject) => KubeObject;
  readonly validate: ObjectValidator;
  /** What is odd about a valid object. */
  readonly warningsOf?: (after: KubeObject, before: KubeObject | undefined) => readonly string[];
  /** From the served shape to the stored one, and back. */
  readonly toStored: (object: KubeObject) => KubeObject;
  readonly toServed: (object: KubeObject) => KubeObject;
  /** Runs after a write was stored: a CRD installs its kind, for instance. */
  readonly written?: (object: KubeObject, before: KubeObject | undefined) => void;
  readonly deleted?: (object: KubeObject) => void;
}

export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

export const asIs = (object: KubeObject): KubeObject => object;
