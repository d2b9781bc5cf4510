/**
 * AWS errors -> the house's failures, by name. Never by HTTP status: Cognito answers 400 to
 * whatever the caller did, and the status of an HTML page is its proxy's.
 *
 * Trusts a name that is listed here, and of the others only those that came with a request id.
 */
import { isUnknowns } from '../../api/read.ts';
import type { CognitoFailure, NotSent } from '../../core/failure.ts';
import type { Operation } from '../../core/view.ts';
import type { Raised } from './attempt.ts';
import { messageOf, nameOf, type Strike, wordsOf } from './wording.ts';

export type AwsOperation = Operation | 'GetCallerIdentity';

type Verdict =
  | 'Throttled'
  | 'Denied'
  | 'NotFound'
  | 'LimitExceeded'
  | 'InvalidParameter'
  | 'OperationNotEnabled'
  | 'Unavailable';

const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['TooManyRequestsException', 'Throttled'],
  ['ThrottlingException', 'Throttled'],
  ['Throttling', 'Throttled'],
  ['ThrottledException', 'Throttled'],
  ['RequestThrottled', 'Throttled'],
  ['RequestThrottledException', 'Throttled'],
  ['RequestLimitExceeded', 'Throttled'],
  ['BandwidthLimitExceeded', 'Throttled'],
  ['PriorRequestNotComplete', 'Throttled'],
  ['SlowDown', 'Throttled'],
  ['NotAuthorizedException', 'Denied'],
  ['AccessDeniedException', 'Denied'],
  ['AccessDenied', 'Denied'],
  ['ForbiddenException', 'Denied'],
  ['UnrecognizedClientException', 'Denied'],
  ['InvalidClientTokenId', 'Denied'],
  ['InvalidSignatureException', 'Denied'],
  ['SignatureDoesNotMatch', 'Denied'],
  ['IncompleteSignature', 'Denied'],
  ['IncompleteSignatureException', 'Denied'],
  ['MissingAuthenticationToken', 'Denied'],
  ['MissingAuthenticationTokenException', 'Denied'],
  ['ExpiredToken', 'Denied'],
  ['ExpiredTokenException', 'Denied'],
  ['RequestExpired', 'Denied'],
  ['OptInRequired', 'Denied'],
  ['ResourceNotFoundException', 'NotFound'],
  ['LimitExceededException', 'LimitExceeded'],
  ['InvalidParameterException', 'InvalidParameter'],
  ['ValidationException', 'InvalidParameter'],
  ['ValidationError', 'InvalidParameter'],
  ['OperationNotEnabledException', 'OperationNotEnabled'],
  ['InternalErrorException', 'Unavailable'],
  ['InternalFailure', 'Unavailable'],
  ['InternalServerError', 'Unavailable'],
  ['InternalServerException', 'Unavailable'],
  ['ServiceUnavailable', 'Unavailable'],
  ['ServiceUnavailableException', 'Unavailable'],
  ['ConcurrentModificationException', 'Unavailable'],
  // What the SDK makes of a page, or of half an answer.
  ['SyntaxError', 'Unavailable'],
  ['TypeError', 'Unavailable'],
  ['Unknown', 'Unavailable'],
  ['GarbledAnswer', 'Unavailable'],
  // A connection that broke, or a deadline that passed, within an answer.
  ['Error', 'Unavailable'],
  ['AbortError', 'Unavailable'],
  ['TimeoutError', 'Unavailable'],
]);

/** What the credential chain throws when it has none; else STS refused it in its own words. */
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ProviderError',
  'InvalidIdentityToken',
  'InvalidIdentityTokenException',
  'IDPCommunicationError',
  'IDPRejectedClaim',
  'IDPRejectedClaimException',
  'RegionDisabledException',
]);

function isAboutCredentials(name: string): boolean {
  return CREDENTIAL_NAMES.has(name) || VERDICTS.get(name) === 'Denied';
}

export function failureOf(
  raised: Raised,
  operation: AwsOperation,
  secrets: Strike,
): CognitoFailure {
  const words = worded(raised, secrets);
  switch (raised.phase) {
    case 'Preparing':
      return isAboutCredentials(words.name)
        ? { kind: 'Denied', ...words }
        : notSent(raised.error, secrets);
    case 'Handed':
      return neverConnected(raised.error)
        ? notSent(raised.error, secrets)
        : { kind: 'Unanswered', ...words };
    case 'Answered':
      return answeredFailure(words, operation);
  }
}

/** Whether it is an answer whose name nobody here has met. */
export function isUnknownName(name: string): boolean {
  return !VERDICTS.has(name);
}

/** An answer that is none: another pool's, another identifier's, the wrong types. */
export function garbled(why: string, requestId: string | undefined): Raised {
  const error = Object.assign(new Error(why), { name: 'GarbledAnswer' });
  return { kind: 'Raised', error, phase: 'Answered', requestId };
}

export function denied(error: unknown, secrets: Strike): CognitoFailure {
  return { kind: 'Denied', ...worded({ error, requestId: undefined }, secrets) };
}

export function notSent(error: unknown, secrets: Strike): NotSent {
  return { kind: 'NotSent', withheld: undefined, message: wordsOf(messageOf(error), secrets) };
}

function answeredFailure(words: Words, operation: AwsOperation): CognitoFailure {
  switch (VERDICTS.get(words.name)) {
    case 'Throttled':
      return { kind: 'Throttled', ...words };
    case 'Denied':
      return { kind: 'Denied', ...words };
    case 'NotFound':
      return { kind: 'NotFound', ...words };
    case 'InvalidParameter':
      return { kind: 'Rejected', reason: 'InvalidParameter', ...words };
    case 'OperationNotEnabled':
      return { kind: 'Rejected', reason: 'OperationNotEnabled', ...words };
    case 'LimitExceeded':
      return operation === 'Create'
        ? { kind: 'QuotaReached', ...words }
        : { kind: 'Unavailable', ...words };
    case 'Unavailable':
    case undefined:
      return mayStillLand(words, operation)
        ? { kind: 'Unanswered', ...words }
        : { kind: 'Unavailable', ...words };
  }
}

const MUTATIONS: ReadonlySet<AwsOperation> = new Set(['Create', 'Update', 'Delete']);

/** Without a request id it was not AWS that answered, say a proxy: the request may still land. */
function mayStillLand({ requestId }: Words, operation: AwsOperation): boolean {
  return requestId === undefined && MUTATIONS.has(operation);
}

type Words = ReturnType<typeof worded>;

function worded({ error, requestId }: Pick<Raised, 'error' | 'requestId'>, secrets: Strike) {
  const message = wordsOf(messageOf(error), secrets, requestId);
  return { name: nameOf(error, secrets), message, requestId };
}

/** Codes that prove a TLS connection never came to be: no byte of the request has left. */
const TLS_CODE = /^(CERT_|ERR_TLS_CERT|ERR_SSL_|UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED_CERT)/;

/** The SDK's connection timeout has no code; a test holds these words against the SDK. */
const CONNECT_TIMEOUT = /socket did not establish a connection/;

/**
 * The reason may be deep inside: an aggregate of one attempt for each address. An error that
 * proves nothing leaves the request unanswered, which is the safe side.
 */
function neverConnected(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(neverConnected);
  if (!isUnknowns(error)) return false;
  const { syscall, code } = error;
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  if (error instanceof Error && CONNECT_TIMEOUT.test(error.message)) return true;
  return typeof code === 'string' && (code === 'ERR_PROXY_TUNNEL' || TLS_CODE.test(code));
}
