/**
 * How a climb ends, and when its key runs again: the one retry table (`requeueOf`). A row for
 * each line of "How a climb ends" in the status contract.
 */
import type { Problem } from '../api/problem.ts';
import { HOURLY, QUOTA, RETRY, type Requeue, SLOW } from './backoff.ts';
import type { CognitoFailure, Rejected } from './failure.ts';
import { type Holder, isMutation, type Operation, type Stop, type View } from './view.ts';

export type Blockade =
  | 'Paused'
  | 'AccountMismatch'
  | 'AccountUnknown'
  | 'ContentDiffers'
  | 'ManagedByCognito'
  | 'ListDenied'
  | 'IdentityUnreadable';

/** The user must act: nothing is retried in a loop. */
export type Refused =
  | { readonly kind: 'Refused'; readonly reason: 'InvalidSpec'; readonly problems: Problems }
  | { readonly kind: 'Refused'; readonly reason: 'IdentityTaken'; readonly holder: Holder }
  | { readonly kind: 'Refused'; readonly reason: 'AlreadyExists'; readonly drift: Lines }
  | { readonly kind: 'Refused'; readonly reason: 'ManagedByCognito' }
  | { readonly kind: 'Refused'; readonly reason: 'NotConverging'; readonly drift: Lines }
  | { readonly kind: 'Refused'; readonly reason: 'Drifted'; readonly drift: Lines };

type Problems = readonly Problem[];
/** At most 20 lines of 256 characters. */
export type Lines = readonly string[];

export type Outcome =
  | { readonly kind: 'Synced' }
  | { readonly kind: 'Paused' }
  | Refused
  | { readonly kind: 'Waiting'; readonly for: 'Holder'; readonly holder: Holder }
  | {
      readonly kind: 'Waiting';
      readonly for: 'Lane';
      readonly mutation: boolean;
      readonly waitedMs: number;
    }
  | { readonly kind: 'Waiting'; readonly for: 'Sweep' }
  | { readonly kind: 'Waiting'; readonly for: 'Late'; readonly remainingMs: number }
  /** Others name the identity too: their late writes first. */
  | { readonly kind: 'Waiting'; readonly for: 'Rivals'; readonly remainingMs: number }
  /** Another resource has a mutation of the identity under way. */
  | { readonly kind: 'Waiting'; readonly for: 'Rival' }
  | { readonly kind: 'Conflict' }
  | { readonly kind: 'KubernetesFailed'; readonly message: string; readonly retryAfterMs?: number }
  /** Kubernetes lets nobody of us touch the object, but its status may be written. */
  | { readonly kind: 'Forbidden'; readonly message: string }
  /** A new climb, elsewhere: no longer leader, or stopping. */
  | { readonly kind: 'Abandoned' }
  | FailedForNow
  | { readonly kind: 'Denied'; readonly operation: Operation; readonly message: string }
  | { readonly kind: 'AccountMismatch'; readonly recorded: string; readonly caller: string }
  | { readonly kind: 'PoolMissing'; readonly operation: Operation }
  /** `held`: servers in the pool, as far as we know. */
  | { readonly kind: 'QuotaReached'; readonly held: number | undefined }
  | {
      readonly kind: 'Rejected';
      readonly reason: 'InvalidParameter' | 'OperationNotEnabled';
      readonly message: string;
    }
  | { readonly kind: 'Blocked'; readonly because: Blockade }
  | { readonly kind: 'Released' };

export interface FailedForNow {
  readonly kind: 'NotSent' | 'Unavailable' | 'Unanswered';
  readonly mutation: boolean;
  readonly operation: Operation;
  readonly message: string;
}

/** A mutation that waits for the gate longer than this says so in status. */
export const THROTTLED_AFTER_MS = 10_000;

/** However long the API server asks us to wait. */
const RETRY_AFTER_MS_MAX = 60_000;

/**
 * @param probing this key asks for all that wait for the same operation on the same pool; the
 * others are woken by its success
 */
export function requeueOf(outcome: Outcome, probing: boolean): Requeue {
  switch (outcome.kind) {
    case 'Synced':
    case 'Paused':
    case 'Abandoned':
      return { kind: 'Await' };
    case 'Refused':
    case 'Rejected':
      return { kind: 'Again', policy: HOURLY };
    case 'Waiting':
      return requeueOfWait(outcome);
    case 'Conflict':
      return { kind: 'Now' };
    case 'KubernetesFailed':
      return outcome.retryAfterMs === undefined
        ? { kind: 'Again', policy: RETRY }
        : { kind: 'After', delayMs: Math.min(outcome.retryAfterMs, RETRY_AFTER_MS_MAX) };
    case 'Forbidden':
    case 'NotSent':
    case 'Unavailable':
    case 'Unanswered':
      return { kind: 'Again', policy: RETRY };
    case 'Denied':
    case 'PoolMissing':
      return probing ? { kind: 'Again', policy: SLOW } : { kind: 'Await' };
    case 'AccountMismatch':
      return { kind: 'Again', policy: SLOW };
    case 'QuotaReached':
      return { kind: 'Again', policy: QUOTA };
    case 'Blocked':
      return outcome.because === 'Paused' ? { kind: 'Await' } : { kind: 'Again', policy: SLOW };
    case 'Released':
      return { kind: 'Forget' };
  }
}

