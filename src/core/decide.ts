/**
 * LIVING and LEAVING: the two ladders, and `decide(view)`.
 *
 * A ladder is a list of facts in the only safe order. The lowest one that does not hold names the
 * action that establishes it, or the outcome that ends the climb. Same view, same decision.
 *
 *   record what we are about to do -> do it once -> record what came of it
 *   finalizer first, finalizer last; nothing outside before the record, nothing let go before proof
 */
import type { Outcome } from './outcome.ts';
import { accountMismatch, failedCall, poolMissing, stopOutcome } from './outcome.ts';
import { resolution } from './resolve.ts';
import {
  accountIsOurs,
  claimIsConfirmed,
  deletionIsOurDuty,
  desiredHash,
  type Fact,
  finalizerIsOurs,
  finalizerIsSet,
  identityIsOurs,
  isDescribed,
  isEnforced,
  isManagedByCognito,
  isNotPaused,
  isOpen,
  nothingStopsUs,
  pendingIsResolved,
  presentContent,
  recordIsCold,
  remoteConverges,
  remoteExists,
  remoteIsDescribed,
  remoteIsGone,
  remoteIsObserved,
  remoteIsOurs,
  remoteMatches,
  specIsValid,
  sweepCouldSuffice,
} from './rungs.ts';
import {
  adoption,
  blocked,
  drifted,
  invalidSpec,
  notConverging,
  retention,
} from './verdicts.ts';
import type { Effect, Operation, Records, View } from './view.ts';
import type { PendingOperation } from '../api/resource-server.ts';

export type Action =
  | { readonly kind: 'AddFinalizer' }
  | { readonly kind: 'ReadRivals' }
  /** `expectsWrite`: a mutation is likely to follow, so its place is taken too. */
  | { readonly kind: 'Describe'; readonly expectsWrite: boolean }
  | { readonly kind: 'ListPool' }
  | { readonly kind: 'AskAccount' }
  | { readonly kind: 'Resolve'; readonly records: Records; readonly effect: Effect | undefined }
  | { readonly kind: 'Adopt'; readonly hash: string }
  | { readonly kind: 'RecordPending'; readonly operation: PendingOperation; readonly hash: string }
  | { readonly kind: PendingOperation }
  | { readonly kind: 'RemoveFinalizer'; readonly retained: string | undefined };

export type Decision =
  | { readonly kind: 'Perform'; readonly action: Action }
  | { readonly kind: 'Settle'; readonly outcome: Outcome };

interface Rung {
  readonly fact: Fact;
  readonly otherwise: (view: View) => Decision;
}

export function decide(view: View): Decision {
  return climb(view.resource.leaving ? LEAVING : LIVING, view);
}

const LIVING: readonly Rung[] = [
  { fact: nothingStopsUs, otherwise: reportStop },
  { fact: isNotPaused, otherwise: () => settle({ kind: 'Paused' }) },
  { fact: specIsValid, otherwise: (view) => settle(invalidSpec(view)) },
  { fact: isEnforced, otherwise: (view) => climb(OBSERVING, view) },
  { fact: finalizerIsSet, otherwise: () => perform({ kind: 'AddFinalizer' }) },
  { fact: identityIsOurs, otherwise: yieldToHolder },
  { fact: accountIsOurs, otherwise: (view) => settle(accountMismatch(view)) },
  { fact: pendingIsResolved, otherwise: resolvePending },
  { fact: remoteIsObserved, otherwise: observe },
  { fact: nothingWasRejected, otherwise: reportRejection },
  { fact: remoteIsOurs, otherwise: adoptOrRefuse },
  { fact: remoteExists, otherwise: (view) => mutate(view, 'Create') },
  { fact: remoteMatches, otherwise: updateOrGiveUp },
  { fact: nobodyElseIsWriting, otherwise: () => settle({ kind: 'Waiting', for: 'Rival' }) },
];

/** Never adopts, records or writes: it looks, and says what it sees. */
const OBSERVING: readonly Rung[] = [
  { fact: pendingIsResolved, otherwise: resolvePending },
  { fact: remoteIsObserved, otherwise: observe },
  { fact: poolIsThere, otherwise: tellPool },
  { fact: nobodyElseIsWriting, otherwise: () => settle({ kind: 'Waiting', for: 'Rival' }) },
  { fact: remoteMatches, otherwise: (view) => settle(drifted(view)) },
];

const LEAVING: readonly Rung[] = [
  { fact: finalizerIsOurs, otherwise: () => settle({ kind: 'Released' }) },
  { fact: nothingStopsUs, otherwise: reportStop },
  { fact: recordIsCold, otherwise: waitOut },
  { fact: deletionIsOurDuty, otherwise: (view) => letGo(retention(view)) },
  { fact: identityIsOurs, otherwise: leaveToHolder },
  { fact: isNotPaused, otherwise: () => settle(blocked('Paused')) },
  { fact: identityIsReadable, otherwise: () => settle(blocked('IdentityUnreadable')) },
  { fact: pendingIsResolved, otherwise: resolvePending },
  { fact: remoteIsDescribed, otherwise: (view) => describe(view, true) },
  { fact: remoteIsGone, otherwise: proveOrDelete },
  { fact: () => false, otherwise: () => letGo(undefined) },
];

function climb(ladder: readonly Rung[], view: View): Decision {
  const missing = ladder.find((rung) => !rung.fact(view));
  return missing === undefined ? settle({ kind: 'Synced' }) : missing.otherwise(view);
}

function perform(action: Action): Decision {
  return { kind: 'Perform', action };
}

function settle(outcome: Outcome): Decision {
  return { kind: 'Settle', outcome };
}

function letGo(retained: string | undefined): Decision {
  return perform({ kind: 'RemoveFinalizer', retained });
}

