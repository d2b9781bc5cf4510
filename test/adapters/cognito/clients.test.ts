import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { regionOf } from '../../../src/adapters/cognito/clients.ts';
import { type RawServer, startRawServer } from '../raw-server.ts';
import { createCognitoRig, free, type RigOptions } from './rig.ts';

const identity = { userPoolId: 'eu-west-1_AbCdEfGhI', identifier: 'weather' };

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(): Promise<RawServer> {
  const server = await startRawServer((_, response) => {
    response.writeHead(500, { 'x-amzn-requestid': 'one' }).end();
  });
  open.push(() => server.close());
  return server;
}

function rigOf(options: RigOptions) {
  const rig = createCognitoRig(options);
  open.push(() => rig.close());
  return rig;
}

describe('the SDK, as we use it', () => {
  test('tries once', async () => {
    const server = await start();
    await rigOf({ url: server.url }).userPools.describe(identity, free());
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers['amz-sdk-request']).toBe('attempt=1; max=1');
  });

  test('says who calls', async () => {
    const server = await start();
    await rigOf({ url: server.url }).userPools.describe(identity, free());
    expect(server.requests[0]?.headers['user-agent']).toContain('cognito-operator/1.2.3');
  });

  test('signs for the Region of the pool', async () => {
    const server = await start();
    const { userPools } = rigOf({ url: server.url });
    for (const userPoolId of ['eu-west-1_A', 'us-gov-east-1_B', 'eu-west-1_C']) {
      await userPools.describe({ ...identity, userPoolId }, free());
    }
    const regions = server.requests.map(({ headers }) => headers.authorization?.split('/').at(2));
    expect(regions).toEqual(['eu-west-1', 'us-gov-east-1', 'eu-west-1']);
  });

  test('resolves the credentials once for all Regions', async () => {
    const server = await start();
    const asked: string[] = [];
    const credentials = async () => {
      asked.push('asked');
      return { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
    };
    const { userPools, account } = rigOf({ url: server.url, credentials });
    await account.credentials(new AbortController().signal);
    await userPools.describe({ ...identity, userPoolId: 'eu-west-1_A' }, free());
    await userPools.describe({ ...identity, userPoolId: 'us-east-1_B' }, free());
    expect(asked).toEqual(['asked']);
  });

  test('uses a warm connection again, and not one that was idle for long', async () => {
    const server = await start();
    const patient = rigOf({ url: server.url, idleSocketMs: 60_000 });
    await patient.userPools.describe(identity, free());
    await patient.userPools.describe(identity, free());
    expect(server.connections).toBe(1);
    const { userPools } = rigOf({ url: server.url, idleSocketMs: 50 });
    await userPools.describe(identity, free());
    await passed(120);
    await userPools.describe(identity, free());
    expect(server.connections).toBe(3);
  });

  test('goes through the proxy of the environment, but for what NO_PROXY names', async () => {
    const [proxy, server] = [await start(), await start()];
    const proxyEnvironment = { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' };
    const far = rigOf({ url: 'http://cognito.invalid', proxyEnvironment });
    expect(await far.userPools.describe(identity, free())).toMatchObject({
      failure: { kind: 'Unavailable' },
    });
    expect(proxy.requests[0]?.url).toBe('http://cognito.invalid/');
    await rigOf({ url: server.url, proxyEnvironment }).userPools.describe(identity, free());
    expect([proxy.requests.length, server.requests.length]).toEqual([1, 1]);
  });

  test('sends nothing when the proxy refuses the tunnel', async () => {
    const proxy = await start();
    const { userPools } = rigOf({
      url: 'https://cognito.invalid',
      proxyEnvironment: { HTTPS_PROXY: proxy.url },
    });
    expect(await userPools.delete(identity, free())).toMatchObject({
      failure: { kind: 'NotSent', withheld: undefined },
    });
  });
});

test('the Region of a pool is the prefix of its id', () => {
  expect(['eu-west-1_AbC', 'us-gov-west-1_x', 'none'].map(regionOf)).toEqual([
    'eu-west-1',
    'us-gov-west-1',
    '',
  ]);
});
