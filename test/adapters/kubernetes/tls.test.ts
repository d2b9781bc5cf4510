import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { KubernetesRequest } from '../../../src/adapters/kubernetes/connection.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { ONE, TWO } from './certificates.ts';
import {
  createKubernetesRig,
  type KubernetesRig,
  kubeconfigOf,
  PATIENT_MS,
  type RigOptions,
} from './rig.ts';

const free = { signal: new AbortController().signal, guard: () => undefined };
const get: KubernetesRequest = {
  verb: 'get',
  resource: 'things',
  method: 'GET',
  path: '/things/a',
};
const patch: KubernetesRequest = { ...get, verb: 'patch', method: 'PATCH', body: { a: 1 } };
const ok = (body: unknown) => ({ kind: 'Answered', value: { status: 200, body } });

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function rigOf(options: RigOptions): KubernetesRig {
  const rig = createKubernetesRig(options);
  open.push(() => rig.close());
  return rig;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'connection-'));
  open.push(() => rmSync(made, { recursive: true }));
  return made;
}

describe('TLS', () => {
  async function startTls() {
    const server = createTlsServer({ ...ONE, keepAliveTimeout: 60_000 }, (_, response) => {
      response.end('{}');
    });
    const count = { connections: 0 };
    server.on('secureConnection', () => void (count.connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { server, count, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  test('is verified, and a replaced authority takes effect with the next request', async () => {
    const { server, count, url } = await startTls();
    const ca = join(folder(), 'ca.crt');
    writeFileSync(ca, ONE.cert);
    const cluster = { 'certificate-authority': ca, 'insecure-skip-tls-verify': false };
    const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: url, cluster }) });
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject(ok({}));
    expect(count.connections).toBe(1);

    server.setSecureContext(TWO);
    writeFileSync(ca, TWO.cert);
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject(ok({}));
    expect(count.connections).toBe(2);

    writeFileSync(ca, ONE.cert);
    expect(await connection.send(patch, free, PATIENT_MS)).toMatchObject({
      failure: { kind: 'NotSent' },
    });
  });

  test('that hangs in its handshake outlasts no deadline, and sends nothing later', async () => {
    const { server, url } = await startTls();
    const asked: unknown[] = [];
    server.on('request', (request) => asked.push(request));
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<void>();
    const front = createTcpServer((client) => {
      client.once('close', giveUp);
      const target = connect(Number(new URL(url).port), '127.0.0.1');
      client.on('error', () => target.destroy());
      target.on('error', () => client.destroy()).pipe(client);
      void released.then(() => client.pipe(target));
    });
    const kubeconfig = kubeconfigOf({ server: `https://127.0.0.1:${await portOf(front)}` });
    const clock = createFakeClock();
    const { connection } = rigOf({ kubeconfig, clock });
    const sent = connection.send(patch, free, PATIENT_MS);
    await once(front, 'connection');
    await clock.advance(PATIENT_MS);
    expect(await sent).toMatchObject({ failure: { kind: 'KubernetesFailed', answered: false } });
    release();
    await givenUp;
    expect(await connection.send(get, free, PATIENT_MS)).toMatchObject(ok({}));
    expect(asked).toMatchObject([{ method: 'GET' }]);
  });

  test('goes through a tunnel when the cluster has a proxy', async () => {
    const { url } = await startTls();
    const proxy = createTcpServer();
    const asked: string[] = [];
    proxy.on('connection', (client: Socket) => {
      client.once('data', (head) => {
        asked.push(head.toString().split('\r\n')[0] ?? '');
        const target = connect(Number(new URL(url).port), '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          client.pipe(target).pipe(client);
        });
        target.on('error', () => client.destroy());
        client.on('error', () => target.destroy());
      });
    });
    expect(await through(proxy, 'http', url)).toMatchObject(ok({}));
    expect(asked).toEqual([`CONNECT ${new URL(url).host} HTTP/1.1`]);
  });

  test('goes through SOCKS5 too', async () => {
    const { url } = await startTls();
    const proxy = createTcpServer();
    proxy.on('connection', (client: Socket) => {
      client.once('data', () => {
        client.write(Buffer.from([5, 0]));
        client.once('data', () => {
          const target = connect(Number(new URL(url).port), '127.0.0.1', () => {
            client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
            client.pipe(target).pipe(client);
          });
          target.on('error', () => client.destroy());
          client.on('error', () => target.destroy());
        });
      });
    });
    const named = url.replace('127.0.0.1', 'localhost');
    expect(await through(proxy, 'socks5', named)).toMatchObject(ok({}));
  });

  async function through(proxy: ReturnType<typeof createTcpServer>, scheme: string, url: string) {
    const cluster = {
      'proxy-url': `${scheme}://127.0.0.1:${await portOf(proxy)}`,
      'certificate-authority-data': btoa(ONE.cert),
      'insecure-skip-tls-verify': false,
    };
    const { connection } = rigOf({ kubeconfig: kubeconfigOf({ server: url, cluster }) });
    return connection.send(get, free, PATIENT_MS);
  }

  /** From now on it listens, until the test is over. */
  async function portOf(proxy: ReturnType<typeof createTcpServer>): Promise<number> {
    const sockets = new Set<Socket>();
    proxy.on('connection', (socket: Socket) => void sockets.add(socket));
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    open.push(() => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });
    return (proxy.address() as AddressInfo).port;
  }
});
