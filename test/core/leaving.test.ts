import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import { nextStatus, sayingOf } from '../../src/core/status.ts';
import {
  ACCOUNT,
  aHolder,
  aResourceServer,
  aView,
  FOREIGN,
  IDENTIFIER,
  type Json,
  NOW_MS,
  OTHER_ACCOUNT,
} from '../support/builders.ts';
import { type Rung, wordOf } from './decisions.ts';
import { DENIED } from './failures.ts';

const bare = aResourceServer().finalized().deleting();
const owner = bare.withRemote();
const accounted = bare.withRemote({ accountId: ACCOUNT });
const adopted = bare.withRemote({ origin: 'Adopted' });
/** Its spec names nothing any more; its record does. */
const unnamed = bare.withRemote({ identifier: IDENTIFIER }).spec({ identifier: 7 });
const managed = { ...FOREIGN, managedBy: 'Cognito' };

const FACTS: readonly Rung[] = [
  {
    name: 'finalizer is ours',
    given: aView(aResourceServer().deleting().withRemote()).described(),
    want: 'Released',
    because: 'without our finalizer nothing here is ours to do',
  },
  {
    name: 'finalizer is ours, removed in this climb',
    given: aView(owner).climbed({ finalizerRemoved: true }),
    want: 'Released',
    because: 'the last step was done',
  },
  {
    name: 'nothing stops us',
    given: aView(owner).stopped({ kind: 'CallFailed', failure: DENIED, during: 'Delete' }),
    want: 'Denied(Delete)',
    because: 'a climb that was stopped reports that',
  },
  {
    name: 'record is cold',
    given: aView(owner.withPending('Create')).lateUntil(NOW_MS + 1),
    want: 'Waiting(Late)',
    because: 'what may still land keeps us, without a call',
  },
  {
    name: 'record is cold, let go by Retain',
    given: aView(owner.withPending('Create').deletedBy('Retain')).lateUntil(NOW_MS + 1),
    want: 'Waiting(Late)',
    because: 'letting go waits for it too',
  },
  {
    name: 'record is cold, let go by Observe',
    given: aView(owner.withPending('Create').observing()).lateUntil(NOW_MS + 1),
    want: 'Waiting(Late)',
    because: 'letting go waits for it too',
  },
  {
    name: 'record is cold, let go to a living holder',
    given: aView(owner.withPending('Create'))
      .lateUntil(NOW_MS + 1)
      .claimedBy(aHolder()),
    want: 'Waiting(Late)',
    because: 'letting go waits for it too',
  },
  {
    name: 'identity is ours, its holder leaving too',
    given: aView(owner).claimedBy(aHolder({ leaving: true })),
    want: 'Waiting(Holder)',
    because: 'the holder deletes it, not we',
  },
  {
    name: 'identity is ours, its holder living',
    given: aView(owner).claimedBy(aHolder()),
    want: 'Retain: another resource holds the identity',
    because: 'a living holder’s server is never deleted',
  },
  {
    name: 'is not paused',
    given: aView(owner.paused()).described(),
    want: 'Blocked(Paused)',
    because: 'a pause holds in deletion too',
  },
  {
    name: 'identity is readable',
    given: aView(bare.withPending('Create').identifiedAs('no good')),
    want: 'Blocked(IdentityUnreadable)',
    because: 'nobody knows what to delete',
  },
  {
    name: 'remote is described',
    given: aView(owner).swept(),
    want: 'Describe, Write',
    because: 'a deletion never trusts a sweep',
  },
  {
    name: 'remote is gone, but it is there',
    given: aView(owner).described(),
    want: 'RecordPending(Delete)',
    because: 'record, then act',
  },
  {
    name: 'remote is gone, but it is there and drifted',
    given: aView(owner).described(FOREIGN),
    want: 'RecordPending(Delete)',
    because: 'drift does not stop a first Delete',
  },
  {
    name: 'remote is gone, but Cognito manages it',
    given: aView(owner).described(managed),
    want: 'Blocked(ManagedByCognito)',
    because: 'never touched',
  },
  {
    name: 'remote is gone, with others naming the identity',
    given: aView(owner)
      .described()
      .unconfirmed(NOW_MS + 1),
    want: 'Waiting(Rivals)',
    because: 'a Delete is a record too',
  },
  {
    name: 'remote is gone, Delete closed for this key',
    given: aView(owner).described().closedFor('Delete', DENIED),
    want: 'Denied(Delete)',
    because: 'another key probes for all',
  },
  {
    name: 'remote is gone, armed',
    given: aView(owner.withPending('Delete')).described().climbed({ armed: true }),
    want: 'Delete',
    because: 'the record is written',
  },
  {
    name: 'finalizer is removed, our Delete answered',
    given: aView(owner.withPending('Delete')).climbed({ deleted: true }),
    want: 'RemoveFinalizer',
    because: 'after an answered Delete the finalizer follows directly, without another look',
  },
];

