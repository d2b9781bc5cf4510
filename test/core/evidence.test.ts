/** What is evidence enough, and what is not: rows that differ from enough by one thing. */
import { describe, expect, test } from 'vitest';
import { ACCOUNT, aResourceServer, aView, CONTENT, OTHER_ACCOUNT } from '../support/builders.ts';
import { type Rung, wordOf } from './decisions.ts';
import { NOT_FOUND } from './failures.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote({ accountId: ACCOUNT });
const leaving = owner.deleting();

describe('that a server is gone', () => {
  test.each<Rung>([
    {
      name: 'NotFound, in the recorded account',
      given: aView(leaving).missing('Unasked').withAccount(ACCOUNT),
      want: 'ListPool',
      because: 'the account says nothing of the server',
    },
    {
      name: 'NotFound, and the pool answers',
      given: aView(leaving).missing('Answers').withAccount(OTHER_ACCOUNT),
      want: 'RemoveFinalizer',
      because: 'a pool answers its own account only',
    },
    {
      name: 'NotFound, no pool, in the recorded account',
      given: aView(leaving).missing('Missing').withAccount(ACCOUNT),
      want: 'RemoveFinalizer',
      because: 'the pool is gone, and the server with it',
    },
    {
      name: 'NotFound, no pool, in another account',
      given: aView(leaving).missing('Missing').withAccount(OTHER_ACCOUNT),
      want: 'Blocked(AccountMismatch)',
      because: 'that account does not see the pool',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

describe('whose account it is', () => {
  test.each<Rung>([
    {
      name: 'recorded, and not known now',
      given: aView(owner).described(),
      want: 'Synced',
      because: 'the pool answers its own account only',
    },
    {
      name: 'recorded, and the same',
      given: aView(owner).described().withAccount(ACCOUNT),
      want: 'Synced',
      because: 'it is ours',
    },
    {
      name: 'recorded, and another',
      given: aView(owner).described().withAccount(OTHER_ACCOUNT),
      want: 'AccountMismatch',
      because: 'we must not touch it',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

describe('a sweep', () => {
  test.each<Rung>([
    {
      name: 'that finds ours equal',
      given: aView(owner).swept(),
      want: 'Synced',
      because: 'that is all there is to see',
    },
    {
      name: 'that finds it equal, and managed by Cognito',
      given: aView(owner).swept({ ...CONTENT, managedBy: 'Cognito' }),
      want: 'Describe',
      because: 'it is not for us to say that it is in sync',
    },
    {
      name: 'that finds equal what nobody owns',
      given: aView(fresh).swept(),
      want: 'Describe',
      because: 'what is adopted is looked at',
    },
    {
      name: 'that is awaited for what was equal',
      given: aView(owner).awaitingSweep(),
      want: 'Waiting(Sweep)',
      because: 'it will most likely say so again',
    },
    {
      name: 'that found no pool, for what was equal',
      given: aView(owner).sweepFoundNoPool(NOT_FOUND),
      want: 'PoolMissing(List)',
      because: 'no Describe would find it either',
    },
    {
      name: 'beside a sync request that was withdrawn',
      given: aView(owner.status({ lastHandledSyncRequest: 'before' })).swept(),
      want: 'Synced',
      because: 'nobody asks any more',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});
