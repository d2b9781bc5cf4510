import { describe, expect, test } from 'vitest';
import {
  garbled,
  type KubernetesAnswer,
  refusalOf,
  statusOf,
  unanswered,
} from '../../../src/adapters/kubernetes/failure.ts';

const errand = { verb: 'patch', resource: 'resourceservers/status' };

function status(code: number, reason: string, rest: object = {}): KubernetesAnswer {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, ...rest };
  return { status: code, headers: {}, body: { message: 'its words', ...body } };
}

function page(code: number): KubernetesAnswer {
  return { status: code, headers: {}, body: `<html>\n<b>${code}</b>\n</html>` };
}

const uidCause = { details: { causes: [{ field: 'metadata.uid', message: 'immutable' }] } };
const specCause = { details: { causes: [{ field: 'spec.scopes', message: 'too many' }] } };

interface Row {
  readonly name: string;
  readonly given: KubernetesAnswer;
  readonly want: object;
}

const refused = { kind: 'KubernetesFailed', answered: true };
const open = { kind: 'KubernetesFailed', answered: false };

const ROWS: readonly Row[] = [
  { name: 'a stale version', given: status(409, 'Conflict'), want: { kind: 'Conflict' } },
  { name: 'the name is taken', given: status(409, 'AlreadyExists'), want: { kind: 'Conflict' } },
  { name: 'no such object', given: status(404, 'NotFound'), want: { kind: 'Gone' } },
  { name: 'no such kind', given: page(404), want: { ...refused, status: 404 } },
  { name: 'another uid', given: status(422, 'Invalid', uidCause), want: { kind: 'Gone' } },
  {
    name: 'an invalid field',
    given: status(422, 'Invalid', specCause),
    want: { ...refused, status: 422 },
  },
  { name: 'not allowed', given: status(403, 'Forbidden'), want: { ...refused, status: 403 } },
  { name: 'not known', given: status(401, 'Unauthorized'), want: { ...refused, status: 401 } },
  { name: 'too many', given: status(429, 'TooManyRequests'), want: { ...refused, status: 429 } },
  { name: 'too old', given: status(410, 'Expired'), want: { ...refused, status: 410 } },
  { name: 'half a request, says a balancer', given: page(408), want: { ...open, status: 408 } },
  { name: 'an error within', given: status(500, 'InternalError'), want: { ...open, status: 500 } },
  { name: "a proxy's 502", given: page(502), want: { ...open, status: 502 } },
  { name: 'etcd took too long', given: status(504, 'Timeout'), want: { ...open, status: 504 } },
  { name: 'moved elsewhere', given: page(302), want: { ...open, status: 302 } },
];

describe('an answer that refuses', () => {
  test.each(ROWS)('$name', ({ given, want }) => {
    expect(refusalOf(given, errand)).toMatchObject(want);
  });

  test('names verb and resource when RBAC forbids', () => {
    expect(refusalOf(status(403, 'Forbidden'), errand)).toMatchObject({
      message: 'RBAC must allow to patch resourceservers/status: its words',
    });
  });

  test('quotes no more than is useful, on one line', () => {
    expect(refusalOf(page(502), errand)).toMatchObject({
      message: 'cannot patch resourceservers/status: <html> <b>502</b> </html> (HTTP 502)',
    });
    const long = refusalOf({ ...page(502), body: '✓'.repeat(10_000) }, errand);
    if (long.kind !== 'KubernetesFailed') throw new Error(long.kind);
    expect(Buffer.byteLength(long.message)).toBeLessThanOrEqual(500);
  });
});

describe('when to come back', () => {
  const wait = (headers: object, rest: object) =>
    statusOf({ ...status(429, 'TooManyRequests', rest), headers: { ...headers } }).retryAfterMs;

  test('is what the header says, else the body', () => {
    const details = { details: { retryAfterSeconds: 7 } };
    expect(wait({ 'retry-after': '3' }, details)).toBe(3_000);
    expect(wait({}, details)).toBe(7_000);
    expect(wait({}, {})).toBeUndefined();
  });

  test.each(['soon', '-1', '0', 'Wed, 21 Oct 2026 07:28:00 GMT'])('is not %j', (text) => {
    expect(wait({ 'retry-after': text }, {})).toBeUndefined();
  });

  test('is never later than in five minutes', () => {
    expect(wait({ 'retry-after': '86400' }, {})).toBe(300_000);
  });
});

describe('no whole answer', () => {
  const coded = (code: string, more: object = {}) =>
    Object.assign(new Error('words'), { code, ...more });
  const refusedConnection = coded('ECONNREFUSED', { syscall: 'connect' });

  test.each([
    ['refused', refusedConnection],
    ['unknown host', coded('ENOTFOUND', { syscall: 'getaddrinfo' })],
    ['refused on every address', new AggregateError([refusedConnection, refusedConnection])],
    ['no connection in time', coded('UND_ERR_CONNECT_TIMEOUT')],
    ['an unknown authority', coded('SELF_SIGNED_CERT_IN_CHAIN')],
    ["another host's certificate", coded('ERR_TLS_CERT_ALTNAME_INVALID')],
  ])('%s: nothing was sent', (_, error) => {
    expect(unanswered(error, errand)).toEqual({
      kind: 'NotSent',
      withheld: undefined,
      message: 'words',
    });
  });

  test.each([
    ['reset', coded('ECONNRESET', { syscall: 'read' })],
    ['closed by the other side', coded('UND_ERR_SOCKET')],
    ['no headers in time', coded('UND_ERR_HEADERS_TIMEOUT')],
    ['aborted', new DOMException('words', 'TimeoutError')],
    [
      'one address refused, one reset',
      new AggregateError([refusedConnection, coded('ECONNRESET')]),
    ],
  ])('%s: it may still land', (_, error) => {
    expect(unanswered(error, errand)).toMatchObject({
      kind: 'KubernetesFailed',
      answered: false,
      message: 'patch resourceservers/status: words',
    });
  });

  test('nor an answer that is not what was asked for: it may have landed', () => {
    expect(garbled('the answer is no object', errand)).toMatchObject({ answered: false });
  });
});
