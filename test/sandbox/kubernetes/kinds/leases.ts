/** `coordination.k8s.io/v1` Lease: what leader election writes. */

import { at, type KubeObject } from '../kube-object.ts';
import { type FieldError, invalid } from '../schema/field-error.ts';
import type { Schema } from '../schema/schema.ts';
import { builtinColumns, fieldColumn } from './columns.ts';
import { asIs, METADATA_FIELDS, type ResourceType } from './resource-type.ts';

const MICRO_TIME: Schema = { type: 'string', format: 'micro-time' };

const SCHEMA: Schema = {
  description: 'Lease defines a lease concept.',
  type: 'object',
  properties: {
    spec: {
      description: 'spec contains the specification of the Lease.',
      type: 'object',
      default: {},
      properties: {
        holderIdentity: { type: 'string', description: 'Who holds the lease.' },
        leaseDurationSeconds: { type: 'integer', format: 'int32' },
        acquireTime: MICRO_TIME,
        renewTime: MICRO_TIME,
        leaseTransitions: { type: 'integer', format: 'int32' },
        strategy: { type: 'string' },
        preferredHolder: { type: 'string' },
      },
    },
  },
};

export const LEASES: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  singular: 'lease',
  kind: 'Lease',
  listKind: 'LeaseList',
  shortNames: [],
  categories: [],
  namespaced: true,
  hasStatus: false,
  collection: 'leases',
  schema: SCHEMA,
  columns: builtinColumns(fieldColumn('Holder', 'spec', 'holderIdentity')),
  selectable: METADATA_FIELDS,
  rules: {
    isTyped: true,
    hasGeneration: false,
    createsOnUpdate: true,
    needsResourceVersion: true,
    mergesStrategically: true,
    prepare: asIs,
    validate: validateLease,
    toStored: asIs,
    toServed: asIs,
  },
};

function validateLease(lease: KubeObject): readonly FieldError[] {
  const duration = at(lease, 'spec', 'leaseDurationSeconds');
  const transitions = at(lease, 'spec', 'leaseTransitions');
  const errors: FieldError[] = [];
  if (typeof duration === 'number' && duration <= 0) {
    errors.push(invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0'));
  }
  if (typeof transitions === 'number' && transitions < 0) {
    errors.push(
      invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'),
    );
  }
  return errors;
}
