/** The faults of the embedded Cognito, as the real SDK client meets them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultAction } from '../sandbox/cognito/fault-action.ts';
import { createFakeClock, type FakeClock, settled } from '../support/fake-clock.ts';
import { failureOf, POOL, refusalOf, type Stage, stage } from './cognito-client.ts';

const server = { UserPoolId: POOL, Identifier: 'https://api.example.com', Name: 'An API' };
const scopes = [{ ScopeName: 'read', ScopeDescription: 'Read things' }];

let on: Stage;
let clock: FakeClock;

beforeEach(async () => {
  clock = createFakeClock();
  on = await stage({ clock });
});
afterEach(() => on[Symbol.asyncDispose]());

const create = () => on.client.create({ ...server, Scopes: scopes });
const exists = () => on.cognito.console.get(POOL, server.Identifier) !== undefined;
const lastCall = () => on.cognito.log.calls().at(-1);

describe('Cognito refuses, and nothing takes effect:', () => {
  test.each<[FaultAction, object]>([
    [{ kind: 'throttle' }, { name: 'TooManyRequestsException', message: 'Rate exceeded' }],
    [
      { kind: 'error', name: 'InternalErrorException', message: 'oops', httpStatus: 500 },
      { name: 'InternalErrorException', message: 'oops', status: 500 },
    ],
    [
      { kind: 'error', name: 'NotAuthorizedException', message: 'no' },
      { name: 'NotAuthorizedException', message: 'no', status: 400 },
    ],
    [
      { kind: 'error', name: 'NeverSeenException', message: 'new' },
      { name: 'NeverSeenException', message: 'new', status: 400 },
    ],
    [
      { kind: 'accessDenied' },
      {
        name: 'AccessDeniedException',
        status: 400,
        message:
          'User: arn:aws:sts::111122223333:assumed-role/cognito-operator/sandbox is not ' +
          'authorized to perform: cognito-idp:CreateResourceServer on resource: ' +
          `arn:aws:cognito-idp:eu-west-1:111122223333:userpool/${POOL} because no ` +
          'identity-based policy allows the cognito-idp:CreateResourceServer action',
      },
    ],
  ])('$kind', async (action, want) => {
    on.cognito.faults.add({ action, times: 1 });
    expect(await refusalOf(create())).toMatchObject(want);
    expect(exists()).toBe(false);
    expect(lastCall()).toMatchObject({ fault: action.kind, effect: false, delivery: 'Intact' });
    await create();
    expect(exists()).toBe(true);
  });
});

describe('the answer is damaged, but the request took effect:', () => {
  test.each<[FaultAction, string]>([
    [{ kind: 'truncatedJson' }, 'SyntaxError'],
    [{ kind: 'garbage' }, 'SyntaxError'],
  ])('$kind', async (action, name) => {
    on.cognito.faults.add({ action });
    expect(await refusalOf(create())).toMatchObject({ name, status: 200 });
    expect(exists()).toBe(true);
    expect(lastCall()).toMatchObject({ outcome: 'Success', effect: true, delivery: 'Damaged' });
  });

  test('emptyBody', async () => {
    on.cognito.faults.add({ action: { kind: 'emptyBody' } });
    expect((await create()).ResourceServer).toBeUndefined();
    expect(exists()).toBe(true);
  });

  test('huge', async () => {
    on.cognito.faults.add({ action: { kind: 'huge', bytes: 3_000_000 } });
    const { ResourceServer } = await create();
    expect(ResourceServer).toEqual({ ...server, Scopes: scopes });
  });

  test('wrongEcho', async () => {
    on.cognito.faults.add({ action: { kind: 'wrongEcho', identifier: 'other' } });
    expect((await create()).ResourceServer?.Identifier).toBe('other');
    expect(exists()).toBe(true);
  });

  test('rewrite', async () => {
    on.cognito.faults.add({
      action: { kind: 'rewrite', output: (output) => ({ ...output, NextToken: 'again' }) },
    });
    expect((await on.client.list(server)).NextToken).toBe('again');
  });
});

describe('an HTML page', () => {
  test('of a proxy has no request id, and the request did not pass it', async () => {
    on.cognito.faults.add({ action: { kind: 'html', status: 502 } });
    const { name, status, requestId } = await refusalOf(create());
    expect({ name, status, requestId }).toEqual({
      name: 'SyntaxError',
      status: 502,
      requestId: undefined,
    });
    expect(exists()).toBe(false);
    expect(lastCall()).toMatchObject({ outcome: 'Unlanded', delivery: 'Damaged' });
  });

  test('can have a request id, and hide that the request took effect', async () => {
    on.cognito.faults.add({
      action: { kind: 'html', status: 503, requestId: 'present', effect: 'applied' },
    });
    const { status, requestId } = await refusalOf(create());
    expect([status, typeof requestId]).toEqual([503, 'string']);
    expect(exists()).toBe(true);
  });
});

describe('the connection', () => {
  test('is reset before the request takes effect', async () => {
    on.cognito.faults.add({ action: { kind: 'resetBefore' } });
    expect(await failureOf(create())).toBe('ECONNRESET');
    expect(exists()).toBe(false);
    expect(lastCall()).toMatchObject({ outcome: 'Unlanded', effect: false, delivery: 'Lost' });
  });

  test('is reset after it took effect', async () => {
    on.cognito.faults.add({ action: { kind: 'resetAfter' } });
    expect(await failureOf(create())).toBe('ECONNRESET');
    expect(exists()).toBe(true);
    expect(lastCall()).toMatchObject({ outcome: 'Success', effect: true, delivery: 'Lost' });
  });

  test('is reset at once, and the request lands late', async () => {
    on.cognito.faults.add({ action: { kind: 'late', ms: 30_000 } });
    expect(await failureOf(create())).toBe('ECONNRESET');
    await clock.advance(29_999);
    expect(exists()).toBe(false);
    await clock.advance(1);
    expect(exists()).toBe(true);
    expect(lastCall()).toMatchObject({ answeredAt: 0, landedAt: 30_000, effect: true });
  });

  test('is answered by a proxy, and passed on late', async () => {
    on.cognito.faults.add({ action: { kind: 'html', status: 502, body: '', passedOnAfterMs: 9 } });
    await failureOf(create());
    await clock.advance(8);
    expect(exists()).toBe(false);
    await clock.advance(1);
    expect(exists()).toBe(true);
    expect(lastCall()).toMatchObject({ answeredAt: 0, landedAt: 9, delivery: 'Damaged' });
  });

  test.each(['applied', 'none'] as const)('hangs for ever, effect %s', async (effect) => {
    on.cognito.console.create(POOL, { identifier: 'x', name: 'n' });
    on.cognito.faults.add({ action: { kind: 'hang', effect } });
    const impatient = new AbortController();
    const held = on.cognito.log.size;
    const call = on.client.delete({ UserPoolId: POOL, Identifier: 'x' }, impatient.signal);
    const failure = failureOf(call);
    await until(() => on.cognito.log.size > held);
    await clock.advance(3_600_000);
    expect(lastCall()?.delivery).toBe('Pending');
    impatient.abort();
    expect(await failure).toBe('AbortError');
    await until(() => lastCall()?.delivery === 'Lost');
    expect(on.cognito.console.get(POOL, 'x') === undefined).toBe(effect === 'applied');
  });
});

describe('a delay', () => {
  test.each([
    ['before-effect', false],
    ['after-effect', true],
  ] as const)('%s answers later', async (stageOfDelay, existsMeanwhile) => {
    on.cognito.faults.add({ action: { kind: 'delayMs', ms: 500, stage: stageOfDelay } });
    const call = create();
    await until(() => on.cognito.log.size === 1);
    await clock.advance(499);
    expect([exists(), lastCall()?.delivery]).toEqual([existsMeanwhile, 'Pending']);
    await clock.advance(1);
    expect((await call).ResourceServer?.Name).toBe('An API');
    expect(lastCall()?.answeredAt).toBe(500);
  });
});

describe('a rule', () => {
  test('strikes as often as it says, then no more', async () => {
    const fault = on.cognito.faults.add({ times: 2, action: { kind: 'throttle' } });
    const failures = [await failureOf(create()), await failureOf(create())];
    expect(failures).toEqual(['TooManyRequestsException', 'TooManyRequestsException']);
    await create();
    expect(fault.hits).toBe(2);
  });

  test('strikes until it is cleared', async () => {
    const fault = on.cognito.faults.add({ action: { kind: 'throttle' } });
    expect(await failureOf(create())).toBe('TooManyRequestsException');
    fault.clear();
    await create();
  });

  test.each([
    ['operation', { operation: 'DeleteResourceServer' }],
    ['pool', { pool: 'eu-west-1_Other' }],
    ['identifier', { identifier: 'another' }],
    ['predicate', { predicate: () => false }],
  ])('leaves alone what its %s does not match', async (_, match) => {
    const fault = on.cognito.faults.add({ match, action: { kind: 'throttle' } });
    await create();
    expect(fault.hits).toBe(0);
  });

  test('strikes what all of its match agrees on', async () => {
    on.cognito.faults.add({
      match: {
        operation: 'CreateResourceServer',
        pool: POOL,
        identifier: server.Identifier,
        predicate: ({ input }) => JSON.stringify(input).includes('Read things'),
      },
      action: { kind: 'throttle' },
    });
    await on.client.create({ ...server, Identifier: 'other' });
    expect(await failureOf(create())).toBe('TooManyRequestsException');
  });

  test('goes first when it is older, and all go when cleared', async () => {
    on.cognito.faults.add({ action: { kind: 'throttle' }, times: 1 });
    on.cognito.faults.add({ action: { kind: 'accessDenied' } });
    expect(await failureOf(create())).toBe('TooManyRequestsException');
    expect(await failureOf(create())).toBe('AccessDeniedException');
    on.cognito.faults.clear();
    await create();
  });
});

describe('a held call', () => {
  const match = { operation: 'CreateResourceServer' };

  test('stands still before its effect until it is released', async () => {
    const arrival = on.cognito.faults.hold(match);
    const call = create();
    const held = await arrival;
    expect(held.record).toMatchObject({ identifier: server.Identifier, outcome: 'Unlanded' });
    expect(exists()).toBe(false);
    held.release();
    expect((await call).ResourceServer?.Name).toBe('An API');
    held.release();
    held.drop();
    expect(held.record).toMatchObject({ outcome: 'Success', delivery: 'Intact' });
  });

  test('or after its effect', async () => {
    const arrival = on.cognito.faults.hold(match, 'after-effect');
    const call = create();
    const held = await arrival;
    expect([exists(), held.record.delivery]).toEqual([true, 'Pending']);
    held.release();
    expect((await call).ResourceServer?.Name).toBe('An API');
    expect(on.cognito.log.mutationsOf(POOL, server.Identifier)).toHaveLength(1);
  });

  test('can be dropped without effect', async () => {
    const arrival = on.cognito.faults.hold(match);
    const failure = failureOf(create());
    (await arrival).drop();
    expect(await failure).toBe('ECONNRESET');
    expect(exists()).toBe(false);
  });

  test('can land after it was dropped', async () => {
    const arrival = on.cognito.faults.hold(match);
    const failure = failureOf(create());
    const held = await arrival;
    held.drop();
    await failure;
    await create();
    held.apply();
    expect(held.record).toMatchObject({ outcome: 'InvalidParameterException', delivery: 'Lost' });
  });

  test('holds one call only, and leaves others alone', async () => {
    const arrival = on.cognito.faults.hold({ ...match, identifier: 'b' });
    await create();
    const call = on.client.create({ ...server, Identifier: 'b' });
    const held = await arrival;
    await on.client.update({ ...server, Name: 'Meanwhile' });
    await on.client.create({ ...server, Identifier: 'c' });
    held.release();
    await call;
    expect(on.cognito.console.list(POOL).map(({ identifier }) => identifier)).toEqual([
      server.Identifier,
      'c',
      'b',
    ]);
  });

  test('learns that its client is gone, and takes effect all the same', async () => {
    on.cognito.console.create(POOL, { identifier: 'x', name: 'n' });
    const arrival = on.cognito.faults.hold({ operation: 'DeleteResourceServer' });
    const impatient = new AbortController();
    const input = { UserPoolId: POOL, Identifier: 'x' };
    const failure = failureOf(on.client.delete(input, impatient.signal));
    const held = await arrival;
    impatient.abort();
    await failure;
    await until(() => held.record.delivery === 'Lost');
    held.release();
    expect(on.cognito.console.get(POOL, 'x')).toBeUndefined();
    expect(held.record).toMatchObject({ effect: true, delivery: 'Lost' });
  });

  test('that never comes is told so when the server closes', async () => {
    const arrival = on.cognito.faults.hold(match);
    await on.cognito.close();
    await expect(arrival).rejects.toThrow('no matching call arrived in time');
  });
});

test('closing ends open calls, and what was late never lands', async () => {
  on.cognito.faults.add({ action: { kind: 'late', ms: 10 }, times: 1 });
  await failureOf(create());
  on.cognito.faults.add({ action: { kind: 'hang', effect: 'none' } });
  const hanging = failureOf(on.client.list(server));
  await until(() => on.cognito.log.size === 2);
  await on.cognito.close();
  expect(await hanging).toBe('ECONNRESET');
  await clock.advance(1_000);
  expect([exists(), clock.timers]).toEqual([false, 0]);
});

/** Lets the sockets' events happen until the condition holds; the test's timeout bounds it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settled();
}
