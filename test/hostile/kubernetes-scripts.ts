/** What a hostile API server answers and streams: by name, for people, and generated. */
import * as fc from 'fast-check';
import { unknowns } from '../../src/api/read.ts';
import { aResourceServer, type Json } from '../support/builders.ts';
import { bent, hostileValue, jsonOf } from './bend.ts';
import { type Headers, mebibytes, raw, type Script, streamed, whole } from './script.ts';
import type { Asked } from './spoiler.ts';
import { hostileText } from './texts.ts';

export const NAMESPACE = 'identity';
export const NAME = 'weather-api';
export const KEY = `${NAMESPACE}/${NAME}`;

const JSON_TYPE: Headers = [['content-type', 'application/json']];
const TYPE = { apiVersion: 'cognito-operator.io/v1', kind: 'ResourceServer' };

export const OBJECT: Json = {
  ...TYPE,
  ...aResourceServer().atVersion('7').finalized().ready().raw(),
};
const METADATA = unknowns(OBJECT['metadata']);
export const LIST = {
  ...TYPE,
  kind: 'ResourceServerList',
  metadata: { resourceVersion: '7' },
  items: [OBJECT],
};
export const LEASE = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'operator', namespace: 'default', resourceVersion: '7' },
  spec: { holderIdentity: 'one', leaseDurationSeconds: 15, leaseTransitions: 1 },
};

function saying(kind: string, body: unknown, status = 200): Script {
  return whole({ kind, status, headers: JSON_TYPE, body: jsonOf(body) });
}

/** What was asked for. */
export function good({ path }: Pick<Asked, 'path'>): Script {
  const one = path.includes('/leases/') ? LEASE : OBJECT;
  return saying('good', path.includes('resourceservers?') ? LIST : one);
}

const DEEP = 500_000;
const STATUS = { apiVersion: 'v1', kind: 'Status' };

/** Each is a sentence: the API server answers with ... */
export const ANSWERS: Readonly<Record<string, () => Script>> = {
  'no body': () => whole({ kind: 'no body', headers: JSON_TYPE }),
  null: () => saying('null', null),
  'a list of another kind': () => saying('wrong kind', { ...LIST, kind: 'ConfigMapList' }),
  'a list without items': () => saying('no items', { ...LIST, items: undefined }),
  'an object of another kind': () => saying('wrong kind', { ...OBJECT, kind: 'Secret' }),
  'another object': () =>
    saying('wrong object', {
      ...OBJECT,
      metadata: { ...METADATA, name: 'y' },
    }),
  'an object without metadata': () => saying('no metadata', { ...TYPE, spec: {} }),
  'a status of odd shape': () =>
    saying('odd status', { ...STATUS, code: [], message: { a: 1 }, details: 7 }, 500),
  'a status with terminal commands': () =>
    saying('text', { ...STATUS, message: '\u001b[2J\u202e\u0000\nred '.repeat(10_000) }, 403),
  'a causes list of nulls': () =>
    saying('odd status', { ...STATUS, details: { causes: [null, 5] } }, 422),
  'JSON that is very deep': () =>
    whole({ kind: 'deep', headers: JSON_TYPE, body: '['.repeat(DEEP) + ']'.repeat(DEEP) }),
  'a page of HTML': () => whole({ kind: 'html', body: '<!doctype html><h1>Sign in</h1>' }),
  'a page of HTML that says 404': () => whole({ kind: 'html', status: 404, body: '<h1>no</h1>' }),
  'a redirect': () =>
    whole({ kind: 'redirect', status: 307, headers: [['location', 'http://127.0.0.1:1/']] }),
  'an upgrade to another protocol': () =>
    raw('protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  'something that is no HTTP': () => raw('protocol', '\u0000\u0001hello\n'),
  'a body shorter than it says': () =>
    raw('length', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}'),
  'a body longer than it says': () =>
    raw('length', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{}'),
  'a chunk of no size': () =>
    raw('chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n'),
  'chunks that never end': () => streamed({ kind: 'endless' }, ['{"metadata":'], 'KeptOpen'),
  'headers without end': () =>
    raw('header flood', `HTTP/1.1 200 OK\r\n${'x-flood: yes\r\n'.repeat(50_000)}\r\n`),
  'headers called like a prototype': () =>
    whole({ kind: 'prototype', headers: [...JSON_TYPE, ['__proto__', 'a'], ['__proto__', 'b']] }),
  'two hundred megabytes': () => streamed({ kind: '200 MB' }, mebibytes(200, '[1,')),
  'an error of two hundred megabytes': () =>
    streamed({ kind: '200 MB', status: 500 }, mebibytes(200, 'no ')),
};

/* ------------------------------------------------------------------------ frames */

function line(type: unknown, object: unknown): string {
  return `${jsonOf({ type, object })}\n`;
}

const added = (metadata: object) =>
  line('ADDED', { ...OBJECT, metadata: { ...METADATA, ...metadata } });

/** Each is a sentence: a watch carries ...; and what the adapter makes of it. */
export const FRAMES: Readonly<
  Record<string, { readonly bytes: () => Iterable<Uint8Array | string>; readonly want: string }>
> = {
  'a truncated frame': { bytes: () => ['{"type":"ADDED","obj'], want: 'Broken' },
  'a frame that is no JSON': { bytes: () => ['nonsense\n'], want: 'Broken' },
  'invalid UTF-8': { bytes: () => [new Uint8Array([123, 255, 254, 125, 10])], want: 'Broken' },
  'a frame without an object': { bytes: () => ['{"type":"ADDED"}\n'], want: 'Broken' },
  'an object without metadata': { bytes: () => [line('ADDED', TYPE)], want: 'Added' },
  'an object of another kind': {
    bytes: () => [line('ADDED', { ...OBJECT, kind: 'Secret' })],
    want: 'Added',
  },
  'an object of another namespace': { bytes: () => [added({ namespace: 'other' })], want: 'Added' },
  'a type that is a list': { bytes: () => [line([[['ADDED']]], {})], want: 'Broken' },
  'a type of a megabyte': { bytes: () => [line('x'.repeat(1e6), {})], want: 'Broken' },
  'a bookmark without version': { bytes: () => [line('BOOKMARK', TYPE)], want: 'Broken' },
  'an error that is no Status': { bytes: () => [line('ERROR', { code: 410 })], want: 'Broken' },
  'an error of odd shape': {
    bytes: () => [line('ERROR', { ...STATUS, code: 'x', message: {}, details: [] })],
    want: 'Error',
  },
  'a frame in the prototype of another': {
    bytes: () => ['{"__proto__":{"type":"ADDED","object":{}}}\n'],
    want: 'Broken',
  },
  'a frame of two hundred megabytes': { bytes: () => mebibytes(200), want: 'Broken' },
};

/* --------------------------------------------------------------------- generated */

const VERSIONS = [
  '',
  '0',
  '-1',
  '6',
  '07',
  '1e3',
  'abc',
  '9'.repeat(30),
  '9'.repeat(40_000),
  '\u0663',
];

const oddVersion = fc.oneof(fc.constantFrom<unknown>(...VERSIONS, 8, null, 2 ** 60), hostileText);
const TYPES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'];

/** A line of a watch: right, bent, or of odd version. */
export const anyLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: typed(bent(OBJECT)) },
  { weight: 3, arbitrary: typed(oddVersion.map(versioned)) },
  { weight: 2, arbitrary: typed(bent({ ...STATUS, code: 410, message: 'm', details: {} })) },
  {
    weight: 1,
    arbitrary: fc.tuple(hostileValue, hostileValue).map(([type, it]) => line(type, it)),
  },
  { weight: 1, arbitrary: hostileText.map((text) => `${text}\n`) },
);

