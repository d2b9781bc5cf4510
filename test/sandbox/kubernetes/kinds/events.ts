/**
 * Events, stored once and seen twice: `events.k8s.io/v1` is what operators write, core `v1` what
 * `kubectl describe` reads. The stored shape is the one of core v1.
 */

import { at, isEqual, type JsonObject, type KubeObject, textAt } from '../kube-object.ts';
import { type FieldError, invalid, required } from '../schema/field-error.ts';
import type { Schema } from '../schema/schema.ts';
import { validateQualified } from '../verbs/object-meta.ts';
import { ageSince } from './age.ts';
import { builtinColumns, fieldColumn, textColumn } from './columns.ts';
import {
  asIs,
  METADATA_FIELDS,
  type ResourceType,
  type SelectableFields,
  type WriteRules,
} from './resource-type.ts';

/** events.k8s.io/v1 on the left, core v1 on the right; all other fields have the same name. */
const RENAMED = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
] as const;

const TO_CORE: Readonly<Record<string, string>> = Object.fromEntries(RENAMED);
const FROM_CORE: Readonly<Record<string, string>> = Object.fromEntries(
  RENAMED.map(([name, core]) => [core, name]),
);

const TEXT: Schema = { type: 'string' };
const TIME: Schema = { type: 'string', format: 'date-time' };
const MICRO_TIME: Schema = { type: 'string', format: 'micro-time' };
const COUNT: Schema = { type: 'integer', format: 'int32' };
const REFERENCE: Schema = objectOf({
  apiVersion: TEXT,
  kind: TEXT,
  namespace: TEXT,
  name: TEXT,
  uid: TEXT,
  resourceVersion: TEXT,
  fieldPath: TEXT,
});

const CORE_PROPERTIES: Readonly<Record<string, Schema>> = {
  involvedObject: REFERENCE,
  related: REFERENCE,
  reason: TEXT,
  message: TEXT,
  source: objectOf({ component: TEXT, host: TEXT }),
  firstTimestamp: TIME,
  lastTimestamp: TIME,
  count: COUNT,
  type: TEXT,
  eventTime: MICRO_TIME,
  series: objectOf({ count: COUNT, lastObservedTime: MICRO_TIME }),
  action: TEXT,
  reportingComponent: TEXT,
  reportingInstance: TEXT,
};

function objectOf(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties };
}

const renamed = (object: JsonObject, names: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([field, value]) => [names[field] ?? field, value]),
  );

function toCore(event: KubeObject): KubeObject {
  return { ...(renamed(event, TO_CORE) as KubeObject), apiVersion: 'v1' };
}

function fromCore(event: KubeObject): KubeObject {
  return { ...(renamed(event, FROM_CORE) as KubeObject), apiVersion: 'events.k8s.io/v1' };
}

const WRITES: Omit<WriteRules, 'validate' | 'toStored' | 'toServed'> = {
  isTyped: true,
  hasGeneration: false,
  createsOnUpdate: true,
  needsResourceVersion: false,
  mergesStrategically: true,
  prepare: asIs,
};

const COMMON = {
  version: 'v1',
  plural: 'events',
  singular: 'event',
  kind: 'Event',
  listKind: 'EventList',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  hasStatus: false,
  collection: 'events',
} as const;

export const CORE_EVENTS: ResourceType = {
  ...COMMON,
  group: '',
  schema: objectOf(CORE_PROPERTIES),
  columns: eventColumns(asIs),
  selectable: eventFields('involvedObject', asIs),
  rules: { ...WRITES, validate: validateEvent, toStored: asIs, toServed: asIs },
};

export const EVENTS: ResourceType = {
  ...COMMON,
  group: 'events.k8s.io',
  schema: objectOf(renamed(CORE_PROPERTIES, FROM_CORE) as Readonly<Record<string, Schema>>),
  columns: eventColumns(toCore),
  selectable: eventFields('regarding', toCore),
  rules: {
    ...WRITES,
    validate: (after, before) => validateNewStyle(toCore(after), before && toCore(before)),
    toStored: toCore,
    toServed: fromCore,
  },
};

