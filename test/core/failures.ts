/** One failure of each kind, worded so that nothing of it may leak where it does not belong. */
import type {
  CognitoFailure,
  Denied,
  KubernetesFailure,
  NotFound,
  NotSent,
  QuotaReached,
  Rejected,
  Throttled,
  Unanswered,
  Unavailable,
  Withheld,
} from '../../src/core/failure.ts';

export const REQUEST_ID = '6f3c1d2e-0000-4000-8000-1234567890ab';

const worded = (name: string, message: string) => ({ name, message, requestId: REQUEST_ID });

export const UNANSWERED: Unanswered = {
  kind: 'Unanswered',
  ...worded('TimeoutError', 'no answer in time'),
};
export const UNAVAILABLE: Unavailable = {
  kind: 'Unavailable',
  ...worded('InternalErrorException', 'try again'),
};
export const THROTTLED: Throttled = {
  kind: 'Throttled',
  ...worded('TooManyRequestsException', 'Rate exceeded'),
};
export const DENIED: Denied = {
  kind: 'Denied',
  ...worded('AccessDeniedException', 'not authorized'),
};
export const NOT_FOUND: NotFound = {
  kind: 'NotFound',
  ...worded('ResourceNotFoundException', 'does not exist'),
};
export const QUOTA_REACHED: QuotaReached = {
  kind: 'QuotaReached',
  ...worded('LimitExceededException', 'too many'),
};
export const REJECTED: Rejected = {
  kind: 'Rejected',
  reason: 'InvalidParameter',
  ...worded('InvalidParameterException', 'scope is no good'),
};
export const REPLICA: Rejected = {
  kind: 'Rejected',
  reason: 'OperationNotEnabled',
  ...worded('OperationNotEnabledException', 'replica'),
};
export const ALREADY_EXISTS: Rejected = {
  ...REJECTED,
  message: 'https://weather.example.com already exists in user pool',
};
export const NOT_SENT: NotSent = {
  kind: 'NotSent',
  withheld: undefined,
  message: 'connect ECONNREFUSED',
};

export function withheld(reason: Withheld): NotSent {
  return { kind: 'NotSent', withheld: reason, message: `withheld: ${reason}` };
}

/** Each kind once: a kind that is added fails to compile here. */
export const COGNITO_FAILURES: Readonly<Record<CognitoFailure['kind'], CognitoFailure>> = {
  NotSent: NOT_SENT,
  Unanswered: UNANSWERED,
  Unavailable: UNAVAILABLE,
  Throttled: THROTTLED,
  Denied: DENIED,
  NotFound: NOT_FOUND,
  QuotaReached: QUOTA_REACHED,
  Rejected: REJECTED,
};

export const FORBIDDEN: KubernetesFailure = {
  kind: 'KubernetesFailed',
  answered: true,
  status: 403,
  message: 'forbidden',
  retryAfterMs: undefined,
};
/** Asked, and nothing came back. */
export const NO_ANSWER: KubernetesFailure = { ...FORBIDDEN, answered: false, status: undefined };

export const KUBERNETES_FAILURES: Readonly<Record<KubernetesFailure['kind'], KubernetesFailure>> = {
  Conflict: { kind: 'Conflict' },
  Gone: { kind: 'Gone' },
  KubernetesFailed: FORBIDDEN,
  NotSent: NOT_SENT,
};
