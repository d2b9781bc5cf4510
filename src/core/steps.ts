/** What establishes a fact that does not hold, or the outcome that ends the climb there. */
import { type Action, type Decision, letGo, perform, retain, settle } from './action.ts';
import { failedCall, poolMissing, stopOutcome } from './outcome.ts';
import { resolution } from './resolve.ts';
import {
  claimIsConfirmed,
  desiredHash,
  isDescribed,
  isManagedByCognito,
  isOpen,
  presentContent,
  remoteConverges,
  remoteIsGone,
  sweepCouldSuffice,
} from './rungs.ts';
import { adoption, blocked, notConverging } from './verdicts.ts';
import type { MutatingOperation, Operation, PoolSeen, View } from './view.ts';

export function addFinalizer(): Decision {
  return perform({ kind: 'AddFinalizer' });
}

export function reportStop(view: View): Decision {
  return settle(stopOutcome(view));
}

/** For what a ladder never asks: whoever comes here looks anew, at backoff. */
function decideAgain(): Decision {
  return settle({ kind: 'Conflict' });
}

/* ------------------------------------------------------------ who holds it */

export function yieldToHolder({ claim }: View): Decision {
  if (claim.kind === 'Ours') return decideAgain();
  const { holder } = claim;
  if (holder.leaving) return settle({ kind: 'Waiting', for: 'Holder', holder });
  return settle({ kind: 'Refused', reason: 'IdentityTaken', holder });
}

export function leaveToHolder({ claim }: View): Decision {
  if (claim.kind === 'Ours') return decideAgain();
  if (claim.holder.leaving) {
    return settle({ kind: 'Waiting', for: 'Holder', holder: claim.holder });
  }
  return retain('another resource holds the identity');
}

/* --------------------------------------------------------- looking at Cognito */

export function observe(view: View): Decision {
  const { observation, sweep } = view;
  if (observation === undefined && sweepCouldSuffice(view)) {
    if (sweep.kind === 'Awaited') return settle({ kind: 'Waiting', for: 'Sweep' });
    if (sweep.kind === 'PoolMissing') return settle(failedCall(view, sweep.failure, 'List'));
  }
  return describe(view, expectsMutation(view));
}

/** Told from the records and the last sweep: wrong only costs a place that goes back. */
function expectsMutation({ observation, records, resource, ...view }: View): boolean {
  if (resource.managementPolicy === 'Observe' || view.climb.rejected) return false;
  if (records.remote === undefined) return resource.adoptionPolicy === 'Always';
  if (observation?.kind === 'Absent') return true;
  const wanted = desiredHash({ observation, records, resource, ...view });
  return records.remote.hash !== wanted || observation?.hash !== wanted;
}

export function describe(view: View, expectsWrite: boolean): Decision {
  return call(view, 'Describe', { kind: 'Describe', expectsWrite });
}

/** Another key of the pool probes what is known to fail: we wait for it without a call. */
function call(view: View, operation: Operation, action: Action): Decision {
  const failure = view.closed[operation];
  if (failure === undefined || isOpen(view, operation)) return perform(action);
  return settle(failedCall(view, failure, operation));
}

/* ------------------------------------------------------ records of the past */

export function resolvePending(view: View): Decision {
  const verdict = resolution(view);
  switch (verdict.kind) {
    case 'Look':
      return describe(view, view.resource.leaving);
    case 'Absent':
      return remoteIsGone(view) ? letGo() : proveOrDelete(view);
    case 'Unproven':
      return tellPool(view);
    case 'Wait':
      return waitOut(view);
    case 'Resolved':
      return perform({ kind: 'Resolve', records: verdict.records, effect: verdict.effect });
    case 'Foreign':
      return settle(blocked('ContentDiffers'));
    case 'Recreated':
      return retain('somebody else created the resource server again');
  }
}

export function waitOut({ lateUntilMs, nowMs }: View): Decision {
  return settle({ kind: 'Waiting', for: 'Late', remainingMs: lateUntilMs - nowMs });
}

/* ------------------------------------------------------- changing Cognito */

/** Record, then act: the record is written by one step and spent by the next. */
export function mutate(view: View, operation: MutatingOperation): Decision {
  const unconfirmed = confirmClaim(view);
  if (unconfirmed !== undefined) return unconfirmed;
  const hash = operation === 'Delete' ? presentHash(view) : desiredHash(view);
  if (hash === undefined) return describe(view, true);
  return call(view, operation, { kind: 'RecordPending', operation, hash });
}

export function spendRecord({ records, resource }: View): Decision {
  const operation = records.pending?.operation;
  if (operation === 'Delete') return perform({ kind: 'Delete' });
  if (operation === undefined || operation === 'HandOver') return decideAgain();
  if (resource.desired === undefined) return decideAgain();
  return perform({ kind: operation, desired: resource.desired });
}

/** For an identity that others name too: their late writes first, then a live read of them. */
export function confirmClaim(view: View): Decision | undefined {
  const { claim, nowMs } = view;
  if (claimIsConfirmed(view) || claim.kind === 'Theirs' || claim.confirm === 'Confirmed') {
    return undefined;
  }
  const remainingMs = claim.confirm.fromMs - nowMs;
  if (remainingMs <= 0) return perform({ kind: 'ReadRivals' });
  return settle({ kind: 'Waiting', for: 'Rivals', remainingMs });
}

export function adoptOrRefuse(view: View): Decision {
  if (!isDescribed(view)) return describe(view, expectsMutation(view));
  const verdict = adoption(view);
  if (verdict.kind === 'Refused') return settle(verdict);
  return confirmClaim(view) ?? perform({ kind: 'Adopt', hash: verdict.hash });
}

export function updateOrGiveUp(view: View): Decision {
  return remoteConverges(view) ? mutate(view, 'Update') : settle(notConverging(view));
}

export function proveOrDelete(view: View): Decision {
  const seen = view.observation;
  if (seen?.kind === 'Absent') return proveAbsence(view, seen.pool);
  if (seen && isManagedByCognito(seen)) return settle(blocked('ManagedByCognito'));
  return mutate(view, 'Delete');
}

/** A missing pool proves nothing unless we look with the account that the record names. */
function proveAbsence(view: View, pool: PoolSeen): Decision {
  if (pool === 'Unasked') return call(view, 'List', { kind: 'ListPool' });
  if (view.records.remote?.accountId === undefined) return settle(blocked('AccountUnknown'));
  if (view.account !== undefined) return settle(blocked('AccountMismatch'));
  if (!view.climb.accountAsked) return perform({ kind: 'AskAccount' });
  return settle(blocked('AccountUnknown'));
}

export function reportRejection(view: View): Decision {
  const { rejected } = view.climb;
  return rejected ? settle(failedCall(view, rejected, 'Create')) : decideAgain();
}

export function tellPool(view: View): Decision {
  const seen = view.observation;
  if (seen?.kind === 'Absent' && seen.pool === 'Missing') return settle(poolMissing(view));
  return call(view, 'List', { kind: 'ListPool' });
}

function presentHash(view: View): string | undefined {
  const content = presentContent(view);
  return content && view.observation?.kind === 'Present' ? view.observation.hash : undefined;
}