const PROOF: readonly Rung[] = [
  {
    name: 'NotFound',
    given: aView(owner).missing(),
    want: 'ListPool',
    because: 'the wording of a missing server is not documented: its pool must answer',
  },
  {
    name: 'NotFound, List closed for this key',
    given: aView(owner).missing().closedFor('List', DENIED),
    want: 'Blocked(ListDenied)',
    because: 'without a List nothing is proven',
  },
  {
    name: 'NotFound, and the pool answers',
    given: aView(owner).missing('Answers'),
    want: 'RemoveFinalizer',
    because: 'the server is proven gone',
  },
  {
    name: 'a sweep that finds nothing',
    given: aView(owner).sweptAbsent(),
    want: 'Describe, Write',
    because: 'a sweep is no proof',
  },
  {
    name: 'no pool, and whose account we use is unknown',
    given: aView(accounted).missing('Missing'),
    want: 'AskAccount',
    because: 'STS is asked only here',
  },
  {
    name: 'no pool, and STS does not say',
    given: aView(accounted).missing('Missing').climbed({ accountAsked: true }),
    want: 'Blocked(AccountUnknown)',
    because: 'a missing pool counts only for the recorded account',
  },
  {
    name: 'no pool in another account',
    given: aView(accounted).missing('Missing').withAccount(OTHER_ACCOUNT),
    want: 'Blocked(AccountMismatch)',
    because: 'it may well stand in the recorded one',
  },
  {
    name: 'no pool in the recorded account',
    given: aView(accounted).missing('Missing').withAccount(ACCOUNT),
    want: 'RemoveFinalizer',
    because: 'the pool is gone, and the server with it',
  },
  {
    name: 'no pool, and no account was recorded',
    given: aView(owner).missing('Missing').withAccount(ACCOUNT),
    want: 'Blocked(AccountUnknown)',
    because: 'ours is no mismatch: whose account it was is what nobody knows',
  },
  {
    name: 'no pool, and nobody knows an account, neither ours nor the recorded one',
    given: aView(owner).missing('Missing'),
    want: 'Blocked(AccountUnknown)',
    because: 'two that are unknown are not the same',
  },
  {
    name: 'no pool, and nothing but a Create that nobody answered',
    given: aView(bare.withPending('Create')).missing('Missing').withAccount(ACCOUNT),
    want: 'Blocked(AccountUnknown)',
    because: 'only what we own names an account',
  },
];

const RETAINED = 'left as it is';

describe.each([
  { of: 'the first missing fact', rungs: FACTS },
  { of: 'what proves that it is gone', rungs: PROOF },
])('leaving: $of', ({ rungs }) => {
  test.each(rungs)('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

test('a pool that is missing for other credentials proves nothing, however often it is asked', () => {
  const first = aView(owner).missing('Missing').withAccount(OTHER_ACCOUNT).view();
  const decision = decide(first);
  if (decision.kind === 'Perform') throw new Error(decision.action.kind);
  const status = nextStatus(first, sayingOf(first, decision.outcome), '2026-01-01T00:00:00Z');
  const second = aView(owner.withRemote(status.remote).status(status as Json));
  expect(wordOf(second.missing('Missing').withAccount(OTHER_ACCOUNT))).toMatch(/^Blocked/);
});

describe('whose duty a deletion is', () => {
  test.each([
    { name: 'created, DeleteIfCreated', given: owner, deleted: true },
    { name: 'adopted, DeleteIfCreated', given: adopted, deleted: false },
    { name: 'adopted, Delete', given: adopted.deletedBy('Delete'), deleted: true },
    { name: 'created, Retain', given: owner.deletedBy('Retain'), deleted: false },
    { name: 'created, Observe', given: owner.observing(), deleted: false },
    { name: 'adopted, re-Create pending', given: adopted.withPending('Create'), deleted: true },
    { name: 'adopted, Update pending', given: adopted.withPending('Update'), deleted: false },
    { name: 'only a Create pending', given: bare.withPending('Create'), deleted: true },
    { name: 'no record', given: bare.deletedBy('Delete'), deleted: false },
    { name: 'another’s record', given: owner.recordedFor('uid-of-another'), deleted: false },
    { name: 'no record, paused', given: bare.paused(), deleted: false },
    {
      name: 'unreadable deletion policy',
      given: owner.spec({ deletionPolicy: 7 }),
      deleted: false,
    },
    { name: 'unreadable policy', given: owner.spec({ managementPolicy: 'X' }), deleted: false },
    { name: 'unreadable scopes', given: owner.spec({ scopes: 'x' }), deleted: true },
    { name: 'unreadable identity', given: unnamed, deleted: true },
  ])('$name: deleted $deleted', ({ given, deleted }) => {
    const view = aView(given);
    const says = wordOf(view).startsWith('Retain: ') ? RETAINED : 'looks at it';
    expect(says).toBe(deleted ? 'looks at it' : RETAINED);
  });
});
