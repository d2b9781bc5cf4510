import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { BODY_BYTES_MAX, readText } from '../../../src/adapters/kubernetes/body.ts';
import type { KubernetesRequest } from '../../../src/adapters/kubernetes/connection.ts';
import { loadKubeConfig } from '../../../src/adapters/kubernetes/kube-config.ts';
import { createFakeClock, settled } from '../../support/fake-clock.ts';
import { type RawServer, startRawServer, unusedUrl } from '../raw-server.ts';
import {
  createKubernetesRig,
  type KubernetesRig,
  kubeconfigOf,
  PATIENT_MS,
  type RigOptions,
} from './rig.ts';

const never = new AbortController().signal;
const free = { signal: never, guard: () => undefined };
const get: KubernetesRequest = {
  verb: 'get',
  resource: 'things',
  method: 'GET',
  path: '/things/a',
};
const patch: KubernetesRequest = { ...get, verb: 'patch', method: 'PATCH', body: { a: 1 } };

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function rigOf(options: RigOptions): KubernetesRig {
  const rig = createKubernetesRig(options);
  open.push(() => rig.close());
  return rig;
}

async function start(listener: Parameters<typeof startRawServer>[0]): Promise<RawServer> {
  const server = await startRawServer(listener);
  open.push(() => server.close());
  return server;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'connection-'));
  open.push(() => rmSync(made, { recursive: true }));
  return made;
}

const ok = (body: unknown) => ({ kind: 'Answered', value: { status: 200, body } });

