/**
 * F53: whoever answers may quote what we sent, headers and all: AWS does, when it refuses a
 * signature, and so do proxies. What comes of it must not carry a credential any further.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/adapters/telemetry/logger.ts';
import { createSecrets } from '../../src/api/secrets.ts';
import { createCognitoRig, free } from '../adapters/cognito/rig.ts';
import { createKubernetesRig } from '../adapters/kubernetes/rig.ts';
import { startRawServer } from '../adapters/raw-server.ts';
import { kubeconfigText } from '../sandbox/kubernetes/edge/kubeconfig.ts';
import { canaryEnvironment, guardEnvironment } from '../support/canaries.ts';
import { createSecretSearch } from '../support/secret-search.ts';

const IDENTITY = { userPoolId: 'eu-west-1_AbCdEfGhI', identifier: 'https://weather.example.com' };
const DESIRED = { name: 'Weather', scopes: [] };
/** No JSON Web Token, and nothing else that could be told by its looks. */
const TOKEN = 'k8s-aws-v1.Zm9vYmFy0123456789/abc+def';

type Encode = (text: string) => string;

const base64: Encode = (text) => Buffer.from(text).toString('base64');
const hex: Encode = (text) => Buffer.from(text).toString('hex');

/** How an answer may quote the headers. */
const ENCODINGS: readonly (readonly [string, Encode])[] = [
  ['as they are', (text) => text],
  ['in base64', base64],
  ['in base64, one byte later', (text) => base64(`:${text}`)],
  ['in base64, two bytes later', (text) => base64(`::${text}`)],
  ['in hexadecimal', hex],
  ['URL-encoded', encodeURIComponent],
  ['where messages are cut', (text) => `${'x'.repeat(400)} ${text}`],
  ['where no more is looked at', (text) => `${' '.repeat(1_950)} ${text}`],
];

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Those first that matter, for the rest is cut off. */
function headersOf({ headers }: IncomingMessage): string {
  const secret = ['x-amz-security-token', 'authorization'];
  const names = [...secret, ...Object.keys(headers).filter((name) => !secret.includes(name))];
  return names.map((name) => `${name}:${String(headers[name])}`).join('\n');
}

async function startEcho(answer: (quoted: string, response: ServerResponse) => void, all: Encode) {
  const server = await startRawServer((request, response) => {
    request.resume().on('end', () => answer(all(headersOf(request)), response));
  });
  ends.push(() => server.close());
  return server.url;
}

function cognitoAt(url: string) {
  const keys = canaryEnvironment();
  const search = createSecretSearch();
  guardEnvironment(search, keys);
  const credentials = {
    accessKeyId: keys.AWS_ACCESS_KEY_ID,
    secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
    sessionToken: keys.AWS_SESSION_TOKEN,
  };
  const rig = createCognitoRig({ url, credentials });
  ends.push(() => rig.close());
  return { ...rig, keys, search };
}

/** Nothing of it, not even a beginning that could be guessed on from. */
function beginningsOf(secrets: object): readonly string[] {
  return Object.values(secrets).map((secret) => String(secret).slice(0, BEGINNING_CHARS));
}

const BEGINNING_CHARS = 12;

const OPERATIONS = ['create', 'delete', 'describe', 'list'] as const;

function call({ userPools }: ReturnType<typeof cognitoAt>, operation: string) {
  switch (operation) {
    case 'create':
      return userPools.create(IDENTITY, DESIRED, free());
    case 'delete':
      return userPools.delete(IDENTITY, free());
    case 'list':
      return userPools.list(IDENTITY.userPoolId, undefined, free());
    default:
      return userPools.describe(IDENTITY, free());
  }
}

