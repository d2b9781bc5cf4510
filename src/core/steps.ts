/** What establishes a fact that does not hold, or the outcome that ends the climb there. */
import { type Action, type Decision, letGo, perform, retain, settle } from './action.ts';
import { failedCall, rejectedCall, stopOutcome } from './outcome.ts';
import { resolution } from './resolve.ts';
import {
  desiredHash,
  hashSeen,
  isManagedByCognito,
  poolIsMissing,
  remoteConverges,
  remoteIsGone,
  sweepCouldSuffice,
  syncIsAsked,
} from './rungs.ts';
import { blocked, notConverging, refusalToAdopt } from './verdicts.ts';
import type { Claim, Holder, MutatingOperation, Operation, PoolSeen, View } from './view.ts';

export function addFinalizer(): Decision {
  return perform({ kind: 'AddFinalizer' });
}

export function reportStop(view: View): Decision {
  return settle(stopOutcome(view));
}

/** For what a ladder never asks: whoever comes here looks anew, at backoff. */
export function decideAgain(): Decision {
  return settle({ kind: 'Conflict' });
}

/* ------------------------------------------------------------ who holds it */

export function yieldToHolder({ claim }: View): Decision {
  return unlessItLeaves(claim, (holder) =>
    settle({ kind: 'Refused', reason: 'IdentityTaken', holder }),
  );
}

export function leaveToHolder({ claim }: View): Decision {
  return unlessItLeaves(claim, () => retain('another resource holds the identity'));
}

/** A holder that leaves is waited for. */
function unlessItLeaves(claim: Claim, otherwise: (holder: Holder) => Decision): Decision {
  if (claim.kind === 'Ours') return decideAgain();
  const { holder } = claim;
  return holder.leaving ? settle({ kind: 'Waiting', for: 'Holder', holder }) : otherwise(holder);
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
function expectsMutation(view: View): boolean {
  const { climb, records, resource } = view;
  if (resource.managementPolicy === 'Observe' || climb.rejected) return false;
  if (records.remote === undefined) return resource.adoptionPolicy === 'Always';
  const wanted = desiredHash(view);
  return records.remote.hash !== wanted || hashSeen(view) !== wanted;
}

export function describe(view: View, expectsWrite: boolean): Decision {
  return call(view, 'Describe', { kind: 'Describe', expectsWrite });
}

/**
 * Another key of the pool probes what is known to fail: we wait for it without a call. Only a
 * sync request looks for itself.
 */
function call(view: View, operation: Operation, action: Action): Decision {
  const failure = view.closed[operation];
  if (failure === undefined || syncIsAsked(view)) return perform(action);
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
  const hash = operation === 'Delete' ? hashSeen(view) : desiredHash(view);
  if (hash === undefined) return decideAgain();
  return call(view, operation, { kind: 'RecordPending', operation, hash });
}

/** Nothing is sent that the stored record does not name: not even when the store lost it. */
export function spendRecord({ records, resource }: View): Decision {
  const operation = records.pending?.operation;
  if (operation === 'Delete') return perform({ kind: 'Delete' });
  if (operation === undefined || operation === 'HandOver') return decideAgain();
  if (resource.desired === undefined) return decideAgain();
  return perform({ kind: operation, desired: resource.desired });
}

/** For an identity that others name too: their late writes first, then a live read of them. */
export function confirmClaim({ claim, nowMs }: View): Decision | undefined {
  if (claim.kind === 'Theirs' || claim.confirm === 'Confirmed') return undefined;
  const remainingMs = claim.confirm.fromMs - nowMs;
  if (remainingMs <= 0) return perform({ kind: 'ReadRivals' });
  return settle({ kind: 'Waiting', for: 'Rivals', remainingMs });
}

export function adoptOrRefuse(view: View): Decision {
  const seen = view.observation;
  if (seen?.kind !== 'Present') return decideAgain();
  const refusal = refusalToAdopt(view, seen);
  if (refusal !== undefined) return settle(refusal);
  return confirmClaim(view) ?? perform({ kind: 'Adopt', hash: seen.hash });
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
  return rejected ? settle(rejectedCall(view, rejected)) : decideAgain();
}

export function tellPool(view: View): Decision {
  if (poolIsMissing(view)) return settle({ kind: 'PoolMissing', operation: 'Describe' });
  return call(view, 'List', { kind: 'ListPool' });
}