function eventColumns(core: (event: KubeObject) => KubeObject): ResourceType['columns'] {
  const lastSeen = textColumn('Last Seen', (event, now) => ageSince(lastTimeOf(core(event)), now));
  const subject = textColumn('Object', (event) => {
    const involvedObject = core(event)['involvedObject'];
    return `${textAt(involvedObject, 'kind').toLowerCase()}/${textAt(involvedObject, 'name')}`;
  });
  const message = textColumn('Message', (event) => textAt(core(event), 'message').trim());
  const [, ...own] = builtinColumns(
    lastSeen,
    fieldColumn('Type', 'type'),
    fieldColumn('Reason', 'reason'),
    subject,
    message,
  );
  return own.slice(0, -1);
}

function lastTimeOf(event: KubeObject): unknown {
  return (
    at(event, 'series', 'lastObservedTime') ??
    event['lastTimestamp'] ??
    event['eventTime'] ??
    event.metadata.creationTimestamp
  );
}

function eventFields(reference: string, core: (event: KubeObject) => KubeObject): SelectableFields {
  const read =
    (...path: readonly string[]) =>
    (event: KubeObject): string =>
      textAt(core(event), ...path);
  const referenced = Object.keys(REFERENCE.properties ?? {}).map((field) => [
    `${reference}.${field}`,
    read('involvedObject', field),
  ]);
  return {
    ...METADATA_FIELDS,
    ...Object.fromEntries(referenced),
    reason: read('reason'),
    type: read('type'),
    reportingComponent: read('reportingComponent'),
    reportingController: read('reportingComponent'),
    source: read('source', 'component'),
  };
}

/** Events without an `eventTime` are of the old style, of which almost nothing is asked. */
function validateEvent(event: KubeObject): readonly FieldError[] {
  if ((event['eventTime'] ?? null) === null) return [];
  const text = (field: string): string => textAt(event, field);
  return [
    ...demanded('reportingController', text('reportingComponent')),
    ...(text('reportingComponent') === ''
      ? []
      : validateQualified('reportingController', text('reportingComponent'))),
    ...bounded('reportingInstance', text('reportingInstance')),
    ...bounded('action', text('action')),
    ...bounded('reason', text('reason')),
    ...(text('message').length > 1024 ? [tooManyCharacters('message', 1024)] : []),
  ];
}

function demanded(field: string, value: string): readonly FieldError[] {
  return value === '' ? [required(field)] : [];
}

function bounded(field: string, value: string): readonly FieldError[] {
  return value.length > 128 ? [tooManyCharacters(field, 128)] : demanded(field, value);
}

function tooManyCharacters(field: string, max: number): FieldError {
  return invalid(field, '', `can have at most ${max} characters`);
}

function validateNewStyle(
  event: KubeObject,
  before: KubeObject | undefined,
): readonly FieldError[] {
  if (before !== undefined) return [...validateEvent(event), ...validateChange(event, before)];
  const type = textAt(event, 'type');
  return [
    ...validateEvent(event),
    ...((event['eventTime'] ?? null) === null ? [required('eventTime')] : []),
    ...(['Normal', 'Warning'].includes(type)
      ? []
      : [invalid('type', '', `has invalid value: ${type}`)]),
    ...['firstTimestamp', 'lastTimestamp', 'count']
      .filter((field) => (event[field] ?? null) !== null)
      .map((field) => invalid(field, '', 'needs to be unset')),
    ...validateSeries(event['series']),
  ];
}

function validateSeries(series: unknown): readonly FieldError[] {
  if (series === undefined || series === null) return [];
  const count = Number(at(series, 'count') ?? 0);
  return [
    ...(count < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(at(series, 'lastObservedTime') === undefined ? [required('series.lastObservedTime')] : []),
  ];
}

/** Only the series and the metadata may change. */
function validateChange(event: KubeObject, before: KubeObject): readonly FieldError[] {
  const fixed = Object.keys(CORE_PROPERTIES).filter((field) => field !== 'series');
  return [
    ...fixed
      .filter((field) => !isEqual(event[field], before[field]))
      .map((field) => invalid(field, event[field], 'field is immutable')),
    ...validateSeries(event['series']),
  ];
}
