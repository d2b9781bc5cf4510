import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Check,
  type Started,
  startMetricsPage,
  startProbes,
} from '../../../src/adapters/telemetry/probes.ts';

const LOOPBACK = { port: 0, host: '127.0.0.1' };
const fine: Check = () => undefined;
const started: Extract<Started, { kind: 'Started' }>[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

async function listening(starting: Promise<Started>) {
  const server = await starting;
  if (server.kind === 'Refused') throw new Error(server.message);
  started.push(server);
  return server;
}

function get(port: number, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, init);
}

describe('the probes', () => {
  test('say ok on the port that was free', async () => {
    const { port } = await listening(startProbes(LOOPBACK, fine, fine));
    expect(port).toBeGreaterThan(0);
    for (const path of ['/healthz', '/readyz', '/readyz?verbose']) {
      const response = await get(port, path);
      expect([path, response.status, await response.text()]).toEqual([path, 200, 'ok\n']);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('tell live from ready, and why not', async () => {
    const notReady: Check = () => 'the first list is not here yet';
    const { port } = await listening(startProbes(LOOPBACK, fine, notReady));
    expect((await get(port, '/healthz')).status).toBe(200);
    const response = await get(port, '/readyz');
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('the first list is not here yet\n');
  });

  test('ask anew each time', async () => {
    const problems = [undefined, 'stuck'];
    const { port } = await listening(startProbes(LOOPBACK, () => problems.shift(), fine));
    expect((await get(port, '/healthz')).status).toBe(200);
    expect((await get(port, '/healthz')).status).toBe(503);
  });

  test('answer a check that throws with 500 and go on', async () => {
    const broken: Check = () => {
      throw new Error('a bug');
    };
    const { port } = await listening(startProbes(LOOPBACK, broken, fine));
    const response = await get(port, '/healthz');
    expect([response.status, await response.text()]).toEqual([500, 'Error: a bug\n']);
    expect((await get(port, '/readyz')).status).toBe(200);
  });

  test('answer a HEAD without a body', async () => {
    const { port } = await listening(startProbes(LOOPBACK, fine, fine));
    const response = await get(port, '/healthz', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('refuse other paths and other methods', async () => {
    const { port } = await listening(startProbes(LOOPBACK, fine, fine));
    const elsewhere = await get(port, '/metrics');
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, 'try /healthz or /readyz\n']);
    expect((await get(port, '/healthz', { method: 'POST' })).status).toBe(405);
  });

  test('say why they cannot listen', async () => {
    const { port } = await listening(startProbes(LOOPBACK, fine, fine));
    const second = await startProbes({ ...LOOPBACK, port }, fine, fine);
    expect(second).toEqual({ kind: 'Refused', message: expect.stringContaining('EADDRINUSE') });
  });

  test('close at once, with a connection open, and twice', async () => {
    const server = await listening(startProbes(LOOPBACK, fine, fine));
    const socket = connect(server.port, '127.0.0.1');
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    socket.on('close', () => resolve()).on('error', () => resolve());
    await get(server.port, '/healthz');
    await server.close();
    await closed;
    await server.close();
    await expect(get(server.port, '/healthz')).rejects.toThrow('fetch failed');
  });
});

describe('the metrics page', () => {
  test('shows what it is given, with its content type', async () => {
    const page = { contentType: 'text/x-test', render: () => Promise.resolve('a 1\n') };
    const { port } = await listening(startMetricsPage(LOOPBACK, page));
    const response = await get(port, '/metrics');
    expect([response.status, await response.text()]).toEqual([200, 'a 1\n']);
    expect(response.headers.get('content-type')).toBe('text/x-test');
    expect((await get(port, '/healthz')).status).toBe(404);
  });

  test('answers with 500 when it cannot be made', async () => {
    const page = { contentType: 'text/x-test', render: () => Promise.reject(new Error('a bug')) };
    const { port } = await listening(startMetricsPage(LOOPBACK, page));
    expect((await get(port, '/metrics')).status).toBe(500);
  });
});
