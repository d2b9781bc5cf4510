/**
 * Why an effect did not happen. One word for each kind, whatever service said it; the adapters
 * translate names of errors into these and nothing else in the house reads an error's name again.
 *
 * What a failure means for the record of a mutation is in `settlesRecord`, what it means for
 * status and requeue in `outcome.ts`.
 */

/** The last synchronous check before a request was signed said no, so nothing was sent. */
export type Withheld = 'NotLeader' | 'ClaimChanged' | 'ObservationStale' | 'PlaceVoid' | 'Stopping';

/** Kubernetes: somebody wrote the object since we read it (409). */
export interface Conflict {
  readonly kind: 'Conflict';
}

/** Kubernetes: the object is not there, or another object has its name (404, or another uid). */
export interface Gone {
  readonly kind: 'Gone';
}

/** Kubernetes: 403, 429, 5xx, timeout. `answered` is false when the write may still land. */
export interface KubernetesFailed {
  readonly kind: 'KubernetesFailed';
  readonly answered: boolean;
  readonly status: number | undefined;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** Nothing left this process: DNS, connection refused, aborted before it left, or withheld. */
export interface NotSent {
  readonly kind: 'NotSent';
  readonly withheld: Withheld | undefined;
  readonly message: string;
}

interface Worded {
  /** The error's own name, such as `InvalidParameterException`. */
  readonly name: string;
  /** The service's own words, bounded and printable. */
  readonly message: string;
  /** For logs only: it never reaches status. */
  readonly requestId: string | undefined;
}

/** Timeout, reset, an answer without a request id: the request may still land. */
export interface Unanswered extends Worded {
  readonly kind: 'Unanswered';
}

/** Answered badly: 5xx, garbage, a name nobody knows. Describe before anything else. */
export interface Unavailable extends Worded {
  readonly kind: 'Unavailable';
}

/** TooManyRequests: refused, nothing happened. */
export interface Throttled extends Worded {
  readonly kind: 'Throttled';
}

/** No permission, or no usable credentials: refused, nothing happened. */
export interface Denied extends Worded {
  readonly kind: 'Denied';
}

/** ResourceNotFound: the pool or the server is missing; the caller tells which. */
export interface NotFound extends Worded {
  readonly kind: 'NotFound';
}

/** LimitExceeded on Create: the pool is full. */
export interface QuotaReached extends Worded {
  readonly kind: 'QuotaReached';
}

/** Cognito will not have it, today or tomorrow: the user must act. */
export interface Rejected extends Worded {
  readonly kind: 'Rejected';
  readonly reason: 'InvalidParameter' | 'OperationNotEnabled';
}

export type KubernetesFailure = Conflict | Gone | KubernetesFailed | NotSent;
export type CognitoFailure =
  | NotSent
  | Unanswered
  | Unavailable
  | Throttled
  | Denied
  | NotFound
  | QuotaReached
  | Rejected;
export type Failure = KubernetesFailure | CognitoFailure;

/** What a failed mutation means for the record written before it. */
export type RecordFate = 'Cleared' | 'StaysUntilDescribed' | 'StaysUntilLate';

/** A refusal clears the record; a bad answer is described first; silence may still land. */
export function recordFate(failure: CognitoFailure): RecordFate {
  switch (failure.kind) {
    case 'NotSent':
    case 'Throttled':
    case 'Denied':
    case 'NotFound':
    case 'QuotaReached':
    case 'Rejected':
      return 'Cleared';
    case 'Unavailable':
      return 'StaysUntilDescribed';
    case 'Unanswered':
      return 'StaysUntilLate';
  }
}
