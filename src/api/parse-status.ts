/**
 * The stored status, less whatever is not shaped as the schema says: what is dropped here is
 * written anew by the next report. Never a problem of the user's.
 */
import { isWithin, LIMITS } from './limits.ts';
import { RESERVED_PREFIX } from './names.ts';
import { field, isText, isUnknowns, listOf, type Unknowns, unknowns } from './read.ts';
import type {
  Condition,
  Origin,
  PendingOperation,
  PendingRecord,
  RemoteRecord,
  ResourceServerStatus,
} from './resource-server.ts';

export function parseStatus(raw: unknown): ResourceServerStatus {
  const from = unknowns(raw);
  const texts = (name: string) => {
    const list = field(from, name);
    return Array.isArray(list) ? { [name]: list.filter(isText) } : {};
  };
  return {
    ...pick(from, 'observedGeneration', isNumber),
    ...(Array.isArray(from['conditions'])
      ? { conditions: listOf(from['conditions']).filter(isCondition).map(onlyKnown) }
      : {}),
    ...pick(from, 'scopeCount', isNumber),
    ...texts('scopeIdentifiers'),
    ...pick(from, 'recordUID', isText),
    ...present('remote', readRemote(field(from, 'remote'))),
    ...present('pending', readPending(field(from, 'pending'))),
    ...texts('drift'),
    ...pick(from, 'lastHandledSyncRequest', isText),
  };
}

function present<T>(name: string, value: T | undefined) {
  return value === undefined ? {} : { [name]: value };
}

function pick<T>(from: Unknowns, name: string, is: (value: unknown) => value is T) {
  const value = field(from, name);
  return is(value) ? { [name]: value } : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

const STATUSES: readonly unknown[] = ['True', 'False', 'Unknown'];

function isCondition(value: unknown): value is Condition {
  if (!isUnknowns(value)) return false;
  const texts = ['type', 'reason', 'lastTransitionTime'].every((name) => isText(value[name]));
  return texts && typeof value['message'] === 'string' && STATUSES.includes(value['status']);
}

/** What else is there has no bottom that anybody promised. */
function onlyKnown(condition: Condition): Condition {
  const { type, status, lastTransitionTime, reason, message } = condition;
  const generation = pick(unknowns(condition), 'observedGeneration', isNumber);
  return { type, status, ...generation, lastTransitionTime, reason, message };
}

const ORIGINS: readonly Origin[] = ['Created', 'Adopted'];
const ACCOUNT = /^\d{12}$/;

/** What it names becomes a host name and a request: it is held to the limits of the spec. */
function readRemote(value: unknown): RemoteRecord | undefined {
  const from = unknowns(value);
  const { userPoolId, identifier, hash, accountId } = from;
  const origin = ORIGINS.find((each) => each === from['origin']);
  if (!isText(userPoolId) || !isWithin(LIMITS.userPoolId, userPoolId)) return undefined;
  if (!isText(identifier) || !isWithin(LIMITS.identifier, identifier)) return undefined;
  if (identifier.startsWith(RESERVED_PREFIX) || !isText(hash) || !origin) return undefined;
  const account = isText(accountId) && ACCOUNT.test(accountId) ? { accountId } : {};
  return { userPoolId, identifier, ...account, origin, hash, ...pick(from, 'from', isText) };
}

const OPERATIONS: readonly PendingOperation[] = ['Create', 'Update', 'Delete', 'HandOver'];

function readPending(value: unknown): PendingRecord | undefined {
  const from = unknowns(value);
  const { hash, startTime, instance } = from;
  const operation = OPERATIONS.find((each) => each === from['operation']);
  if (!operation || !isText(hash)) return undefined;
  const known = { operation, hash, startTime: textOf(startTime), instance: textOf(instance) };
  return { ...known, ...pick(from, 'to', isText) };
}

function textOf(value: unknown): string {
  return isText(value) ? value : '';
}
