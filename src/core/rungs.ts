/**
 * The facts of the ladders, one small function each, in the present tense. A fact that holds says
 * nothing; what to do when it does not is in `decide.ts`.
 */
import { FINALIZER } from '../api/names.ts';
import type { Desired } from '../api/parse.ts';
import { hashOf, isSameHash } from './drift.ts';
import type { Observation, PoolSeen, Present, View } from './view.ts';

export type Fact = (view: View) => boolean;

/* ------------------------------------------------------------- both ladders */

export const nothingStopsUs: Fact = (view) => view.climb.stop === undefined;

/** A record that was just written is followed by its one call: nothing comes between. */
export const recordIsSpent: Fact = (view) => !view.climb.armed;

export const isNotPaused: Fact = ({ resource }) => !resource.paused;

export const identityIsOurs: Fact = ({ claim }) => claim.kind === 'Ours';

export const pendingIsResolved: Fact = ({ records }) => records.pending === undefined;

/* -------------------------------------------------------------------- living */

/** Our Create was refused and a look found nothing there: the refusal was meant. */
export function nothingWasRejected(view: View): boolean {
  return view.climb.rejected === undefined || remoteExists(view);
}

/** A Describe that finds nothing does not say whether the pool is there. */
export function poolIsThere(view: View): boolean {
  return remoteExists(view) || poolSeen(view) === 'Answers';
}

export function nobodyElseIsWriting({ pendingElsewhere }: View): boolean {
  return !pendingElsewhere;
}

/** An identity that cannot be read is a problem, too. */
export const specIsValid: Fact = ({ resource }) => resource.problems.length === 0;

export const isEnforced: Fact = ({ resource }) => resource.managementPolicy === 'Enforce';

export const finalizerIsSet: Fact = ({ resource }) => resource.finalizers.includes(FINALIZER);

/** Unknown is no contradiction: the pool answers only its own account. */
export const accountIsOurs: Fact = ({ account, records }) =>
  account === undefined ||
  records.remote?.accountId === undefined ||
  account === records.remote.accountId;

/** A sync request asks for a look of this climb: not a sweep, nor what was carried over. */
export const remoteIsObserved: Fact = (view) =>
  !syncIsAsked(view) && (isDescribed(view) || sweepSuffices(view));

export const remoteIsOurs: Fact = (view) => {
  const seen = presentOf(view);
  return seen === undefined || (view.records.remote !== undefined && !isManagedByCognito(seen));
};

export const remoteExists: Fact = (view) => presentOf(view) !== undefined;

export const remoteMatches: Fact = (view) => isSameHash(hashSeen(view), desiredHash(view));

/** Our last Updates of the same content did not keep undoing somebody else's. */
export const remoteConverges: Fact = (view) => view.converges;

/* ------------------------------------------------------------------- leaving */

export const finalizerIsOurs: Fact = (view) => finalizerIsSet(view) && !view.climb.finalizerRemoved;

/** What may still land keeps us: nobody lets go and nobody looks before that. */
export const recordIsCold: Fact = (view) => pendingIsResolved(view) || isWaitedOut(view);

/** Needs no call: policy, Enforce, and a record of this very object. */
export const deletionIsOurDuty: Fact = ({ resource, records }) => {
  if (resource.managementPolicy !== 'Enforce') return false;
  if (records.remote === undefined && records.pending === undefined) return false;
  if (resource.deletionPolicy === 'Retain') return false;
  if (resource.deletionPolicy === 'Delete') return true;
  return records.remote?.origin === 'Created' || records.pending?.operation === 'Create';
};

export function identityIsReadable({ resource }: View): boolean {
  return resource.identity !== undefined && !resource.disputed;
}

/** After our Delete was answered with success nothing else is asked: the finalizer follows. */
export const remoteIsNotDeleted: Fact = ({ climb }) => !climb.deleted;

export const remoteIsDescribed: Fact = (view) => isDescribed(view);

/** Proven: NotFound and then a List of the pool that answered. */
export const remoteIsGone: Fact = (view) => poolSeen(view) === 'Answers' || poolIsGone(view);

/* ------------------------------------------------------- what the facts stand on */

export function desiredHash(view: View): string | undefined {
  return view.resource.desired && hashOf(view.resource.desired);
}

export function hashSeen(view: View): string | undefined {
  return presentOf(view)?.hash;
}

function presentOf({ observation }: View): Present | undefined {
  return observation?.kind === 'Present' ? observation : undefined;
}

/** What is known of the pool where the server is not. */
function poolSeen({ observation }: View): PoolSeen | undefined {
  return observation?.kind === 'Absent' ? observation.pool : undefined;
}

export function isDescribed({ observation }: View): boolean {
  return observation?.how === 'Described';
}

/** The pending record can land no more. */
export function isWaitedOut({ nowMs, lateUntilMs }: View): boolean {
  return nowMs >= lateUntilMs;
}

/** Asked for after the pending record could land no more: this observation decides it. */
export function isSeenLate({ requestedAtMs }: Observation, { lateUntilMs }: View): boolean {
  return requestedAtMs >= lateUntilMs;
}

/** A sync request is new until a climb that looked has acknowledged it. */
export function syncIsAsked({ resource, climb }: View): boolean {
  const { syncRequest, status } = resource;
  return (
    syncRequest !== undefined && syncRequest !== status.lastHandledSyncRequest && !climb.looked
  );
}

/**
 * A sweep suffices for: equal, and absent before the first Create of an identity that nobody has
 * a record of. Its "differs" and "missing" are only a reason to describe.
 */
function sweepSuffices(view: View): boolean {
  const seen = view.observation;
  if (seen?.how !== 'Swept') return false;
  if (seen.kind === 'Absent') return isObserving(view) || isFirst(view);
  if (seen.managed) return false;
  return isSameHash(seen.hash, desiredHash(view)) && ownsOrObserves(view);
}

/** Nobody has ever recorded anything for the identity. */
function isFirst({ claim }: View): boolean {
  return claim.kind === 'Ours' && !claim.recorded;
}

function ownsOrObserves(view: View): boolean {
  return view.records.remote !== undefined || isObserving(view);
}

function isObserving({ resource }: View): boolean {
  return resource.managementPolicy === 'Observe';
}

/** Whether a sweep could settle this key at all, so that waiting for one is worth it. */
export function sweepCouldSuffice(view: View): boolean {
  const { records, climb } = view;
  if (syncIsAsked(view) || climb.rejected) return false;
  if (isObserving(view)) return true;
  return records.remote === undefined
    ? isFirst(view)
    : isSameHash(records.remote.hash, desiredHash(view));
}

export function isManagedByCognito(seen: Present): boolean {
  return seen.how === 'Swept' ? seen.managed : seen.content.managedBy !== undefined;
}

/** Not found by a List either. */
export function poolIsMissing(view: View): boolean {
  return poolSeen(view) === 'Missing';
}

/** A missing pool counts only when we look with the account that was recorded. */
function poolIsGone(view: View): boolean {
  const { account, records } = view;
  const recorded = records.remote?.accountId;
  const missing = poolIsMissing(view);
  return missing && account !== undefined && account === recorded;
}

export function presentContent({ observation }: View): Desired | undefined {
  if (observation?.kind !== 'Present' || observation.how !== 'Described') return undefined;
  return observation.content;
}
