/** The request rates of the embedded Cognito. Time is a fake clock's: nothing sleeps. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AccountRates, defaultRates, type Rates } from '../sandbox/cognito/rates.ts';
import type { CognitoOptions } from '../sandbox/cognito/server.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { type Client, createClient, failureOf, POOL, refusalOf, stage } from './cognito-client.ts';

const pools = Array.from({ length: 6 }, (_, index) => `eu-west-1_Pool${index}`);
const poolAt = (index: number): string => pools[index % pools.length] ?? POOL;
const nobody = (pool: string) => ({ UserPoolId: pool, Identifier: 'nobody', Name: 'n' });

type Call = (client: Client, pool: string) => Promise<unknown>;
const describeIt: Call = (client, pool) => client.describe(nobody(pool));
const list: Call = (client, pool) => client.list({ UserPoolId: pool });
const update: Call = (client, pool) => client.update(nobody(pool));
const remove: Call = (client, pool) => client.delete(nobody(pool));

async function rated(options: CognitoOptions = {}) {
  const clock = createFakeClock();
  const on = await stage({ pools, rates: defaultRates, clock, ...options });
  const isAdmitted = async (call: Call, pool = poolAt(0)): Promise<boolean> => {
    const outcome = await call(on.client, pool).then(
      () => 'Success',
      (error: Error) => error.name,
    );
    return outcome !== 'TooManyRequestsException';
  };
  const admitted = async (count: number, call: Call, pool?: string): Promise<number> => {
    let total = 0;
    for (let made = 0; made < count; made += 1) total += (await isAdmitted(call, pool)) ? 1 : 0;
    return total;
  };
  return { ...on, clock, isAdmitted, admitted, [Symbol.asyncDispose]: on[Symbol.asyncDispose] };
}

describe('a call beyond the rate', () => {
  test('is a TooManyRequestsException, 400, and takes no effect', async () => {
    const rates: Rates = { ...defaultRates, perPool: 1 };
    await using on = await rated({ rates });
    await on.client.create({ ...nobody(poolAt(0)), Identifier: 'a' });
    const refused = on.client.create({ ...nobody(poolAt(0)), Identifier: 'b' });
    expect(await refusalOf(refused)).toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate exceeded',
      status: 400,
    });
    expect(on.cognito.console.list(poolAt(0))).toHaveLength(1);
    expect(on.cognito.log.calls().map(({ admitted, effect }) => [admitted, effect])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test('does not count: the next second is whole', async () => {
    await using on = await rated();
    expect(await on.admitted(50, describeIt)).toBe(5);
    await on.clock.advance(1_000);
    expect(await on.admitted(50, describeIt)).toBe(5);
  });
});

describe('per pool', () => {
  test('five calls a second of one operation, and of another five more', async () => {
    await using on = await rated();
    expect(await on.admitted(7, describeIt)).toBe(5);
    expect(await on.admitted(7, list)).toBe(5);
    expect(await on.admitted(7, update)).toBe(5);
    expect(await on.admitted(7, remove)).toBe(5);
  });

  test('or five of a whole category, in the stricter reading', async () => {
    await using on = await rated({ rates: { ...defaultRates, mode: 'per-category' } });
    expect(await on.admitted(3, describeIt)).toBe(3);
    expect(await on.admitted(5, list)).toBe(2);
    expect(await on.admitted(4, update)).toBe(4);
    expect(await on.admitted(5, remove)).toBe(1);
  });

  test('one pool does not use up the rate of another', async () => {
    await using on = await rated();
    expect(await on.admitted(6, describeIt, poolAt(0))).toBe(5);
    expect(await on.admitted(6, describeIt, poolAt(1))).toBe(5);
  });
});

describe('per account', () => {
  test('20 reads and 15 updates a second over all pools', async () => {
    await using on = await rated();
    let [reads, updates] = [0, 0];
    for (let index = 0; index < 30; index += 1) {
      reads += (await on.isAdmitted(describeIt, poolAt(index))) ? 1 : 0;
      updates += (await on.isAdmitted(update, poolAt(index))) ? 1 : 0;
    }
    expect([reads, updates]).toEqual([20, 15]);
  });

  test('a call the account refuses leaves the pool its place', async () => {
    const rates: Rates = { ...defaultRates, perAccount: { read: 1, update: 1 }, perPool: 2 };
    await using on = await rated({ rates });
    expect(await on.admitted(10, describeIt, poolAt(0))).toBe(1);
    on.cognito.setRates({ ...rates, perAccount: { read: 100, update: 1 } });
    expect(await on.admitted(10, describeIt, poolAt(0))).toBe(1);
  });

  test('each Region has its own', async () => {
    await using on = await rated({
      pools: [POOL, 'us-east-1_Other'],
      rates: { ...defaultRates, perAccount: { read: 1, update: 1 } },
    });
    using there = createClient(on.cognito.url, { region: 'us-east-1' });
    expect(await on.admitted(2, list, POOL)).toBe(1);
    expect((await there.list({ UserPoolId: 'us-east-1_Other' })).ResourceServers).toEqual([]);
  });
});

describe('the sliding window', () => {
  test('frees each place a second after it was taken, not earlier', async () => {
    await using on = await rated();
    for (let taken = 0; taken < 5; taken += 1) {
      expect(await on.isAdmitted(describeIt)).toBe(true);
      await on.clock.advance(100);
    }
    await on.clock.advance(499);
    expect(await on.isAdmitted(describeIt)).toBe(false);
    await on.clock.advance(1);
    expect(await on.admitted(3, describeIt)).toBe(1);
  });

  test('admits no more than five around the turn of a second', async () => {
    await using on = await rated();
    await on.clock.advance(990);
    expect(await on.admitted(9, describeIt)).toBe(5);
    await on.clock.advance(20);
    expect(await on.admitted(9, describeIt)).toBe(0);
    expect(on.cognito.log.maxPerSecond({ pool: poolAt(0) })).toBe(5);
  });

  test('in no second admits more than the rate, and refuses only when it is full', async () => {
    const gap = fc.integer({ min: 0, max: 700 });
    await fc.assert(
      fc.asyncProperty(fc.array(gap, { maxLength: 80 }), async (gaps) => {
        const clock = createFakeClock();
        const rates = new AccountRates({ ...defaultRates, perPool: 3 }, 'sliding');
        const call = { operation: 'DescribeResourceServer', account: 'a', pool: POOL } as const;
        const admittedAt: number[] = [];
        for (const ms of gaps) {
          await clock.advance(ms);
          const now = clock.monotonicMs();
          const within = admittedAt.filter((at) => now - at < 1_000).length;
          expect(rates.admit(call, now)).toBe(within < 3);
          if (within < 3) admittedAt.push(now);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the token bucket', () => {
  test('admits a burst, then refills at the rate', async () => {
    const rates: Rates = { ...defaultRates, burst: 8 };
    await using on = await rated({ window: 'token-bucket', rates });
    expect(await on.admitted(12, describeIt)).toBe(8);
    await on.clock.advance(200);
    expect(await on.admitted(3, describeIt)).toBe(1);
    await on.clock.advance(60_000);
    expect(await on.admitted(12, describeIt)).toBe(8);
  });

  test('holds as much as its rate unless told otherwise', async () => {
    await using on = await rated({ window: 'token-bucket' });
    expect(await on.admitted(12, describeIt)).toBe(5);
  });
});

describe('what counts', () => {
  test('a call that fails validation does, an unsigned one does not', async () => {
    await using on = await rated({ rates: { ...defaultRates, perPool: 1 } });
    on.cognito.faults.setCredentialsValid(false);
    expect(await failureOf(list(on.client, poolAt(0)))).toBe('UnrecognizedClientException');
    on.cognito.faults.setCredentialsValid(true);
    const invalid = on.client.list({ UserPoolId: poolAt(0), MaxResults: 99 });
    expect(await failureOf(invalid)).toBe('InvalidParameterException');
    expect(await failureOf(list(on.client, poolAt(0)))).toBe('TooManyRequestsException');
  });

  test('a request that lands late counts when it lands', async () => {
    await using on = await rated({ rates: { ...defaultRates, perPool: 1 } });
    on.cognito.faults.add({ action: { kind: 'late', ms: 5_000 }, times: 1 });
    expect(await failureOf(remove(on.client, poolAt(0)))).toBe('ECONNRESET');
    expect(await on.isAdmitted(remove)).toBe(true);
    await on.clock.advance(4_999);
    expect(on.cognito.log.calls()[0]?.outcome).toBe('Unlanded');
    await on.clock.advance(1);
    expect(on.cognito.log.calls()[0]?.landedAt).toBe(5_000);
    expect(await on.isAdmitted(remove)).toBe(false);
  });

  test('nothing, when rates are off', async () => {
    await using on = await rated({ rates: 'off' });
    expect(await on.admitted(60, describeIt)).toBe(60);
    on.cognito.setRates(defaultRates);
    expect(await on.admitted(60, describeIt)).toBe(5);
  });

  test('at one moment: a log of many seconds shows no more in any of them', async () => {
    const chance = createSeededChance(1);
    let now = 0;
    // Now and then the process stops between two looks at the clock.
    const monotonicMs = () => (now += chance.roll() < 0.1 ? 700 : 1);
    await using on = await rated({ clock: Object.assign(createFakeClock(), { monotonicMs }) });
    expect(await on.admitted(400, describeIt)).toBeGreaterThan(50);
    expect(on.cognito.log.maxPerSecond()).toBe(5);
  });
});
