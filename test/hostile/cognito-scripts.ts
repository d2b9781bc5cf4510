/** What a hostile Cognito answers: by name, for people, and generated. */
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { bent, hostileValue, jsonOf } from './bend.ts';
import { type Headers, MEBIBYTE, mebibytes, raw, type Script, streamed, whole } from './script.ts';
import type { Asked } from './spoiler.ts';
import { HOSTILE_TEXTS, hostileText } from './texts.ts';

/** What was asked for, so that an answer can be nearly right. */
export interface Question {
  readonly operation: string;
  readonly pool: string;
  readonly identifier: string;
  /** What it is signed with: the access key id, and the session token. */
  readonly signature: string;
}

export function questionOf({ headers, body }: Asked): Question {
  const target = headers['x-amz-target'] ?? '';
  const operation = target.slice(target.indexOf('.') + 1).replace(/ResourceServers?$/, '');
  const input = (body.startsWith('{') ? JSON.parse(body) : {}) as Readonly<Record<string, unknown>>;
  const { UserPoolId: pool, Identifier: identifier } = input;
  return {
    operation,
    pool: typeof pool === 'string' ? pool : '',
    identifier: typeof identifier === 'string' ? identifier : 'x',
    signature: `${headers['authorization']} ${headers['x-amz-security-token']}`,
  };
}

export type CognitoScript = (question: Question) => Script;

const FROM_AWS: Headers = [
  ['content-type', 'application/x-amz-json-1.1'],
  ['x-amzn-requestid', '6f1c5e0e-0000-4000-8000-000000000000'],
];

function serverOf({ pool, identifier }: Question) {
  const Scopes = [{ ScopeName: 'forecast.read', ScopeDescription: 'Read forecasts' }];
  return { UserPoolId: pool, Identifier: identifier, Name: 'Weather API', Scopes };
}

export function truthOf(question: Question): object {
  const one = serverOf(question);
  if (question.operation === 'List') return { ResourceServers: [one] };
  return question.operation === 'Delete' ? {} : { ResourceServer: one };
}

function saying(kind: string, body: (question: Question) => unknown, status = 200): CognitoScript {
  return (question) => whole({ kind, status, headers: FROM_AWS, body: jsonOf(body(question)) });
}

function refusing(kind: string, error: object, more: Headers = []): CognitoScript {
  const body = JSON.stringify(error);
  return () => whole({ kind, status: 400, headers: [...FROM_AWS, ...more], body });
}

function server(kind: string, fields: object): CognitoScript {
  return saying(kind, (question) => {
    const changed = { ...serverOf(question), ...fields };
    return question.operation === 'List'
      ? { ResourceServers: [changed] }
      : { ResourceServer: changed };
  });
}

function withPrototypes(question: Question): unknown {
  const rest = JSON.stringify(truthOf(question)).slice(1);
  const odd = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
  return JSON.parse(`${odd}${rest === '}' ? '' : ','}${rest}`);
}

const SCOPE = { ScopeName: 'a', ScopeDescription: 'b' };
const BLANKS = ' '.repeat(4_000_000);
const DEEP = 200_000;