function typed(object: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...TYPES), object).map(([type, it]) => line(type, it));
}

function versioned(resourceVersion: unknown): unknown {
  return { ...OBJECT, metadata: { ...METADATA, resourceVersion } };
}

/** Lines as bytes, with some of them gone, changed or repeated, cut anywhere. */
export const anyStream: fc.Arbitrary<readonly Uint8Array[]> = fc
  .tuple(
    fc.array(anyLine, { maxLength: 4 }),
    fc.option(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { nil: undefined }),
    fc.array(fc.nat({ max: 2_000 }), { maxLength: 4 }),
    fc.boolean(),
  )
  .map(([lines, change, cuts, isCut]) => {
    const bytes = Buffer.from(lines.join(''));
    if (change !== undefined && bytes.length > 0) bytes[change[0] % bytes.length] = change[1];
    return pieces(isCut ? bytes.subarray(0, -3) : bytes, cuts);
  });

function pieces(bytes: Buffer, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [0, ...cuts.filter((at) => at < bytes.length), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const GOOD: Readonly<Record<string, object>> = { list: LIST, object: OBJECT, lease: LEASE };

/** An answer to any request: of some good kind, bent, with any status. */
export const anyKubernetesScript: fc.Arbitrary<Script> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.oneof(...Object.values(GOOD).map(bent)),
        fc.constantFrom(200, 200, 200, 201, 204, 400, 404, 409, 410, 422, 429, 500, 504, 999),
      )
      .map(([body, status]) => saying('bent answer', body, status)),
  },
  {
    weight: 4,
    arbitrary: anyStream.map((chunks) => streamed({ kind: 'bent watch' }, chunks)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        bent({ ...STATUS, code: 409, reason: 'x', message: 'm', details: { causes: [{}] } }),
        fc.constantFrom(400, 403, 404, 409, 410, 422, 429, 500, 503),
      )
      .map(([body, status]) => saying('bent status', body, status)),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 200 }).map((body) => whole({ kind: 'noise', body })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        ...Object.entries(ANSWERS)
          .filter(([name]) => !/megabytes|very deep|never end|shorter/.test(name))
          .map(([, script]) => script),
      )
      .map((script) => script()),
  },
);
