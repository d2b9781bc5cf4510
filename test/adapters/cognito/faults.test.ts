import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedCognito, startCognito } from '../../sandbox/cognito/server.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { type CognitoRig, createCognitoRig, free, KEYS, PATIENT_MS } from './rig.ts';

type FaultAction = Parameters<EmbeddedCognito['faults']['add']>[0]['action'];

const pool = 'eu-west-1_AbCdEfGhI';
const identity = { userPoolId: pool, identifier: 'https://weather.example.com' };
const desired = { name: 'Weather', scopes: [{ name: 'read', description: 'Read' }] };

let cognito: EmbeddedCognito;
let rig: CognitoRig;
beforeEach(async () => {
  cognito = await startCognito({ pools: [pool], rates: 'off' });
  rig = createCognitoRig({ url: cognito.url });
});
afterEach(async () => {
  rig.close();
  await cognito.close();
});

async function outcome(action: FaultAction, operation: 'create' | 'describe') {
  if (operation === 'describe')
    cognito.console.put(pool, { identifier: identity.identifier, ...desired });
  cognito.faults.add({ action });
  const answer = await (operation === 'create'
    ? rig.userPools.create(identity, desired, free())
    : rig.userPools.describe(identity, free()));
  return answer.kind === 'Failed' ? answer.failure : answer;
}

interface Row {
  readonly name: string;
  readonly action: FaultAction;
  readonly create: string;
  readonly describe: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'reset before',
    action: { kind: 'resetBefore' },
    create: 'Unanswered',
    describe: 'Unanswered',
  },
  {
    name: 'reset after',
    action: { kind: 'resetAfter' },
    create: 'Unanswered',
    describe: 'Unanswered',
  },
  {
    name: "a proxy's 502",
    action: { kind: 'html', status: 502 },
    create: 'Unanswered',
    describe: 'Unavailable',
  },
  {
    name: "a portal's 200",
    action: { kind: 'html', status: 200 },
    create: 'Unanswered',
    describe: 'Unavailable',
  },
  {
    name: 'a 503 page with a request id',
    action: { kind: 'html', status: 503, requestId: 'present' },
    create: 'Unavailable',
    describe: 'Unavailable',
  },
  {
    name: 'half an answer',
    action: { kind: 'truncatedJson' },
    create: 'Unavailable',
    describe: 'Unavailable',
  },
  { name: 'noise', action: { kind: 'garbage' }, create: 'Unavailable', describe: 'Unavailable' },
  {
    name: 'an empty answer',
    action: { kind: 'emptyBody' },
    create: 'Unavailable',
    describe: 'Unavailable',
  },
  {
    name: "another identifier's answer",
    action: { kind: 'wrongEcho' },
    create: 'Unavailable',
    describe: 'Unavailable',
  },
  { name: 'throttled', action: { kind: 'throttle' }, create: 'Throttled', describe: 'Throttled' },
  { name: 'denied', action: { kind: 'accessDenied' }, create: 'Denied', describe: 'Denied' },
  {
    name: 'an unknown error',
    action: { kind: 'error', name: 'NovelException', message: 'hm' },
    create: 'Unavailable',
    describe: 'Unavailable',
  },
];