/** Each is a sentence: Cognito answers with ... */
export const COGNITO_SCRIPTS: Readonly<Record<string, CognitoScript>> = {
  'no body': () => whole({ kind: 'no body', headers: FROM_AWS }),
  null: saying('null', () => null),
  'a list instead of an object': saying('list', () => []),
  'a server that is a number': saying('wrong type', () => ({ ResourceServer: 7 })),
  'a server without fields': saying('missing fields', () => ({ ResourceServer: {} })),
  'a name that is a list': server('wrong type', { Name: ['x'] }),
  'a name beyond 2^53': server('big number', { Name: 2 ** 60 }),
  'scopes that only look like a list': server('wrong type', { Scopes: { length: 3, 0: SCOPE } }),
  'a scope that is null': server('wrong type', { Scopes: [null] }),
  'the same scope twice': server('duplicate scopes', { Scopes: [SCOPE, SCOPE] }),
  'a hundred thousand scopes': server('many scopes', {
    Scopes: Array.from({ length: 100_000 }, (_, at) => ({ ...SCOPE, ScopeName: `s${at}` })),
  }),
  'a name of four megabytes': server('huge text', { Name: 'x'.repeat(4_000_000) }),
  'terminal commands and bidirectional text': server('text', {
    Name: Object.values(HOSTILE_TEXTS).join(' '),
  }),
  'halves of characters and NUL': server('text', { Name: '\ud800\u0000' }),
  'fields called like those of a prototype': saying('prototype', withPrototypes),
  'JSON that is very deep': () =>
    whole({ kind: 'deep', headers: FROM_AWS, body: `${'['.repeat(DEEP)}${']'.repeat(DEEP)}` }),
  'an error that is very deep': () =>
    whole({
      kind: 'deep',
      status: 400,
      headers: FROM_AWS,
      body: '['.repeat(DEEP) + ']'.repeat(DEEP),
    }),
  'an error whose message is an object': refusing('odd error', {
    __type: 'NotAuthorizedException',
    message: { toString: 1 },
  }),
  'an error whose message is a number': refusing('odd error', { __type: 'X', message: 5 }),
  'an error whose type is an object': refusing('odd error', { __type: { a: 1 }, message: 'x' }),
  'an error that brings a prototype': refusing(
    'prototype',
    JSON.parse('{"__type":"X","__proto__":{"polluted":1,"toString":1},"message":"x"}') as object,
  ),
  'an error of four megabytes of blanks': refusing('huge text', {
    __type: 'InvalidParameterException',
    message: BLANKS,
  }),
  'an error with a name of a megabyte': refusing('huge text', { __type: 'X'.repeat(1e6) }),
  'an error that repeats what it was signed with': ({ signature }) =>
    whole({
      kind: 'echo',
      status: 400,
      headers: FROM_AWS,
      body: JSON.stringify({ __type: 'InvalidParameterException', message: signature }),
    }),
  'an error from the end of time': refusing('odd date', { __type: 'X' }, [
    ['date', 'Sat, 13 Sep 275760 00:00:00 GMT'],
  ]),
  'a page of HTML': () => whole({ kind: 'html', body: '<!doctype html><h1>Sign in</h1>' }),
  'a redirect': () =>
    whole({ kind: 'redirect', status: 302, headers: [['location', 'http://127.0.0.1:1/']] }),
  'an upgrade to another protocol': () =>
    raw('protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  'something that is no HTTP': () => raw('protocol', 'hello\n'),
  'bytes that are no UTF-8': () =>
    whole({ kind: 'invalid UTF-8', headers: FROM_AWS, body: new Uint8Array([123, 255, 254, 125]) }),
  'a body shorter than it says': () =>
    raw('length', 'HTTP/1.1 200 OK\r\nx-amzn-requestid: q\r\ncontent-length: 99\r\n\r\n{}'),
  'a body longer than it says': () =>
    raw('length', 'HTTP/1.1 200 OK\r\nx-amzn-requestid: q\r\ncontent-length: 1\r\n\r\n{}'),
  'two lengths': () =>
    raw('length', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'),
  'a chunk of no size': () =>
    raw('chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n'),
  'chunks that never end': () =>
    streamed({ kind: 'endless', headers: FROM_AWS }, ['{"ResourceServer":'], 'KeptOpen'),
  'headers without end': () =>
    raw('header flood', `HTTP/1.1 200 OK\r\n${'x-flood: yes\r\n'.repeat(50_000)}\r\n`),
  'a gzip bomb': (question) =>
    streamed(
      { kind: 'gzip', headers: [...FROM_AWS, ['content-encoding', 'gzip']] },
      bomb(question),
    ),
  'two hundred megabytes': () =>
    streamed({ kind: '200 MB', headers: FROM_AWS }, mebibytes(200, '{"ResourceServer":')),
  'an error of two hundred megabytes': () =>
    streamed({ kind: '200 MB', status: 400, headers: FROM_AWS }, mebibytes(200, ' ')),
  'a reset in the middle': () => streamed({ kind: 'reset', headers: FROM_AWS }, ['{'], 'Reset'),
};

const BOMB_MEBIBYTES = 200;

/** To whoever unpacks it without bound a good answer, with blanks before its last brace. */
export function* bomb(question: Question): Generator<Uint8Array> {
  const blanks = gzipSync(Buffer.alloc(MEBIBYTE, ' '));
  yield gzipSync(JSON.stringify(truthOf(question)).slice(0, -1));
  for (let made = 0; made < BOMB_MEBIBYTES; made += 1) yield blanks;
  yield gzipSync('}');
}

/** Only for lists: what pages may be like. */
export const PAGE_SCRIPTS: Readonly<Record<string, CognitoScript>> = {
  'a list that is an object': saying('wrong type', () => ({ ResourceServers: { length: 1 } })),
  'a token that is a number': saying('wrong type', () => ({ ResourceServers: [], NextToken: 7 })),
  'the same token for ever': saying('endless pages', () => ({
    ResourceServers: [],
    NextToken: 'again',
  })),
  'a token of a megabyte': saying('huge token', () => ({
    ResourceServers: [],
    NextToken: 'x'.repeat(1e6),
  })),
  'servers of another pool': saying('wrong pool', (question) => ({
    ResourceServers: [{ ...serverOf(question), UserPoolId: 'eu-west-1_Other' }],
  })),
  'ten thousand servers': saying('many servers', (question) => ({
    ResourceServers: Array.from({ length: 10_000 }, (_, at) => ({
      ...serverOf(question),
      Identifier: `server-${at}`,
    })),
  })),
  'two hundred megabytes of servers': () =>
    streamed({ kind: '200 MB', headers: FROM_AWS }, mebibytes(200, '{"ResourceServers":[')),
};

/* -------------------------------------------------------------------- generated */

const named = fc.constantFrom(
  ...Object.entries({ ...COGNITO_SCRIPTS, ...PAGE_SCRIPTS })
    .filter(([name]) => !/megabyte|hundred thousand|very deep|never end|ten thousand/.test(name))
    .map(([, script]) => script),
);

const SAMPLE: Question = { operation: 'Describe', pool: 'P', identifier: 'I', signature: '' };
const SHAPES = ['List', 'Describe'].map((operation) => truthOf({ ...SAMPLE, operation }));

/** Right but for the places that were bent. */
const bentTruth: fc.Arbitrary<CognitoScript> = fc
  .oneof(...SHAPES.map(bent))
  .map((shape) => (question) => {
    const { pool, identifier } = question;
    const names = { P: pool, I: identifier };
    const body = jsonOf(shape).replace(/"([PI])"/g, (_, name: 'P' | 'I') =>
      JSON.stringify(names[name]),
    );
    return whole({ kind: 'bent answer', headers: FROM_AWS, body });
  });

const NAMES = [
  'InvalidParameterException',
  'TooManyRequestsException',
  'ResourceNotFoundException',
];
const bentError: fc.Arbitrary<CognitoScript> = fc
  .tuple(
    fc.oneof(fc.constantFrom(...NAMES), hostileText, hostileValue),
    hostileValue,
    fc.constantFrom('__type', 'code', 'Code'),
    fc.constantFrom('message', 'Message', 'ServerTime', 'stack', '$metadata'),
    fc.constantFrom(200, 204, 301, 400, 403, 404, 413, 429, 500, 502, 503, 599, 999),
  )
  .map(([type, message, code, name, status]) => () => {
    const body = jsonOf({ [code]: type, [name]: message });
    return whole({ kind: 'bent error', status, headers: FROM_AWS, body });
  });

const headerText = hostileText.map((text) => text.replace(/[^\x20-\x7e]/g, '').slice(0, 500));
const HEADERS = [
  'date',
  'x-amzn-errortype',
  'x-amzn-requestid',
  'content-type',
  '__proto__',
  'age',
];
const oddHeaders: fc.Arbitrary<CognitoScript> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...HEADERS, 'constructor'), headerText), { maxLength: 4 }),
    fc.constantFrom(200, 400, 500),
  )
  .map(([headers, status]) => (question) => {
    const body = JSON.stringify(truthOf(question));
    return whole({ kind: 'odd headers', status, headers, body });
  });

const cutBytes: fc.Arbitrary<CognitoScript> = fc
  .tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom<Script['ending']>('Closed', 'Reset'),
  )
  .map(([share, ending]) => (question) => {
    const bytes = Buffer.concat(
      [...saying('', truthOf)(question).bytes].map((each) => Buffer.from(each)),
    );
    return raw('cut', bytes.subarray(0, Math.floor(share * bytes.length)), ending);
  });

const noise: fc.Arbitrary<CognitoScript> = fc
  .uint8Array({ maxLength: 200 })
  .map((body) => () => whole({ kind: 'noise', headers: FROM_AWS, body }));

export const anyCognitoScript: fc.Arbitrary<CognitoScript> = fc.oneof(
  { weight: 2, arbitrary: named },
  { weight: 8, arbitrary: bentTruth },
  { weight: 5, arbitrary: bentError },
  { weight: 2, arbitrary: oddHeaders },
  { weight: 2, arbitrary: cutBytes },
  { weight: 1, arbitrary: noise },
);
