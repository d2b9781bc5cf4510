/**
 * The stored status, less whatever is not shaped as the schema says: what is dropped here is
 * written anew by the next report. Never a problem of the user's.
 */
import { isWithin, LIMITS } from './limits.ts';
import { field, isText, isUnknowns, listOf, type Unknowns, unknowns } from './read.ts';
import type {
  Condition,
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
      ? { conditions: listOf(from['conditions']).filter(isCondition) }
      : {}),
    ...pick(from, 'scopeCount', isNumber),
    ...texts('scopeIdentifiers'),
    ...pick(from, 'recordUID', isText),
    ...pick(from, 'remote', isRemote),
    ...pick(from, 'pending', isPending),
    ...texts('drift'),
    ...pick(from, 'lastHandledSyncRequest', isText),
  };
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

const ORIGINS: readonly unknown[] = ['Created', 'Adopted'];

function isRemote(value: unknown): value is RemoteRecord {
  if (!isUnknowns(value)) return false;
  const { userPoolId, identifier, origin, hash } = value;
  if (!isText(userPoolId) || !isText(identifier) || !isText(hash)) return false;
  return (
    isWithin(LIMITS.userPoolId, userPoolId) &&
    isWithin(LIMITS.identifier, identifier) &&
    ORIGINS.includes(origin)
  );
}

const OPERATIONS: readonly unknown[] = ['Create', 'Update', 'Delete'];

function isPending(value: unknown): value is PendingRecord {
  return isUnknowns(value) && isText(value['hash']) && OPERATIONS.includes(value['operation']);
}