function reportStop(view: View): Decision {
  return settle(stopOutcome(view));
}

/* ------------------------------------------------------------ who holds it */

function yieldToHolder({ claim }: View): Decision {
  if (claim.kind === 'Ours') return settle({ kind: 'Synced' });
  const { holder } = claim;
  if (holder.leaving) return settle({ kind: 'Waiting', for: 'Holder', holder });
  return settle({ kind: 'Refused', reason: 'IdentityTaken', holder });
}

function leaveToHolder({ claim }: View): Decision {
  if (claim.kind === 'Ours') return settle({ kind: 'Released' });
  if (claim.holder.leaving) {
    return settle({ kind: 'Waiting', for: 'Holder', holder: claim.holder });
  }
  return letGo('another resource holds the identity');
}

/* --------------------------------------------------------- looking at Cognito */

function observe(view: View): Decision {
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

function describe(view: View, expectsWrite: boolean): Decision {
  return call(view, 'Describe', { kind: 'Describe', expectsWrite });
}

/** Another key of the pool probes what is known to fail: we wait for it without a call. */
function call(view: View, operation: Operation, action: Action): Decision {
  const failure = view.closed[operation];
  if (failure === undefined || isOpen(view, operation)) return perform(action);
  return settle(failedCall(view, failure, operation));
}

/* ------------------------------------------------------ records of the past */

function resolvePending(view: View): Decision {
  const verdict = resolution(view);
  switch (verdict.kind) {
    case 'Look':
      return describe(view, view.resource.leaving);
    case 'Absent':
      return remoteIsGone(view) ? letGo(undefined) : proveOrDelete(view);
    case 'Wait':
      return waitOut(view);
    case 'Resolved':
      return perform({ kind: 'Resolve', records: verdict.records, effect: verdict.effect });
    case 'Foreign':
      return settle(blocked('ContentDiffers'));
    case 'Recreated':
      return letGo('somebody else created the resource server again');
  }
}

function waitOut({ lateUntilMs, nowMs }: View): Decision {
  return settle({ kind: 'Waiting', for: 'Late', remainingMs: lateUntilMs - nowMs });
}

/* ------------------------------------------------------- changing Cognito */

/** Record, then act: the record is written by one step and spent by the next. */
function mutate(view: View, operation: PendingOperation): Decision {
  if (view.climb.armed) return perform({ kind: operation });
  const unconfirmed = confirmClaim(view);
  if (unconfirmed !== undefined) return unconfirmed;
  const hash = operation === 'Delete' ? presentHash(view) : desiredHash(view);
  if (hash === undefined) return describe(view, true);
  return call(view, operation, { kind: 'RecordPending', operation, hash });
}

/** For an identity that others name too: their late writes first, then a live read of them. */
function confirmClaim(view: View): Decision | undefined {
  const { claim, nowMs } = view;
  if (claimIsConfirmed(view) || claim.kind === 'Theirs' || claim.confirm === 'Confirmed') {
    return undefined;
  }
  const remainingMs = claim.confirm.fromMs - nowMs;
  if (remainingMs <= 0) return perform({ kind: 'ReadRivals' });
  return settle({ kind: 'Waiting', for: 'Rivals', remainingMs });
}

function adoptOrRefuse(view: View): Decision {
  if (!isDescribed(view)) return describe(view, expectsMutation(view));
  const verdict = adoption(view);
  if (verdict.kind === 'Refused') return settle(verdict);
  return confirmClaim(view) ?? perform({ kind: 'Adopt', hash: verdict.hash });
}

function updateOrGiveUp(view: View): Decision {
  if (view.climb.armed) return mutate(view, 'Update');
  return remoteConverges(view) ? mutate(view, 'Update') : settle(notConverging(view));
}

function proveOrDelete(view: View): Decision {
  const seen = view.observation;
  if (seen?.kind === 'Absent') return proveAbsence(view, seen.pool);
  if (seen && isManagedByCognito(seen)) return settle(blocked('ManagedByCognito'));
  return mutate(view, 'Delete');
}

/** A missing pool proves nothing unless we look with the account that the record names. */
function proveAbsence(view: View, pool: 'Unasked' | 'Answers' | 'Missing'): Decision {
  if (pool === 'Unasked') return call(view, 'List', { kind: 'ListPool' });
  if (view.account !== undefined) return settle(blocked('AccountMismatch'));
  if (!view.climb.accountAsked) return perform({ kind: 'AskAccount' });
  return settle(blocked('AccountUnknown'));
}

/* ------------------------------------------------- facts that belong to a ladder */

/** Our Create was refused and a look found nothing there: the refusal was meant. */
function nothingWasRejected({ climb, observation }: View): boolean {
  return climb.rejected === undefined || observation?.kind === 'Present';
}

function reportRejection(view: View): Decision {
  const { rejected } = view.climb;
  return settle(rejected ? failedCall(view, rejected, 'Create') : { kind: 'Synced' });
}

function nobodyElseIsWriting({ pendingElsewhere }: View): boolean {
  return !pendingElsewhere;
}

/** A Describe that finds nothing does not say whether the pool is there. */
function poolIsThere({ observation }: View): boolean {
  if (observation?.kind !== 'Absent' || observation.how === 'Swept') return true;
  return observation.pool === 'Answers';
}

function tellPool(view: View): Decision {
  const seen = view.observation;
  if (seen?.kind === 'Absent' && seen.pool === 'Missing') return settle(poolMissing(view));
  return call(view, 'List', { kind: 'ListPool' });
}

function identityIsReadable({ resource }: View): boolean {
  return resource.identity !== undefined;
}

function presentHash(view: View): string | undefined {
  const content = presentContent(view);
  return content && view.observation?.kind === 'Present' ? view.observation.hash : undefined;
}
