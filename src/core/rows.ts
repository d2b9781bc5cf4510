/**
 * The status contract: one row for each way a climb can end.
 *
 * A check that fails says nothing: the last truth stands. `Ready=True` comes from `Synced` alone.
 */
import type { Reason } from '../api/conditions.ts';
import type { Condition } from '../api/resource-server.ts';
import { type Outcome, THROTTLED_AFTER_MS } from './outcome.ts';

/** What a row of the contract says; `Stalled` and `Reconciling` are never true together. */
export type Row =
  | {
      readonly kind: 'Said';
      readonly ready: Condition['status'];
      readonly reason: Reason;
      /** The condition beside Ready, and its reason. */
      readonly also:
        | { readonly type: 'Reconciling' | 'Stalled'; readonly reason: Reason }
        | undefined;
    }
  | { readonly kind: 'Paused' }
  | { readonly kind: 'Unchanged' };

const SYNCED: Row = { kind: 'Said', ready: 'True', reason: 'Synced', also: undefined };
const DELETING: Row = {
  kind: 'Said',
  ready: 'False',
  reason: 'Deleting',
  also: { type: 'Reconciling', reason: 'Deleting' },
};
const UNCHANGED: Row = { kind: 'Unchanged' };

function working(reason: Reason): Row {
  return { kind: 'Said', ready: 'Unknown', reason, also: { type: 'Reconciling', reason } };
}

function failing(reason: Reason): Row {
  const also = { type: 'Reconciling', reason: 'ProgressingWithRetry' } as const;
  return { kind: 'Said', ready: 'False', reason, also };
}

function stalled(reason: Reason): Row {
  return { kind: 'Said', ready: 'False', reason, also: { type: 'Stalled', reason } };
}

export function rowOf(outcome: Outcome, leaving: boolean): Row {
  const row = rowOfLife(outcome);
  if (!leaving || outcome.kind === 'Blocked') return row;
  return saysDeleting(outcome) ? DELETING : UNCHANGED;
}

function rowOfLife(outcome: Outcome): Row {
  switch (outcome.kind) {
    case 'Synced':
      return SYNCED;
    case 'Paused':
      return { kind: 'Paused' };
    case 'Refused':
    case 'Rejected':
      return stalled(outcome.reason);
    case 'Waiting':
      return rowOfWait(outcome);
    case 'NotSent':
    case 'Unavailable':
    case 'Unanswered':
      return outcome.mutation ? working('ProgressingWithRetry') : UNCHANGED;
    case 'Forbidden':
    case 'Denied':
      return failing('AccessDenied');
    case 'AccountMismatch':
      return failing('AccountMismatch');
    case 'PoolMissing':
      return failing('UserPoolNotFound');
    case 'QuotaReached':
      return stalled('QuotaExceeded');
    case 'Blocked':
      return stalled('DeletionBlocked');
    case 'Conflict':
    case 'KubernetesFailed':
    case 'Abandoned':
    case 'Released':
      return UNCHANGED;
  }
}

type Wait = Extract<Outcome, { kind: 'Waiting' }>;

function rowOfWait(wait: Wait): Row {
  switch (wait.for) {
    case 'Holder':
      return failing('IdentityTaken');
    case 'Lane':
      return wait.mutation && wait.waitedMs >= THROTTLED_AFTER_MS
        ? working('Throttled')
        : UNCHANGED;
    case 'Late':
      return working('ProgressingWithRetry');
    case 'Rivals':
      return working('Progressing');
    case 'Sweep':
    case 'Rival':
      return UNCHANGED;
  }
}

/** Waits and failures of a deletion are all told: no `Ready=True` stands beside it. */
function saysDeleting(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'Conflict':
    case 'KubernetesFailed':
    case 'Abandoned':
    case 'Released':
      return false;
    case 'Waiting':
    case 'Synced':
    case 'Paused':
    case 'Refused':
    case 'NotSent':
    case 'Unavailable':
    case 'Unanswered':
    case 'Forbidden':
    case 'Denied':
    case 'AccountMismatch':
    case 'PoolMissing':
    case 'QuotaReached':
    case 'Rejected':
    case 'Blocked':
      return true;
  }
}

/** While a record is pending: a mutation is under way. */
export function rowOfPending(leaving: boolean): Row {
  return leaving ? DELETING : working('Progressing');
}
