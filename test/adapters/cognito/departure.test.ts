/** Exactly when a request leaves: on plain sockets, where every byte is seen. */
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Withheld } from '../../../src/core/failure.ts';
import { createFakeClock, settled } from '../../support/fake-clock.ts';
import { type RawServer, startRawServer, unusedUrl } from '../raw-server.ts';
import { createCognitoRig, free, KEYS, PATIENT_MS, type RigOptions } from './rig.ts';

const identity = { userPoolId: 'eu-west-1_AbCdEfGhI', identifier: 'weather' };
const desired = { name: 'Weather', scopes: [] };

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(status: number, body: string): Promise<RawServer> {
  const server = await startRawServer((_, response) => {
    response.writeHead(status, { 'x-amzn-requestid': 'one' }).end(body);
  });
  open.push(() => server.close());
  return server;
}

/** As SIGSTOP does it: no timer fires, and the kernel goes on. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function afterNextTick(act: () => void): undefined {
  process.nextTick(() => process.nextTick(act));
}

function rigOf(options: RigOptions) {
  const rig = createCognitoRig(options);
  open.push(() => rig.close());
  return rig;
}

test('an answer without end is cut off long before it fills the memory', async () => {
  const sent = { bytes: 0 };
  const endless = async function* () {
    for (const chunk = Buffer.alloc(65_536); sent.bytes < 200 * 2 ** 20; sent.bytes += 65_536) {
      yield chunk;
    }
  };
  const cut = Promise.withResolvers<void>();
  const server = await startRawServer((_, response) => {
    response.writeHead(200, { 'x-amzn-requestid': 'one' });
    pipeline(endless, response).catch(() => cut.resolve());
  });
  open.push(() => server.close());
  const { userPools } = rigOf({ url: server.url });
  expect(await userPools.list(identity.userPoolId, undefined, free())).toMatchObject({
    failure: { kind: 'Unavailable', message: 'the answer has more than 8388608 bytes' },
  });
  await cut.promise;
  expect(sent.bytes).toBeLessThan(32 * 2 ** 20);
});

test('an empty 200 without a request id is no proof that a server is gone', async () => {
  const server = await startRawServer((_, response) => void response.writeHead(200).end());
  open.push(() => server.close());
  const { userPools } = rigOf({ url: server.url });
  expect(await userPools.delete(identity, free())).toMatchObject({
    failure: { kind: 'Unanswered', message: 'the answer has no request id' },
  });
});

describe('a request leaves', () => {
  test('never, not even as a connection, when the guard says no', async () => {
    const server = await start(200, '{}');
    const { userPools } = rigOf({ url: server.url });
    const call = { ...free(), guard: () => 'PlaceVoid' as const };
    for (const _ of [1, 2]) {
      expect(await userPools.create(identity, desired, call)).toEqual({
        kind: 'Failed',
        failure: { kind: 'NotSent', withheld: 'PlaceVoid', message: 'withheld: PlaceVoid' },
      });
    }
    expect([server.connections, server.requests.length]).toEqual([0, 0]);
  });

  test('only if the guard still says yes after the signature', async () => {
    const server = await start(200, '{}');
    const lease: { lost: Withheld | undefined } = { lost: undefined };
    const steps: string[] = [];
    const step = (name: string) => {
      if (steps.at(-1) !== name) steps.push(name);
    };
    const credentials = async () => {
      step('credentials');
      await settled();
      return {
        accessKeyId: KEYS.accessKeyId,
        // Read by whoever derives the key to sign with: the lease is lost just then.
        get secretAccessKey() {
          step('signature');
          lease.lost = 'NotLeader';
          return KEYS.secretAccessKey;
        },
      };
    };
    const { userPools } = rigOf({ url: server.url, credentials });
    const guard = () => {
      step('guard');
      return lease.lost;
    };
    expect(await userPools.delete(identity, { ...free(), guard })).toMatchObject({
      failure: { kind: 'NotSent', withheld: 'NotLeader' },
    });
    expect(steps).toEqual(['credentials', 'signature', 'guard']);
    expect(server.connections).toBe(0);
  });

  test('once the guard was asked, exactly once, whatever Cognito answers', async () => {
    const server = await start(500, '');
    const { userPools } = rigOf({ url: server.url });
    const guard = { asked: 0 };
    const call = {
      ...free(),
      guard: () => {
        guard.asked += 1;
        return undefined;
      },
    };
    await userPools.update(identity, desired, call);
    expect([guard.asked, server.requests.length]).toEqual([1, 1]);
  });

  test('never when the process stood still while its connection was made', async () => {
    const server = await startRawServer((_, response) => {
      response.writeHead(200, { connection: 'close' }).end('{}');
    });
    open.push(() => server.close());
    const { userPools } = rigOf({ url: server.url, callDeadlineMs: 200, connectTimeoutMs: 100 });
    await userPools.describe(identity, free());
    // From a timer on all goes in one turn of the loop, until the connection is being made.
    await sleep(1);
    const call = { ...free(), guard: () => afterNextTick(() => standStill(500)) };
    const answer = await userPools.update(identity, desired, call);
    const { userPools: others } = rigOf({ url: server.url });
    await others.delete(identity, free());
    const targets = server.requests.map(({ headers }) => headers['x-amz-target']);
    expect(targets.at(-1)).toBe('AWSCognitoIdentityProviderService.DeleteResourceServer');
    expect(targets).not.toContain('AWSCognitoIdentityProviderService.UpdateResourceServer');
    expect(answer).toMatchObject({ failure: { kind: 'NotSent', withheld: undefined } });
  });

  test('never when credentials hang past the deadline, even if they come later', async () => {
    const server = await start(200, '{}');
    const clock = createFakeClock();
    const late = Promise.withResolvers<typeof KEYS>();
    const { userPools } = rigOf({ url: server.url, clock, credentials: () => late.promise });
    const guard = { asked: 0 };
    const call = { ...free(), guard: () => void (guard.asked += 1) };
    const answer = userPools.create(identity, desired, call);
    await clock.advance(PATIENT_MS);
    expect(await answer).toMatchObject({ failure: { kind: 'NotSent', withheld: undefined } });
    late.resolve(KEYS);
    await settled();
    await settled();
    expect([guard.asked, server.connections, clock.timers]).toEqual([0, 0, 0]);
  });

  test('never when there are no credentials: that is denied', async () => {
    const server = await start(200, '{}');
    const none = Object.assign(new Error('none to be had'), { name: 'CredentialsProviderError' });
    const rig = rigOf({ url: server.url, credentials: () => Promise.reject(none) });
    const denied = { failure: { kind: 'Denied', message: 'none to be had' } };
    expect(await rig.userPools.create(identity, desired, free())).toMatchObject(denied);
    expect(await rig.account.credentials(new AbortController().signal)).toMatchObject(denied);
    expect(server.connections).toBe(0);
  });

  test('never when nobody listens, or the name is unknown', async () => {
    const refused = rigOf({ url: await unusedUrl() });
    expect(await refused.userPools.create(identity, desired, free())).toMatchObject({
      failure: { kind: 'NotSent', withheld: undefined },
    });
    const unknown = rigOf({ url: 'http://nowhere.invalid' });
    expect(await unknown.userPools.create(identity, desired, free())).toMatchObject({
      failure: { kind: 'NotSent', withheld: undefined },
    });
  });
});
