/** TLS connections that are in time, and one that is not. */
import { once } from 'node:events';
import { createServer as createTlsServer, request } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createAgents } from '../../../src/adapters/cognito/agents.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { ONE } from '../kubernetes/certificates.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A TLS server behind a gate, which lets the client's bytes pass when it is opened. */
async function startBehindGate() {
  const gate = Promise.withResolvers<void>();
  const asked: unknown[] = [];
  const server = createTlsServer(ONE, (message, response) => {
    asked.push(message.method);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const front = createTcpServer((client) => {
    const target = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => target.destroy());
    target.on('error', () => client.destroy()).pipe(client);
    void gate.promise.then(() => client.pipe(target));
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  open.push(
    () => front.close(),
    () => server.close(),
  );
  return { port: (front.address() as AddressInfo).port, asked, open: gate.resolve };
}

function post(port: number, clock: ReturnType<typeof createFakeClock>) {
  const limits = { connectTimeoutMs: 1_000, idleSocketMs: 3_000, proxyEnvironment: {} };
  const { httpsAgent: agent } = createAgents({ clock, ...limits });
  open.push(() => agent.destroy());
  const made = request({ host: '127.0.0.1', port, method: 'POST', agent, ca: ONE.cert });
  made.end('{}');
  return made;
}

test('a request goes out once its connection is made', async () => {
  const { port, asked, ...gate } = await startBehindGate();
  const clock = createFakeClock();
  const made = post(port, clock);
  await clock.advance(1_000);
  gate.open();
  const [response] = await once(made, 'response');
  response.destroy();
  expect(asked).toEqual(['POST']);
});

test('a request never goes out on a connection that was made too late', async () => {
  const { port, asked, ...gate } = await startBehindGate();
  const clock = createFakeClock();
  const made = post(port, clock);
  await clock.advance(1_001);
  gate.open();
  const [error] = await once(made, 'error');
  expect(error).toMatchObject({ code: 'ETIMEDOUT', syscall: 'connect' });
  await once(made, 'close');
  expect(asked).toEqual([]);
});
