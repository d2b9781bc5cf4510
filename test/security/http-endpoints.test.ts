/**
 * What every pod of the cluster may reach: /healthz, /readyz and /metrics. Nobody can keep the
 * kubelet out, read what is not there, or make it cost much.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/adapters/telemetry/metrics.ts';
import {
  CONNECTIONS_MAX,
  type Started,
  startMetricsPage,
  startProbes,
} from '../../src/adapters/telemetry/probes.ts';

const HOST = '127.0.0.1';
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function portOf(starting: Promise<Started>): Promise<number> {
  const started = await starting;
  if (started.kind === 'Refused') throw new Error(started.message);
  ends.push(() => started.close());
  return started.port;
}

const fine = () => undefined;
const probes = () => portOf(startProbes({ port: 0, host: HOST }, fine, fine));

async function open(port: number, bytes = ''): Promise<Socket> {
  const socket = connect(port, HOST).on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

async function statusOf(port: number, path = '/healthz'): Promise<number> {
  return (await fetch(`http://${HOST}:${port}${path}`)).status;
}

/** The first line of what is said to exactly these bytes; empty when the connection just ends. */
async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = await open(port, bytes);
  const said = await text(socket);
  return said.split('\r\n')[0] ?? '';
}

describe('whoever holds connections', () => {
  test.each([
    ['and says nothing', ''],
    ['and never ends its headers', 'GET /healthz HTTP/1.1\r\nx-slow: '],
    ['and never ends its body', 'POST /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n'],
  ])('%s does not keep the kubelet out', async (_, bytes) => {
    const port = await probes();
    const held = [];
    for (let at = 0; at < CONNECTIONS_MAX + 10; at += 1) held.push(await open(port, bytes));
    expect(await statusOf(port)).toBe(200);
    for (const socket of held) socket.destroy();
  });

  test('loses the oldest of them, and those only', async () => {
    const port = await probes();
    const held = [];
    for (let at = 0; at < CONNECTIONS_MAX; at += 1) held.push(await open(port));
    const closed: number[] = [];
    for (const [at, socket] of held.entries()) socket.once('close', () => closed.push(at));
    const last = [await open(port), await open(port)];
    for (const socket of held.slice(0, 2)) if (!socket.closed) await once(socket, 'close');
    expect(closed).toEqual([0, 1]);
    for (const socket of [...held, ...last]) socket.destroy();
  });
});

describe('a request', () => {
  test.each([
    [
      'with huge headers',
      `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['of many headers', `GET /healthz HTTP/1.1\r\n${'a: b\r\n'.repeat(5_000)}\r\n`, 431],
    ['that is none', 'hello\r\n\r\n', 400],
    [
      'of two lengths',
      'GET /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
    ],
    ['without a host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
  ])('%s is refused', async (_, bytes, status) => {
    const port = await probes();
    expect(await answerTo(port, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await statusOf(port)).toBe(200);
  });

  test.each([
    '/../../etc/passwd',
    '/healthz/../metrics',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//healthz',
    '/healthz%00',
    '/HEALTHZ',
    '/__proto__',
    '/constructor',
    'http://127.0.0.1/healthz',
    '*',
  ])('for %s finds nothing', async (path) => {
    const port = await probes();
    const answer = await answerTo(
      port,
      `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toBe('HTTP/1.1 404 Not Found');
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    'to %s is none',
    async (verb) => {
      const port = await probes();
      const head = `${verb} /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`;
      expect(await answerTo(port, head)).toBe('HTTP/1.1 405 Method Not Allowed');
    },
  );

  test('for a tunnel, or another protocol, gets neither', async () => {
    const port = await probes();
    expect(await answerTo(port, 'CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n')).toBe('');
    const upgrade = 'connection: upgrade, close\r\nupgrade: websocket\r\n\r\n';
    const answer = await answerTo(port, `GET /healthz HTTP/1.1\r\nhost: a\r\n${upgrade}`);
    expect(answer).not.toContain('101');
    expect(await statusOf(port)).toBe(200);
  });
});

test('a flood of scrapes is rendered a few times', async () => {
  const telemetry = createMetrics({ version: '1.2.3', node: '26.0.0' });
  const count = { renderings: 0 };
  const render = () => {
    count.renderings += 1;
    return telemetry.render();
  };
  const port = await portOf(
    startMetricsPage({ port: 0, host: HOST }, { contentType: 'text/plain', render }),
  );
  const flood = 'GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(200);
  const last = 'GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
  const said = await text(await open(port, flood + last));
  expect(said.split('HTTP/1.1 200 OK')).toHaveLength(202);
  expect(count.renderings).toBeLessThan(20);
});

test('a page that cannot be made is made anew for the next who asks', async () => {
  const pages = [() => Promise.reject(new Error('a bug')), () => Promise.resolve('a 1\n')];
  const render = () => pages.shift()?.() ?? Promise.resolve('');
  const page = { contentType: 'text/plain', render };
  const port = await portOf(startMetricsPage({ port: 0, host: HOST }, page));
  expect(await statusOf(port, '/metrics')).toBe(500);
  expect(await statusOf(port, '/metrics')).toBe(200);
});
