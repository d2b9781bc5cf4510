/** The shape of `metadata`, which is a Go struct whatever the kind. */
import type { Schema } from './schema.ts';

const TEXT: Schema = { type: 'string' };
const FLAG: Schema = { type: 'boolean' };
const COUNT: Schema = { type: 'integer', format: 'int64' };
const TIME: Schema = { type: 'string', format: 'date-time' };
/** A null in it is the empty text. */
const TEXTS: Schema = { type: 'object', additionalProperties: { ...TEXT, nullable: true } };

const OWNER: Schema = {
  type: 'object',
  properties: {
    apiVersion: TEXT,
    kind: TEXT,
    name: TEXT,
    uid: TEXT,
    controller: FLAG,
    blockOwnerDeletion: FLAG,
  },
};

const MANAGED_FIELDS: Schema = {
  type: 'object',
  properties: {
    manager: TEXT,
    operation: TEXT,
    apiVersion: TEXT,
    time: TIME,
    fieldsType: TEXT,
    fieldsV1: { 'x-kubernetes-preserve-unknown-fields': true },
    subresource: TEXT,
  },
};

export const META_SCHEMA: Schema = {
  type: 'object',
  properties: {
    name: TEXT,
    namespace: TEXT,
    generateName: TEXT,
    selfLink: TEXT,
    uid: TEXT,
    resourceVersion: TEXT,
    generation: COUNT,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    deletionGracePeriodSeconds: COUNT,
    labels: TEXTS,
    annotations: TEXTS,
    ownerReferences: { type: 'array', items: OWNER },
    finalizers: { type: 'array', items: TEXT },
    managedFields: { type: 'array', items: MANAGED_FIELDS },
  },
};