describe('an error of AWS that quotes our headers', () => {
  test.each(ENCODINGS)('%s tells nobody the credentials', async (_, encode) => {
    const url = await startEcho((quoted, response) => {
      const headers = { 'x-amzn-requestid': 'id', 'content-type': 'application/x-amz-json-1.1' };
      const body = { __type: 'InvalidSignatureException', message: `not these: ${quoted}` };
      response.writeHead(400, headers).end(JSON.stringify(body));
    }, encode);
    const rig = cognitoAt(url);
    for (const operation of OPERATIONS) {
      const said = JSON.stringify(await call(rig, operation));
      rig.search.look(operation, said);
      for (const beginning of beginningsOf(rig.keys)) expect(said).not.toContain(beginning);
      expect(said).toContain('"Denied"');
    }
    expect(rig.search.leaks).toEqual([]);
  });

  test('as its own name makes no label of it', async () => {
    const rig = cognitoAt('');
    const url = await startEcho((_, response) => {
      const body = { __type: rig.keys.AWS_ACCESS_KEY_ID, message: 'no' };
      response.writeHead(400, { 'x-amzn-requestid': 'id' }).end(JSON.stringify(body));
    }, String);
    process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'] = url;
    const answer = await call(rig, 'describe');
    expect(answer).toMatchObject({ failure: { kind: 'Unavailable', name: 'Unnamed' } });
    rig.search.look('the metrics', [...rig.counts.keys()].join());
    expect(rig.counts.size).toBeGreaterThan(0);
    expect(rig.search.leaks).toEqual([]);
  });

  test('in what should be JSON is not quoted by its parser', async () => {
    const url = await startEcho((quoted, response) => {
      const [, token] = /x-amz-security-token:(\S+)/.exec(quoted) ?? [];
      response.writeHead(400, { 'x-amzn-requestid': 'id' }).end(token);
    }, String);
    const rig = cognitoAt(url);
    const said = JSON.stringify(await call(rig, 'describe'));
    expect(said).toContain('the answer is no JSON');
    expect(said).not.toContain(rig.keys.AWS_SESSION_TOKEN.slice(0, 8));
  });
});

describe('an error on the way to the API server that quotes our headers', () => {
  const PAGES: readonly (readonly [string, number, (quoted: string) => unknown])[] = [
    ['a Status of 403', 403, (message) => ({ kind: 'Status', reason: 'Forbidden', message })],
    ['a Status of 500', 500, (message) => ({ kind: 'Status', reason: 'InternalError', message })],
    ['the page of a proxy', 502, (quoted) => `<html>${quoted}</html>`],
    ['a challenge', 407, (quoted) => quoted],
  ];

  describe.each(PAGES)('in %s', (_, status, page) => {
    test.each(ENCODINGS)('%s tells nobody the token', async (__, encode) => {
      const url = await startEcho((quoted, response) => {
        const body = page(quoted);
        response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
      }, encode);
      const parts = { url, token: TOKEN, user: 'operator', namespace: 'default' };
      const rig = createKubernetesRig({ kubeconfig: kubeconfigText(parts) });
      ends.push(() => rig.close());
      const never = new AbortController().signal;
      const read = await rig.cluster.read('default/weather', never);
      expect(read).toMatchObject({ kind: 'Failed' });
      const search = createSecretSearch();
      search.add('the token', TOKEN);
      search.look('a read', JSON.stringify(read));
      for await (const frame of rig.cluster
        .feed(undefined)
        .watch({ resourceVersion: '1', timeoutSeconds: 5, sendInitialEvents: false }, never)) {
        search.look('a watch', JSON.stringify(frame));
      }
      expect(search.leaks).toEqual([]);
    });
  });
});

describe('a line of the log', () => {
  test('holds no secret that is known, wherever it stands and in whatever form', () => {
    const secrets = createSecrets();
    const search = createSecretSearch();
    secrets.learn([TOKEN]);
    search.add('the token', TOKEN);
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ level: 'debug', secrets, destination });
    for (const [, encode] of ENCODINGS) {
      log.error(encode(TOKEN), { deep: { down: [encode(TOKEN)] }, [encode(TOKEN)]: 'a name' });
      log.error('a bug', { error: new Error(encode(TOKEN)) });
    }
    expect(lines).toHaveLength(2 * ENCODINGS.length);
    for (const line of lines) {
      expect(() => JSON.parse(line)).not.toThrow();
      search.look('the log', line);
    }
    expect(search.leaks).toEqual([]);
  });
});
