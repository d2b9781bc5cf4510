/** The ledger of the embedded Cognito: what tests hold an operator to. */
import { describe, expect, test } from 'vitest';
import { callOf } from '../sandbox/cognito/call.ts';
import { CallLog } from '../sandbox/cognito/log.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { POOL, refusalOf, type Stage, stage } from './cognito-client.ts';

const server = { UserPoolId: POOL, Identifier: 'a', Name: 'n' };

test('a record tells who called what, when, and what came of it', async () => {
  const clock = createFakeClock(5);
  await using on = await stage({ clock });
  await on.client.create(server);
  expect(on.cognito.log.calls()).toEqual([
    {
      number: 1,
      operation: 'CreateResourceServer',
      pool: POOL,
      identifier: 'a',
      region: 'eu-west-1',
      accessKey: 'AKIAEXAMPLE',
      userAgent: expect.stringContaining('aws-sdk-js/'),
      signedAt: expect.any(Number),
      at: 5,
      landedAt: 5,
      answeredAt: 5,
      outcome: 'Success',
      admitted: true,
      effect: true,
      delivery: 'Intact',
      fault: undefined,
    },
  ]);
});

test('a record tells when the caller signed, to the second', async () => {
  await using on = await stage();
  const before = Math.floor(Date.now() / 1_000) * 1_000;
  await on.client.create(server);
  const { signedAt = 0 } = on.cognito.log.calls()[0] ?? {};
  expect(signedAt).toBeGreaterThanOrEqual(before);
  expect(signedAt).toBeLessThanOrEqual(Date.now());
});

async function momentsWith(seed: number) {
  const clock = createFakeClock();
  await using on = await stage({ clock, seed, latencyMs: [50, 150] });
  const call = on.client.create(server);
  while (on.cognito.log.size === 0) await clock.advance(0);
  await clock.advance(150);
  await call;
  return on.cognito.log.calls()[0];
}

test('latency passes before and after the effect, by chance and the same for a seed', async () => {
  const first = await momentsWith(1);
  const again = await momentsWith(1);
  const other = await momentsWith(2);
  expect(first?.landedAt).toBeGreaterThan(0);
  expect(first?.answeredAt).toBeGreaterThan(Math.max(50, first?.landedAt ?? 150));
  expect(first?.answeredAt).toBeLessThanOrEqual(150);
  expect([again?.landedAt, again?.answeredAt]).toEqual([first?.landedAt, first?.answeredAt]);
  expect(other?.landedAt).not.toBe(first?.landedAt);
});

test('calls are counted by operation and outcome', async () => {
  await using on = await stage();
  await on.client.create(server);
  await refusalOf(on.client.create(server));
  await on.client.list(server);
  await on.client.list(server);
  expect(on.cognito.counts()).toEqual({
    CreateResourceServer: { Success: 1, InvalidParameterException: 1 },
    ListResourceServers: { Success: 2 },
  });
});

test('mutations of one identity can be told, refused ones included, reads not', async () => {
  await using on = await stage();
  await on.client.create(server);
  await on.client.create({ ...server, Identifier: 'b' });
  await on.client.describe(server);
  await on.client.delete(server);
  await refusalOf(on.client.delete(server));
  const mutations = on.cognito.log.mutationsOf(POOL, 'a');
  expect(mutations.map(({ operation, effect }) => [operation, effect])).toEqual([
    ['CreateResourceServer', true],
    ['DeleteResourceServer', true],
    ['DeleteResourceServer', false],
  ]);
});

test('what the console does is no call', async () => {
  await using on = await stage();
  const { console, log } = on.cognito;
  console.create(POOL, { identifier: 'a', name: 'n' });
  console.put(POOL, { identifier: 'a', name: 'm' });
  expect(console.get(POOL, 'a')?.name).toBe('m');
  expect([console.delete(POOL, 'a'), console.delete(POOL, 'a')]).toEqual([true, false]);
  expect([log.size, on.cognito.counts()]).toEqual([0, {}]);
});

describe('the console', () => {
  const mistakes: Readonly<Record<string, (on: Stage) => void>> = {
    'creates what exists': ({ cognito }) => {
      cognito.console.create(POOL, { identifier: 'a', name: 'n' });
      cognito.console.create(POOL, { identifier: 'a', name: 'n' });
    },
    'writes what Cognito would refuse': ({ cognito }) =>
      cognito.console.put(POOL, { identifier: 'a b', name: 'n' }),
    'names a pool that does not exist': ({ cognito }) =>
      void cognito.console.list('eu-west-1_Missing'),
    'marks a server that does not exist': ({ cognito }) =>
      cognito.console.setManagedBy(POOL, 'nobody', 'COGNITO'),
  };

  test.each(Object.entries(mistakes))('throws when it %s', async (_, mistake) => {
    await using on = await stage();
    expect(() => mistake(on)).toThrow(Error);
  });
});

describe('the most calls in a second', () => {
  test('do not count a call together with one a whole second later', async () => {
    const clock = createFakeClock();
    await using on = await stage({ clock });
    for (const pauseMs of [999, 1, 0]) {
      await on.client.list(server);
      await clock.advance(pauseMs);
    }
    expect(on.cognito.log.calls().map(({ at }) => at)).toEqual([0, 999, 1_000]);
    expect(on.cognito.log.maxPerSecond()).toBe(2);
  });

  test('are told for the scope asked for', async () => {
    const clock = createFakeClock();
    const other = 'eu-west-1_Other';
    await using on = await stage({ clock, pools: [POOL, other] });
    for (const UserPoolId of [POOL, POOL, other]) {
      await on.client.list({ UserPoolId });
      await clock.advance(400);
    }
    await on.client.create(server);
    const { log } = on.cognito;
    expect(log.maxPerSecond()).toBe(3);
    expect(log.maxPerSecond({ category: 'read' })).toBe(3);
    expect(log.maxPerSecond({ category: 'update' })).toBe(1);
    expect(log.maxPerSecond({ pool: POOL, operation: 'ListResourceServers' })).toBe(2);
    expect(log.maxPerSecond({ pool: other })).toBe(1);
    expect(log.maxPerSecond({ region: 'us-east-1' })).toBe(0);
    expect(log.maxPerSecond({ accessKey: 'AKIAANOTHER' })).toBe(0);
  });
});

describe('a full log', () => {
  const message = {
    method: 'POST',
    url: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.DeleteResourceServer',
    },
  };
  const call = (identifier: string) =>
    callOf(message, JSON.stringify({ UserPoolId: POOL, Identifier: identifier }));

  test('forgets the oldest calls and their mutations, but no count', () => {
    const log = new CallLog(10);
    for (let at = 0; at < 95; at += 1)
      log.note(log.open(call(`id-${at % 2}`), at), { outcome: 'Success' });
    expect(log.calls().map(({ number }) => number)).toEqual([
      86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
    ]);
    expect(log.since(93).map(({ number }) => number)).toEqual([94, 95]);
    expect(log.since(0)).toHaveLength(10);
    expect(log.mutationsOf(POOL, 'id-0').length).toBeLessThanOrEqual(10);
    expect([log.size, log.counts()]).toEqual([95, { DeleteResourceServer: { Success: 95 } }]);
  });
});