describe('one call', () => {
  test.each(ROWS)('$name: create is $create, describe is $describe', async (row) => {
    expect(await outcome(row.action, 'create')).toMatchObject({ kind: row.create });
    cognito.faults.clear();
    expect(await outcome(row.action, 'describe')).toMatchObject({ kind: row.describe });
    expect(cognito.log.size, 'never more than one attempt').toBe(2);
  });

  test.each([
    ['another pool', { UserPoolId: 'eu-west-1_Other', Identifier: identity.identifier, Name: 'x' }],
    ['no pool', { Identifier: identity.identifier, Name: 'x' }],
    ['a name that is a number', { UserPoolId: pool, Identifier: identity.identifier, Name: 7 }],
    [
      'scopes that are text',
      { UserPoolId: pool, Identifier: identity.identifier, Name: 'x', Scopes: 'all' },
    ],
    [
      'a scope without a name',
      { UserPoolId: pool, Identifier: identity.identifier, Name: 'x', Scopes: [{}] },
    ],
    ['a server that is text', 'server'],
  ])('an answer with %s is no answer to ours', async (_, ResourceServer) => {
    const action: FaultAction = { kind: 'rewrite', output: () => ({ ResourceServer }) };
    expect(await outcome(action, 'create')).toMatchObject({ kind: 'Unavailable' });
  });

  test.each([
    ['no list', {}],
    [
      "another pool's server",
      { ResourceServers: [{ UserPoolId: 'eu-west-1_Other', Identifier: 'x', Name: 'x' }] },
    ],
    ['a token that is no text', { ResourceServers: [], NextToken: 7 }],
  ])('a page with %s is unavailable', async (_, page) => {
    cognito.faults.add({ action: { kind: 'rewrite', output: () => page } });
    expect(await rig.userPools.list(pool, undefined, free())).toMatchObject({
      failure: { kind: 'Unavailable' },
    });
  });

  test('a large page is read', async () => {
    const action: FaultAction = { kind: 'huge', bytes: 7 * 1024 * 1024 };
    expect(await outcome(action, 'describe')).toMatchObject({ kind: 'Answered', value: desired });
  });

  test('silence ends at the deadline and leaves the request unanswered', async () => {
    const clock = createFakeClock();
    rig = createCognitoRig({ url: cognito.url, clock });
    const silence = cognito.faults.add({ action: { kind: 'hang', effect: 'applied' } });
    const answer = rig.userPools.create(identity, desired, free());
    await expect.poll(() => silence.hits).toBe(1);
    await clock.advance(PATIENT_MS);
    expect(await answer).toMatchObject({ failure: { kind: 'Unanswered', name: 'TimeoutError' } });
  });

  test('an abort after it left leaves it unanswered', async () => {
    const stop = new AbortController();
    const arrived = cognito.faults.hold({});
    const answer = rig.userPools.create(identity, desired, free(stop.signal));
    await arrived;
    stop.abort(new Error('lease lost'));
    expect(await answer).toMatchObject({ failure: { kind: 'Unanswered', message: 'lease lost' } });
  });

  test('an unknown name is logged once and counted each time', async () => {
    cognito.faults.add({ action: { kind: 'error', name: 'NovelException', message: 'hm' } });
    for (const _ of [1, 2, 3]) await rig.userPools.describe(identity, free());
    expect(rig.lines).toEqual(['warn: AWS answered with an error of an unknown name']);
    expect(rig.counts.get('cognito_operator_aws_unknown_errors_total{NovelException}')).toBe(3);
    expect(rig.counts.get('cognito_operator_aws_requests_total{Describe,Unavailable}')).toBe(3);
  });
});

describe('the account', () => {
  test('of the setting is believed without a call', async () => {
    rig = createCognitoRig({ url: cognito.url, accountId: '444455556666' });
    expect(rig.account.known()).toBe('444455556666');
    expect(await rig.account.caller('eu-west-1', free())).toEqual({
      kind: 'Answered',
      value: '444455556666',
    });
    expect(cognito.log.size).toBe(0);
  });

  test('is what the credentials say of themselves', async () => {
    const credentials = { ...KEYS, accountId: '777788889999' };
    rig = createCognitoRig({ url: cognito.url, credentials });
    expect(rig.account.known()).toBeUndefined();
    const { signal } = new AbortController();
    expect(await rig.account.credentials(signal)).toEqual({ kind: 'Answered', value: undefined });
    expect(rig.account.known()).toBe('777788889999');
  });

  test('is asked of STS once, and only when somebody wants to know', async () => {
    const { account } = rig;
    await account.credentials(new AbortController().signal);
    expect([account.known(), cognito.log.size]).toEqual([undefined, 0]);
    const own = { kind: 'Answered', value: '111122223333' };
    expect(await account.caller('eu-west-1', free())).toEqual(own);
    expect(await account.caller('us-east-1', free())).toEqual(own);
    expect([account.known(), cognito.log.size]).toEqual(['111122223333', 1]);
  });

  test('stays unknown when STS does not answer, and is asked again', async () => {
    cognito.faults.add({ times: 1, action: { kind: 'html', status: 503 } });
    expect(await rig.account.caller('eu-west-1', free())).toMatchObject({ kind: 'Failed' });
    expect(rig.account.known()).toBeUndefined();
    expect(await rig.account.caller('eu-west-1', free())).toMatchObject({ kind: 'Answered' });
  });

  test('withheld, STS is not asked', async () => {
    const call = { ...free(), guard: () => 'Stopping' as const };
    expect(await rig.account.caller('eu-west-1', call)).toMatchObject({
      failure: { kind: 'NotSent', withheld: 'Stopping' },
    });
    expect(cognito.log.size).toBe(0);
  });
});