type Wait = Extract<Outcome, { kind: 'Waiting' }>;

function requeueOfWait(wait: Wait): Requeue {
  switch (wait.for) {
    case 'Holder':
    case 'Sweep':
      return { kind: 'Await' };
    case 'Lane':
      return { kind: 'StepAside', reportInMs: reportIn(wait) };
    case 'Late':
      return requeueOfLate(wait.remainingMs);
    case 'Rivals':
      return { kind: 'After', delayMs: Math.max(wait.remainingMs, 0) };
    case 'Rival':
      return { kind: 'Again', policy: RETRY };
  }
}

/** What may still land is looked for at backoff, and for the last time when it can land no more. */
function requeueOfLate(remainingMs: number): Requeue {
  if (remainingMs <= 2 * RETRY.baseMs) return { kind: 'After', delayMs: Math.max(remainingMs, 0) };
  return { kind: 'Again', policy: { ...RETRY, maxMs: remainingMs } };
}

/** Once, when a mutation will have waited long enough to say so. */
function reportIn({ mutation, waitedMs }: Extract<Wait, { for: 'Lane' }>): number | undefined {
  return mutation && waitedMs < THROTTLED_AFTER_MS ? THROTTLED_AFTER_MS - waitedMs : undefined;
}

/* ------------------------------------------------------ failures into outcomes */

export function stopOutcome(view: View): Outcome {
  const { stop } = view.climb;
  if (stop === undefined) return { kind: 'Abandoned' };
  switch (stop.kind) {
    case 'NoPlace':
      return { kind: 'Waiting', for: 'Lane', mutation: stop.mutation, waitedMs: view.waitedMs };
    case 'WriteFailed':
      return failedWrite(stop);
    case 'CallFailed':
      return failedCall(view, stop.failure, stop.during);
  }
}

const FORBIDDEN = 403;

function failedWrite({ of, failure }: Extract<Stop, { kind: 'WriteFailed' }>): Outcome {
  switch (failure.kind) {
    case 'Conflict':
      return { kind: 'Conflict' };
    case 'Gone':
      return of === 'Heir' ? { kind: 'Conflict' } : { kind: 'Released' };
    case 'NotSent':
      return failure.withheld === undefined
        ? { kind: 'KubernetesFailed', message: failure.message }
        : withheldOutcome(failure.withheld);
    case 'KubernetesFailed': {
      const { message, retryAfterMs } = failure;
      if (of === 'Finalizer' && failure.status === FORBIDDEN) return { kind: 'Forbidden', message };
      return { kind: 'KubernetesFailed', message, ...(retryAfterMs ? { retryAfterMs } : {}) };
    }
  }
}

/** What was decided on has changed: decide again. Without the lease, nobody decides here. */
function withheldOutcome(withheld: string): Outcome {
  const over = withheld === 'NotLeader' || withheld === 'Stopping';
  return over ? { kind: 'Abandoned' } : { kind: 'Conflict' };
}

export function failedCall(view: View, failure: CognitoFailure, operation: Operation): Outcome {
  const { message } = failure;
  const mutation = isMutation(operation);
  switch (failure.kind) {
    case 'NotSent':
      if (failure.withheld === 'NotLeader' || failure.withheld === 'Stopping') {
        return { kind: 'Abandoned' };
      }
      return { kind: 'NotSent', mutation, operation, message };
    case 'Unavailable':
    case 'Unanswered':
      return { kind: failure.kind, mutation, operation, message: `${failure.name}: ${message}` };
    case 'Throttled':
      return { kind: 'Waiting', for: 'Lane', mutation, waitedMs: view.waitedMs };
    case 'Denied':
      return deniedCall(view, operation, message);
    case 'NotFound':
      return missingTarget(operation);
    case 'QuotaReached':
      return { kind: 'QuotaReached', held: view.held };
    case 'Rejected':
      return rejectedCall(view, failure);
  }
}

/** A Create that finds nothing lacks its pool; what else we decided on is gone: decide again. */
function missingTarget(operation: Operation): Outcome {
  if (operation === 'Update' || operation === 'Delete') return { kind: 'Conflict' };
  return { kind: 'PoolMissing', operation };
}

/** Without List nobody can prove that a server is gone. */
function deniedCall({ resource }: View, operation: Operation, message: string): Outcome {
  if (resource.leaving && operation === 'List') return { kind: 'Blocked', because: 'ListDenied' };
  return { kind: 'Denied', operation, message };
}

/** Cognito says the server is there and a Describe says it is not: nobody knows for now. */
export function rejectedCall(view: View, { reason, message }: Rejected): Outcome {
  const contradicts = view.climb.rejected !== undefined && /already exists/i.test(message);
  if (!contradicts) return { kind: 'Rejected', reason, message };
  return { kind: 'Unavailable', mutation: true, operation: 'Create', message };
}

export function accountMismatch({ account = '', records }: View): Outcome {
  return {
    kind: 'AccountMismatch',
    recorded: records.remote?.accountId ?? '',
    caller: account,
  };
}
