import { Agent } from 'node:http';
import {
  CognitoIdentityProviderClient,
  DescribeResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, test } from 'vitest';
import type { Phase } from '../../../src/adapters/cognito/attempt.ts';
import {
  type AwsOperation,
  failureOf,
  isUnknownName,
} from '../../../src/adapters/cognito/failure.ts';
import { createSecrets } from '../../../src/api/secrets.ts';
import { KEYS } from './rig.ts';

interface Row {
  readonly name: string;
  readonly want: string;
  readonly operations?: readonly AwsOperation[];
}

const ALL: readonly AwsOperation[] = ['List', 'Describe', 'Create', 'Update', 'Delete'];
const NOT_CREATE = ALL.filter((operation) => operation !== 'Create');

const ROWS: readonly Row[] = [
  // As the API reference lists them for the five operations.
  { name: 'InternalErrorException', want: 'Unavailable' },
  { name: 'InvalidParameterException', want: 'Rejected InvalidParameter' },
  { name: 'LimitExceededException', want: 'QuotaReached', operations: ['Create'] },
  { name: 'LimitExceededException', want: 'Unavailable', operations: NOT_CREATE },
  { name: 'NotAuthorizedException', want: 'Denied' },
  { name: 'OperationNotEnabledException', want: 'Rejected OperationNotEnabled' },
  { name: 'ResourceNotFoundException', want: 'NotFound' },
  { name: 'TooManyRequestsException', want: 'Throttled' },
  // Common to all of AWS: in no model.
  { name: 'AccessDeniedException', want: 'Denied' },
  { name: 'UnrecognizedClientException', want: 'Denied' },
  { name: 'InvalidSignatureException', want: 'Denied' },
  { name: 'IncompleteSignature', want: 'Denied' },
  { name: 'IncompleteSignatureException', want: 'Denied' },
  { name: 'ExpiredTokenException', want: 'Denied' },
  { name: 'ExpiredToken', want: 'Denied' },
  { name: 'InvalidClientTokenId', want: 'Denied' },
  { name: 'MissingAuthenticationTokenException', want: 'Denied' },
  { name: 'RequestExpired', want: 'Denied' },
  { name: 'ThrottlingException', want: 'Throttled' },
  { name: 'SlowDown', want: 'Throttled' },
  { name: 'ServiceUnavailable', want: 'Unavailable' },
  { name: 'InternalFailure', want: 'Unavailable' },
  { name: 'ConcurrentModificationException', want: 'Unavailable' },
  { name: 'ValidationError', want: 'Rejected InvalidParameter' },
  // Of pages, half answers and broken bodies.
  { name: 'SyntaxError', want: 'Unavailable' },
  { name: 'Unknown', want: 'Unavailable' },
  { name: 'NobodyKnowsThisException', want: 'Unavailable' },
  { name: 'constructor', want: 'Unavailable' },
];

const ID = 'e2f6a8d4-0000-4000-8000-000000000000';

const SECRETS = createSecrets();

function judge(
  error: unknown,
  operation: AwsOperation,
  phase: Phase = 'Answered',
  requestId: string | undefined = ID,
): string {
  const failure = failureOf({ kind: 'Raised', error, phase, requestId }, operation, SECRETS);
  return failure.kind === 'Rejected' ? `${failure.kind} ${failure.reason}` : failure.kind;
}

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error('words'), { name }, more);
}

