/**
 * Whether a sweep leaves a resource as it is: then no key is queued, nothing is described and
 * nothing is written. That is how three hundred unchanged servers cost six calls.
 */
import { findCondition, REASONS, type Reason } from '../api/conditions.ts';
import { FINALIZER } from '../api/names.ts';
import type { ResourceServer } from '../api/parse.ts';
import { isEqual } from './drift.ts';
import { linesOf } from './verdicts.ts';
import type { Content } from './view.ts';

/**
 * @param seen what the sweep found, `undefined` for nothing
 * @param account the caller's, where known: a record that lacks it is not at rest
 */
export function isSettled(
  resource: ResourceServer,
  seen: Content | undefined,
  account: string | undefined,
): boolean {
  const { status, leaving, paused, problems, desired } = resource;
  if (leaving || paused) return true;
  if (status.observedGeneration !== resource.generation) return false;
  if (problems.length > 0 || desired === undefined) return reasonOf(resource) === 'InvalidSpec';
  const equal = seen !== undefined && seen.managedBy === undefined && isEqual(desired, seen);
  switch (reasonOf(resource)) {
    case 'Synced':
      return equal && isHeld(resource) && isComplete(resource, account);
    case 'Drifted':
      return !equal && isSameDrift(resource, seen);
    case 'AlreadyExists':
      return seen !== undefined && (!equal || resource.adoptionPolicy === 'Never');
    case 'ManagedByCognito':
      return seen?.managedBy !== undefined;
    case 'NotConverging':
    case 'InvalidParameter':
    case 'OperationNotEnabled':
    case 'QuotaExceeded':
    case 'AccountMismatch':
      return !equal;
    case 'IdentityTaken':
    case 'Throttled':
    case 'ProgressingWithRetry':
      return true;
    case 'Progressing':
    case 'AccessDenied':
    case 'UserPoolNotFound':
    case 'InvalidSpec':
    case 'Paused':
    case 'Deleting':
    case 'DeletionBlocked':
    case undefined:
      return false;
  }
}

/** Whoever enforces has a record and a finalizer, or somebody took them while nobody looked. */
function isHeld({ remote, finalizers, managementPolicy }: ResourceServer): boolean {
  if (managementPolicy === 'Observe') return true;
  return remote !== undefined && finalizers.includes(FINALIZER);
}

/** The record names the account, where both are known of. */
function isComplete({ remote }: ResourceServer, account: string | undefined): boolean {
  return remote === undefined || remote.accountId !== undefined || account === undefined;
}

function reasonOf({ status }: ResourceServer): Reason | undefined {
  const ready = findCondition(status.conditions, 'Ready');
  return REASONS.find((each) => each === ready?.reason);
}

function isSameDrift({ desired, status }: ResourceServer, seen: Content | undefined): boolean {
  if (desired === undefined) return true;
  const lines =
    seen === undefined ? ['the resource server does not exist'] : linesOf(desired, seen);
  return JSON.stringify(lines) === JSON.stringify(status.drift ?? []);
}
