/**
 * The one STS call, GetCallerIdentity, in the AWS Query protocol (2011-06-15). It needs no
 * permission; the codes of its refusals are not those of the JSON services.
 */
import { type ApiError, unknownOperation } from './errors.ts';
import type { Judgement } from './operations.ts';

export interface Identity {
  readonly accountId: string;
  readonly callerArn: string;
  readonly userId: string;
}

/** The identity the sandbox gives every caller: an assumed role of the account. */
export const identityIn = (accountId: string): Identity => ({
  accountId,
  callerArn: `arn:aws:sts::${accountId}:assumed-role/cognito-operator/sandbox`,
  userId: 'AROAEXAMPLEEXAMPLE123:sandbox',
});

export function callerIdentity(
  input: Readonly<Record<string, unknown>>,
  identity: Identity,
): Judgement {
  const { Action: action, Version: version } = input;
  if (action !== 'GetCallerIdentity' || version !== '2011-06-15')
    return { kind: 'Failure', error: actionUnknown(String(action), String(version)) };
  const { accountId, callerArn, userId } = identity;
  const output = { Arn: callerArn, UserId: userId, Account: accountId };
  return { kind: 'Success', output, effect: false };
}

const actionUnknown = (action: string, version: string): ApiError =>
  unknownOperation(`Could not find operation ${action} for version ${version}`);

interface QueryFault {
  readonly code: string;
  readonly status: number;
}

const queryFaults: Readonly<Record<string, QueryFault>> = {
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  MissingAuthenticationTokenException: { code: 'MissingAuthenticationToken', status: 403 },
  TooManyRequestsException: { code: 'Throttling', status: 400 },
  UnknownOperationException: { code: 'InvalidAction', status: 400 },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
};

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

export interface XmlAnswer {
  readonly status: number;
  readonly body: string;
}

export function xmlAnswer(judgement: Judgement, requestId: string): XmlAnswer {
  if (judgement.kind === 'Failure') return xmlError(judgement.error, requestId);
  const members = Object.entries(judgement.output ?? {})
    .map(([member, value]) => `<${member}>${escaped(String(value))}</${member}>`)
    .join('');
  const body =
    `<GetCallerIdentityResponse xmlns="${namespace}">` +
    `<GetCallerIdentityResult>${members}</GetCallerIdentityResult>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
    '</GetCallerIdentityResponse>';
  return { status: 200, body };
}

function xmlError(error: ApiError, requestId: string): XmlAnswer {
  const { code, status } = queryFaults[error.name] ?? { code: error.name, status: error.status };
  const side = status < 500 ? 'Sender' : 'Receiver';
  const body =
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${side}</Type>` +
    `<Code>${escaped(code)}</Code><Message>${escaped(error.message)}</Message></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status, body };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
