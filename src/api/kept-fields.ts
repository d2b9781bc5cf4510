/**
 * What the CRD of the cluster has to know: the API server drops, without a word, every field that
 * its schema does not have. An older CRD than this operator would make it forget what it owns, and
 * users' policies would never arrive.
 */
import { listOf, type Unknowns, unknowns } from './read.ts';
import { GROUP, KIND, VERSION } from './resource-server.ts';

/** Without these we would do what nobody asked for, or forget that we did. `[]` is an item. */
export const NEEDED_FIELDS = [
  'spec.userPoolId',
  'spec.identifier',
  'spec.name',
  'spec.scopes',
  'spec.scopes[].name',
  'spec.scopes[].description',
  'spec.deletionPolicy',
  'spec.adoptionPolicy',
  'spec.managementPolicy',
  'status.recordUID',
  'status.remote',
  'status.remote.userPoolId',
  'status.remote.identifier',
  'status.remote.origin',
  'status.remote.hash',
  'status.remote.from',
  'status.pending',
  'status.pending.operation',
  'status.pending.hash',
  'status.pending.to',
  'status.pending.startTime',
  'status.pending.instance',
] as const;

/** Without these status says less. */
export const TELLING_FIELDS = [
  'status.observedGeneration',
  'status.conditions',
  'status.conditions[].type',
  'status.conditions[].status',
  'status.conditions[].observedGeneration',
  'status.conditions[].lastTransitionTime',
  'status.conditions[].reason',
  'status.conditions[].message',
  'status.scopeCount',
  'status.scopeIdentifiers',
  'status.remote.accountId',
  'status.drift',
  'status.lastHandledSyncRequest',
] as const;

export interface Lacking {
  readonly needed: readonly string[];
  readonly telling: readonly string[];
}

/**
 * @param document OpenAPI v3 of our group and version
 * @returns `undefined` when it does not describe our kind
 */
export function lackingIn(document: unknown): Lacking | undefined {
  const schemas = unknowns(unknowns(unknowns(document)['components'])['schemas']);
  const ours = Object.values(schemas).map(unknowns).find(isOurs);
  if (ours === undefined) return undefined;
  const lacks = (path: string): boolean => !keeps(ours, namesOf(path));
  return { needed: NEEDED_FIELDS.filter(lacks), telling: TELLING_FIELDS.filter(lacks) };
}

function isOurs(schema: Unknowns): boolean {
  return listOf(schema['x-kubernetes-group-version-kind']).some((each) => {
    const { group, version, kind } = unknowns(each);
    return group === GROUP && version === VERSION && kind === KIND;
  });
}

function namesOf(path: string): readonly string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

function keeps(schema: Unknowns, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true) return true;
  const inner = name === '[]' ? schema['items'] : unknowns(schema['properties'])[name];
  return inner !== undefined && keeps(unknowns(inner), rest);
}

const RECORD_FIELDS = NEEDED_FIELDS.filter((path) => path.startsWith('status.'));

/** Records that were written and are not in what the API server stored. */
export function droppedRecords(patch: unknown, stored: unknown): readonly string[] {
  return RECORD_FIELDS.filter((path) => {
    const sent = valueAt(patch, path);
    if (typeof sent !== 'object') return sent !== undefined && sent !== valueAt(stored, path);
    return sent !== null && typeof valueAt(stored, path) !== 'object';
  });
}

function valueAt(object: unknown, path: string): unknown {
  return namesOf(path).reduce((value, name) => unknowns(value)[name], object);
}
