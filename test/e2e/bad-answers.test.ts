/**
 * Answers that are none, and requests of which nobody knows whether they landed. However it went:
 * in the end there is one effect, it is recorded as ours, and people are told once.
 */
import { describe, expect } from 'vitest';
import type { FaultAction, Rewrite } from '../sandbox/cognito/fault-action.ts';
import { aResourceServer } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import { waitFor } from '../support/wait.ts';

const test = testInSharedHouse(UNMETERED);

interface Row {
  readonly name: string;
  readonly fault: FaultAction;
}

const error = (name: string, httpStatus: number): FaultAction => ({
  kind: 'error',
  name,
  message: 'not now',
  httpStatus,
});

/** Of a server that has another identifier, name, and no scopes. */
const ofAnother: Rewrite = ({ ResourceServer, ...rest }) => {
  if (ResourceServer === undefined) return rest;
  const { UserPoolId } = ResourceServer as { UserPoolId: string };
  return { ...rest, ResourceServer: { UserPoolId, Identifier: 'another', Name: 'Another' } };
};

const ROWS: readonly Row[] = [
  { name: 'an InternalErrorException', fault: error('InternalErrorException', 500) },
  { name: 'an error of an unknown name', fault: error('NobodyKnowsException', 400) },
  { name: 'a 503', fault: error('ServiceUnavailable', 503) },
  { name: 'noise after it landed', fault: { kind: 'garbage' } },
  { name: 'half an answer', fault: { kind: 'truncatedJson' } },
  { name: 'no body', fault: { kind: 'emptyBody' } },
  { name: 'the answer to another request', fault: { kind: 'rewrite', output: ofAnother } },
  { name: 'the page of a proxy, not passed on', fault: { kind: 'html', status: 502 } },
  {
    name: 'the page of a proxy, passed on',
    fault: { kind: 'html', status: 502, effect: 'applied' },
  },
  {
    name: 'the page of a proxy, passed on after that',
    fault: { kind: 'html', status: 502, passedOnAfterMs: 600 },
  },
  {
    name: 'a page of the service itself',
    fault: { kind: 'html', status: 500, requestId: 'present' },
  },
  { name: 'a portal that says 200', fault: { kind: 'html', status: 200 } },
  { name: 'a portal that says 200, and no more', fault: { kind: 'html', status: 200, body: '' } },
  { name: 'a reset before it landed', fault: { kind: 'resetBefore' } },
  { name: 'a reset after it landed', fault: { kind: 'resetAfter' } },
  { name: 'a reset, and a late landing', fault: { kind: 'late', ms: 600 } },
  { name: 'silence, not landed', fault: { kind: 'hang', effect: 'none' } },
  { name: 'silence, landed', fault: { kind: 'hang', effect: 'applied' } },
];

describe.concurrent.each(ROWS)('$name', ({ fault }) => {
  test('as answer to Create: one is created, and it is ours', async ({ user, pool }) => {
    pool.fault('Create', fault, 1);
    await user.apply(aResourceServer().inPool(pool.id));
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ remote: { origin: 'Created' } });
    expect(pool.effects()).toEqual(['Create']);
    await user.untilEvent('Created');
    const reasons = await user.eventReasons();
    expect(reasons.filter((reason) => reason === 'Created')).toHaveLength(1);
  });

  test('as answer to Update: the last word is the spec', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.fault('Update', fault, 1);
    await user.editSpec({ name: 'Weather API 2' });
    await user.untilReady();
    expect(pool.server()).toMatchObject({ name: 'Weather API 2' });
    expect(pool.effects()).toEqual(['Create', 'Update']);
    await user.untilEvent('Updated');
    expect(await user.eventReasons()).not.toContain('DriftCorrected');
  });

  test('as answer to Delete: it is gone, and then the resource', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.fault('Delete', fault, 1);
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toBeUndefined();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('as answer to a check: nobody hears of it', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilAtRest();
    const writes = house.statusWrites.length;
    pool.fault('Describe', fault, 1);
    await user.requestSync('look');
    await user.untilSynced('look');
    await user.untilReady();
    const key = `${user.namespace}/weather-api`;
    const since = house.statusWrites.slice(writes).filter((write) => write.key === key);
    expect(since).toHaveLength(1);
    await user.untilEvent('Created');
    expect(await user.eventReasons()).toEqual(['Created']);
  });
});

const PASSED_ON_AFTER: readonly Row[] = [
  { name: 'a reset', fault: { kind: 'late', ms: 1_500 } },
  { name: 'the page of a proxy', fault: { kind: 'html', status: 502, passedOnAfterMs: 1_500 } },
];

describe.concurrent.each(PASSED_ON_AFTER)('$name, and a late landing', ({ fault }) => {
  test('of a Create, of whom is deleted meanwhile: nothing is left', async ({ user, pool }) => {
    pool.fault('Create', fault, 1);
    await user.apply(aResourceServer().inPool(pool.id));
    await waitFor('the Create', () => pool.calls('Create').length > 0);
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
    expect(pool.server()).toBeUndefined();
  });
});