describe('a request', () => {
  test('says who we are, what we send and what we understand', async () => {
    const server = await start((_, response) => response.end('{}'));
    const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: server.url }) });
    const typed = { ...patch, contentType: 'application/merge-patch+json', query: { a: 'b c&d' } };
    await connection.send(typed, free, PATIENT_MS);
    expect(server.requests[0]).toMatchObject({
      method: 'PATCH',
      url: '/things/a?a=b+c%26d',
      headers: {
        authorization: 'Bearer secret',
        accept: 'application/json',
        'content-type': 'application/merge-patch+json',
        'user-agent': 'cognito-operator/1.2.3',
      },
    });
  });

  test('finds the API server below a path', async () => {
    const server = await start((_, response) => response.end('{}'));
    const kubeconfig = kubeconfigOf({ server: `${server.url}/k8s/clusters/c-1/` });
    await rigOf({ kubeconfig }).connection.send(get, free, PATIENT_MS);
    expect(server.requests[0]?.url).toBe('/k8s/clusters/c-1/things/a');
  });

  test('proves itself with name and password when it has them', async () => {
    const server = await start((_, response) => response.end('{}'));
    const user = { username: 'me', password: 'pass' };
    const kubeconfig = kubeconfigOf({ server: server.url, user });
    await rigOf({ kubeconfig }).connection.send(get, free, PATIENT_MS);
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa('me:pass')}`);
  });

  test('shares its connection with the next one, and not with a watch', async () => {
    const server = await start((request, response) => {
      if (request.url === '/watch') response.writeHead(200).flushHeaders();
      else response.end('{}');
    });
    const { connection, counts } = rigOf({ kubeconfig: kubeconfigOf({ server: server.url }) });
    const stop = new AbortController();
    for (let sent = 0; sent < 20; sent += 1) await connection.send(get, free, PATIENT_MS);
    // One is still being given back when the next request comes.
    const { connections } = server;
    expect(connections).toBeLessThanOrEqual(2);
    await connection.open({ ...get, path: '/watch' }, stop.signal, PATIENT_MS);
    expect(server.connections).toBe(connections + 1);
    stop.abort();
    const host = new URL(server.url).host;
    expect(counts.get(`rest_client_requests_total{200,GET,${host}}`)).toBe(21);
  });

  test('never leaves, not even as a connection, when the guard says no', async () => {
    const server = await start((_, response) => response.end('{}'));
    const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: server.url }) });
    const held = { signal: never, guard: () => 'NotLeader' as const };
    expect(await connection.send(patch, held, 1_000)).toMatchObject({
      failure: { kind: 'NotSent', withheld: 'NotLeader' },
    });
    expect(server.connections).toBe(0);
  });

  test('asks its guard after the credentials, and not at all without them', async () => {
    const asked: string[] = [];
    const guard = () => void asked.push('guard');
    const missing = { name: 'tokenFile', config: { tokenFile: '/nowhere/token' } };
    const kubeconfig = kubeconfigOf({
      server: await unusedUrl(),
      user: { 'auth-provider': missing },
    });
    expect(
      await rigOf({ kubeconfig }).connection.send(patch, { signal: never, guard }, 1_000),
    ).toMatchObject({ failure: { kind: 'NotSent', withheld: undefined } });
    expect(asked).toEqual([]);
  });

  test('does not wait for credentials beyond its deadline', async () => {
    const clock = createFakeClock();
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', 'setTimeout(() => {}, 300)'],
      interactiveMode: 'Never',
    };
    const kubeconfig = kubeconfigOf({ server: await unusedUrl(), user: { exec } });
    const sent = rigOf({ kubeconfig, clock }).connection.send(patch, free, PATIENT_MS);
    await clock.advance(PATIENT_MS);
    expect(await sent).toMatchObject({ failure: { kind: 'NotSent' } });
    expect(clock.timers).toBe(0);
  });

  test('that nobody answers ends at its deadline, and may still land', async () => {
    const clock = createFakeClock();
    const server = await start(() => {});
    const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: server.url }), clock });
    const sent = connection.send(patch, free, PATIENT_MS);
    await expect.poll(() => server.requests.length).toBe(1);
    await clock.advance(PATIENT_MS);
    expect(await sent).toMatchObject({
      failure: {
        kind: 'KubernetesFailed',
        answered: false,
        message: 'patch things: The deadline has passed',
      },
    });
  });

  test('whose answer stops halfway ends at its deadline', async () => {
    const clock = createFakeClock();
    const server = await start((_, response) => void response.writeHead(200).write('{"a":'));
    const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: server.url }), clock });
    const sent = connection.send(patch, free, PATIENT_MS);
    await expect.poll(() => server.requests.length).toBe(1);
    await clock.advance(PATIENT_MS);
    expect(await sent).toMatchObject({
      failure: { kind: 'KubernetesFailed', answered: false },
    });
  });

  test('whose connection is refused was not sent; one that was reset may still land', async () => {
    const refused = rigOf({ kubeconfig: kubeconfigOf({ server: await unusedUrl() }) });
    expect(await refused.connection.send(patch, free, PATIENT_MS)).toMatchObject({
      failure: { kind: 'NotSent' },
    });
    const server = await start((request) => request.socket.resetAndDestroy());
    const reset = rigOf({ kubeconfig: kubeconfigOf({ server: server.url }) });
    expect(await reset.connection.send(patch, free, PATIENT_MS)).toMatchObject({
      failure: { kind: 'KubernetesFailed', answered: false },
    });
    expect(server.requests, 'never a second attempt').toHaveLength(1);
  });

  test('over plain HTTP is refused unless the kubeconfig says to skip TLS', async () => {
    const cluster = { 'insecure-skip-tls-verify': false };
    const kubeconfig = kubeconfigOf({ server: await unusedUrl(), cluster });
    expect(await rigOf({ kubeconfig }).connection.send(get, free, PATIENT_MS)).toMatchObject({
      failure: {
        kind: 'NotSent',
        message: 'HTTP protocol is not allowed when skipTLSVerify is not set or false',
      },
    });
  });

  test('under way ends when the connection is closed', async () => {
    const server = await start(() => {});
    const { connection } = createKubernetesRig({
      kubeconfig: kubeconfigOf({ server: server.url }),
    });
    const sent = connection.send(patch, free, 10_000);
    while (server.requests.length === 0) await settled();
    await connection.close();
    expect(await sent).toMatchObject({ failure: { kind: 'KubernetesFailed', answered: false } });
  });
});

test('a stream that breaks before anybody reads it harms nobody', async () => {
  const server = await start((_, response) => response.writeHead(200).flushHeaders());
  const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: server.url }) });
  const stop = new AbortController();
  const opened = await connection.open(get, stop.signal, PATIENT_MS);
  expect(opened.kind).toBe('Answered');
  stop.abort();
  for (const _ of [1, 2, 3]) await settled();
});

test('a body without end is cut off', async () => {
  const sent = { bytes: 0 };
  const endless = async function* () {
    for (const chunk = Buffer.alloc(2 ** 20); ; sent.bytes += chunk.length) yield chunk;
  };
  await expect(readText(endless())).rejects.toThrow(`over ${BODY_BYTES_MAX} bytes`);
  expect(sent.bytes).toBe(BODY_BYTES_MAX);
});

describe('credentials', () => {
  test('are read anew after the server did not know us', async () => {
    const server = await start((request, response) => {
      response.statusCode = request.headers.authorization === 'Bearer second' ? 200 : 401;
      response.end('{}');
    });
    const { connection, rewrite } = rigOf({
      kubeconfig: kubeconfigOf({ server: server.url, user: { token: 'first' } }),
    });
    const refused = { kind: 'Answered', value: { status: 401 } };
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject(refused);
    rewrite(kubeconfigOf({ server: server.url, user: { token: 'second' } }));
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject(ok({}));
  });

  test('of a token file are read anew too, as in a pod', async () => {
    const server = await start((request, response) => {
      response.statusCode = request.headers.authorization === 'Bearer second' ? 200 : 401;
      response.end('{}');
    });
    const tokenFile = join(folder(), 'token');
    writeFileSync(tokenFile, 'first');
    const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
    const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: server.url, user }) });
    await connection.send(get, free, PATIENT_MS);
    writeFileSync(tokenFile, 'second');
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject(ok({}));
  });

  test('a kubeconfig that cannot be read again sends nothing until it can', async () => {
    const server = await start((_, response) => response.writeHead(401).end('{}'));
    const kubeconfig = kubeconfigOf({ server: server.url });
    const { connection, rewrite } = rigOf({ kubeconfig });
    await connection.send(get, free, PATIENT_MS);
    rewrite('clusters: 7');
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject({
      failure: { kind: 'NotSent' },
    });
    rewrite(kubeconfig);
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject({ value: { status: 401 } });
  });
});

describe('a kubeconfig', () => {
  test('that is not there, or names no such context, ends the start', () => {
    const path = join(folder(), 'config');
    expect(() => loadKubeConfig({ kind: 'File', path, context: undefined })).toThrow('ENOENT');
    writeFileSync(path, kubeconfigOf({ server: 'https://localhost' }));
    expect(() => loadKubeConfig({ kind: 'File', path, context: 'other' })).toThrow(
      'the kubeconfig names no cluster for context `other`',
    );
  });
});