describe('an answered error', () => {
  test.each(ROWS)('$name means $want', ({ name, want, operations = ALL }) => {
    expect(operations.map((operation) => judge(named(name), operation))).toEqual(
      operations.map(() => want),
    );
  });

  test.each([400, 403, 404, 429, 500, 503])('means the same under HTTP %i', (httpStatusCode) => {
    const more = { $metadata: { httpStatusCode } };
    expect(judge(named('TooManyRequestsException', more), 'Create')).toBe('Throttled');
    expect(judge(named('NobodyKnowsThisException', more), 'Create')).toBe('Unavailable');
  });

  test.each(['SyntaxError', 'InternalErrorException', 'NobodyKnowsThisException'])(
    '%s without a request id leaves a mutation unanswered, and a read unavailable',
    (name) => {
      const kinds = ALL.map((operation) => [
        operation,
        failureOf(
          { kind: 'Raised', error: named(name), phase: 'Answered', requestId: undefined },
          operation,
          SECRETS,
        ).kind,
      ]);
      expect(Object.fromEntries(kinds)).toEqual({
        List: 'Unavailable',
        Describe: 'Unavailable',
        Create: 'Unanswered',
        Update: 'Unanswered',
        Delete: 'Unanswered',
      });
    },
  );

  test('keeps its name, its bounded words and the request id apart', () => {
    const error = named('WeirdException', { message: `no\n${'x'.repeat(600)} ${ID}` });
    const failure = failureOf(
      { kind: 'Raised', error, phase: 'Answered', requestId: ID },
      'Create',
      SECRETS,
    );
    expect(failure).toMatchObject({ name: 'WeirdException', requestId: ID });
    expect(failure.kind === 'Unavailable' && failure.message).toMatch(/^no x{496}…$/);
  });

  test('is unknown only when no row has its name', () => {
    expect(ROWS.filter(({ name }) => isUnknownName(name)).map(({ name }) => name)).toEqual([
      'NobodyKnowsThisException',
      'constructor',
    ]);
  });
});

describe('an error before the guard was asked', () => {
  test.each([
    'CredentialsProviderError',
    'TokenProviderError',
    'ExpiredTokenException',
    'AccessDenied',
  ])('%s: there are no credentials, so it is denied', (name) => {
    expect(judge(named(name), 'Create', 'Preparing')).toBe('Denied');
  });

  test.each(['TimeoutError', 'AbortError', 'TypeError'])('%s: nothing was sent', (name) => {
    expect(judge(named(name), 'Create', 'Preparing')).toBe('NotSent');
  });
});

/** An agent that never gets its connection. */
class Nowhere extends Agent {
  override createConnection(): undefined {}
}

describe('an error without an answer', () => {
  test('the connection timeout of the SDK: nothing was sent', async () => {
    const client = new CognitoIdentityProviderClient({
      region: 'eu-west-1',
      endpoint: 'http://localhost',
      credentials: KEYS,
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler({ connectionTimeout: 5, httpAgent: new Nowhere() }),
    });
    const command = new DescribeResourceServerCommand({ UserPoolId: 'a_b', Identifier: 'c' });
    const timeout = await client.send(command).catch((error: unknown) => error);
    expect(judge(timeout, 'Create', 'Handed')).toBe('NotSent');
  });

  const refused = named('Error', { syscall: 'connect', code: 'ECONNREFUSED' });
  test.each([
    ['refused', refused],
    ['no route', named('Error', { syscall: 'connect', code: 'EHOSTUNREACH' })],
    [
      'timed out while connecting',
      named('TimeoutError', { syscall: 'connect', code: 'ETIMEDOUT' }),
    ],
    ['unknown host', named('Error', { syscall: 'getaddrinfo', code: 'ENOTFOUND' })],
    ['refused on every address', new AggregateError([refused, refused])],
    ['another certificate', named('Error', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
    ['an unknown authority', named('Error', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })],
    ['an expired certificate', named('Error', { code: 'CERT_HAS_EXPIRED' })],
    ['the proxy refused the tunnel', named('Error', { code: 'ERR_PROXY_TUNNEL' })],
  ])('%s: nothing was sent', (_, error) => {
    expect(judge(error, 'Create', 'Handed')).toBe('NotSent');
  });

  test.each([
    ['reset', named('TimeoutError', { code: 'ECONNRESET', syscall: 'read' })],
    ['broken pipe', named('TimeoutError', { code: 'EPIPE', syscall: 'write' })],
    ['no route any more', named('Error', { code: 'EHOSTUNREACH', syscall: 'read' })],
    ['deadline', new DOMException('no answer in 4000 ms', 'TimeoutError')],
    ['aborted', named('AbortError')],
    ['one address refused, one reset', new AggregateError([refused, named('Error')])],
    ['no error at all', undefined],
  ])('%s: it may still land', (_, error) => {
    expect(judge(error, 'Create', 'Handed')).toBe('Unanswered');
  });
});
