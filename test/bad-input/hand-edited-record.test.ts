/** Records by another hand than ours, with no API server in between: what is decided on them. */
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/api/parse.ts';
import { decide } from '../../src/core/decide.ts';
import { ACCOUNT, aResourceServer, aView, type Json, OTHER_ACCOUNT } from '../support/builders.ts';

const leaving = aResourceServer().finalized().deleting();

describe('a recorded account', () => {
  const poolIsGone = (recorded: string) =>
    decide(
      aView(leaving.withRemote({ accountId: recorded }))
        .missing('Missing')
        .withAccount(ACCOUNT)
        .view(),
    );

  test('that is of the caller ends the deletion from a pool that is gone', () => {
    expect(poolIsGone(ACCOUNT)).toMatchObject({ action: { kind: 'RemoveFinalizer' } });
  });

  test('that is another blocks it', () => {
    expect(poolIsGone(OTHER_ACCOUNT)).toMatchObject({
      outcome: { kind: 'Blocked', because: 'AccountMismatch' },
    });
  });
});

describe('a stored record that no schema of this version would accept is none', () => {
  const owner = aResourceServer().withRemote().withPending('Update').raw();
  const before = owner['status'] as { readonly remote: Json; readonly pending: Json };
  const { remote, pending } = before;

  test.each([
    ['an operation of another version', { pending: { ...pending, operation: 'Move' } }, 'pending'],
    ['a pending change without hash', { pending: { ...pending, hash: 1 } }, 'pending'],
    ['a pool that is a host name', { remote: { ...remote, userPoolId: 'evil/a_b' } }, 'remote'],
    ['a reserved identifier', { remote: { ...remote, identifier: 'aws.cognito' } }, 'remote'],
    ['an unknown origin', { remote: { ...remote, origin: 'Stolen' } }, 'remote'],
    ['a text', { remote: 'ours' }, 'remote'],
  ])('%s', (_, status, lost) => {
    const parsed = parse({ ...owner, status: { ...before, ...status } });
    expect(parsed).toMatchObject({ kind: 'Readable', resource: { problems: [] } });
    expect(parsed).toHaveProperty(['resource', lost], undefined);
  });
});
