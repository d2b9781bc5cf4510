import { describe, expect, test } from 'vitest';
import {
  ACCOUNT,
  aHolder,
  aResourceServer,
  aView,
  FOREIGN,
  NOW_MS,
  OTHER_ACCOUNT,
} from '../support/builders.ts';
import { type Rung, wordOf } from './decisions.ts';
import { ALREADY_EXISTS, DENIED, NOT_FOUND, REJECTED } from './failures.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote();
const managed = { ...FOREIGN, managedBy: 'Cognito' };

const FACTS: readonly Rung[] = [
  {
    name: 'nothing stops us',
    given: aView(owner.paused()).stopped({
      kind: 'WriteFailed',
      of: 'Record',
      failure: { kind: 'Conflict' },
    }),
    want: 'Conflict',
    because: 'a climb that was stopped reports that and does nothing else',
  },
  {
    name: 'is not paused',
    given: aView(aResourceServer().paused().spec({ scopes: 'x' })),
    want: 'Paused',
    because: 'nothing is done to a paused resource, not even a finalizer set',
  },
  {
    name: 'spec is valid',
    given: aView(aResourceServer().spec({ scopes: 'x' }).observing()),
    want: 'Refused(InvalidSpec)',
    because: 'what cannot be read is neither enforced nor observed',
  },
  {
    name: 'finalizer is set',
    given: aView(aResourceServer()).described(FOREIGN).claimedBy(aHolder()),
    want: 'AddFinalizer',
    because: 'the finalizer comes before anything outside',
  },
  {
    name: 'identity is ours',
    given: aView(fresh).claimedBy(aHolder()),
    want: 'Refused(IdentityTaken)',
    because: 'another resource holds it; the user must choose',
  },
  {
    name: 'identity is ours, its holder leaving',
    given: aView(fresh).claimedBy(aHolder({ leaving: true })),
    want: 'Waiting(Holder)',
    because: 'a rename in Git settles by itself',
  },
  {
    name: 'account is ours',
    given: aView(fresh.withRemote({ accountId: ACCOUNT })).withAccount(OTHER_ACCOUNT),
    want: 'AccountMismatch',
    because: 'both are known and differ',
  },
  {
    name: 'pending is resolved',
    given: aView(owner.withPending('Update')).swept(),
    want: 'Describe',
    because: 'a record of an earlier climb is looked at, and never by a sweep',
  },
  {
    name: 'remote is observed, before the first sweep',
    given: aView(fresh).awaitingSweep(),
    want: 'Waiting(Sweep)',
    because: 'one sweep answers for all resources of the pool',
  },
  {
    name: 'remote is observed, where List is denied',
    given: aView(fresh).sweepDenied(),
    want: 'Describe',
    because: 'each key looks for itself',
  },
  {
    name: 'remote is observed, its pool missing from the sweep',
    given: aView(fresh).sweepFoundNoPool(NOT_FOUND),
    want: 'PoolMissing(List)',
    because: 'the sweep knows, so no key asks again',
  },
  {
    name: 'remote is ours',
    given: aView(fresh).swept(),
    want: 'Describe',
    because: 'adoption needs a Describe of this climb',
  },
  {
    name: 'remote is ours, equal',
    given: aView(fresh).described(),
    want: 'Adopt',
    because: 'IfMatching adopts what is equal',
  },
  {
    name: 'remote is ours, different',
    given: aView(fresh).described(FOREIGN),
    want: 'Refused(AlreadyExists)',
    because: 'IfMatching never changes what is not ours',
  },
  {
    name: 'remote is ours, managed by Cognito',
    given: aView(owner).described(managed),
    want: 'Refused(ManagedByCognito)',
    because: 'a server that Cognito manages is never touched, whoever recorded it',
  },
  {
    name: 'remote exists, swept absent',
    given: aView(fresh).sweptAbsent(),
    want: 'RecordPending(Create)',
    because: 'the first Create of an identity needs no Describe',
  },
  {
    name: 'remote exists, ours before',
    given: aView(owner).missing(),
    want: 'RecordPending(Create)',
    because: 'somebody deleted it: it is made again',
  },
  {
    name: 'remote matches',
    given: aView(owner).described(FOREIGN),
    want: 'RecordPending(Update)',
    because: 'ours, and different from the spec',
  },
  {
    name: 'remote converges',
    given: aView(owner).described(FOREIGN).notConverging(),
    want: 'Refused(NotConverging)',
    because: 'somebody else keeps writing it back',
  },
  {
    name: 'nobody else is writing',
    given: aView(owner).described().pendingElsewhere(),
    want: 'Waiting(Rival)',
    because: 'what is seen settles nothing while another has a record under way',
  },
  {
    name: 'no fact is missing, described',
    given: aView(owner).described(),
    want: 'Synced',
    because: 'Cognito holds what the spec says',
  },
  {
    name: 'no fact is missing, swept',
    given: aView(owner).swept(),
    want: 'Synced',
    because: 'a sweep suffices for equal',
  },
];

const EVIDENCE: readonly Rung[] = [
  {
    name: 'a sweep that differs',
    given: aView(owner).swept(FOREIGN),
    want: 'Describe, Write',
    because: 'it is only a reason to describe, and an Update is likely to follow',
  },
  {
    name: 'a sweep that misses what we own',
    given: aView(owner).sweptAbsent(),
    want: 'Describe, Write',
    because: 'a re-Create needs a Describe of this climb',
  },
  {
    name: 'a sweep that misses what another has a record of',
    given: aView(fresh).sweptAbsent().recorded(),
    want: 'Describe',
    because: 'a sweep says absent only for an identity that nobody has a record of',
  },
  {
    name: 'a sync request that nobody answered yet',
    given: aView(owner.syncRequested('now')).swept(),
    want: 'Describe',
    because: 'the user asked for a look at Cognito, not for a memory of one',
  },
  {
    name: 'a sync request, and half a proof that an earlier climb left',
    given: aView(owner.syncRequested('now')).missing().climbed({ looked: false }),
    want: 'Describe, Write',
    because: 'that look may be older than the request',
  },
  {
    name: 'a sync request, acknowledged',
    given: aView(owner.syncRequested('now').status({ lastHandledSyncRequest: 'now' })).swept(),
    want: 'Synced',
    because: 'it was answered by a former climb',
  },
  {
    name: 'a sync request and no sweep yet',
    given: aView(owner.syncRequested('now')).awaitingSweep(),
    want: 'Describe, Write',
    because: 'it does not wait for a sweep that would not suffice',
  },
  {
    name: 'an edit before the first sweep',
    given: aView(fresh.withRemote({ hash: '1:before' })).awaitingSweep(),
    want: 'Describe, Write',
    because: 'an Update follows, which no sweep could answer for',
  },
  {
    name: 'a look of an earlier climb that differs, before the first sweep',
    given: aView(owner).swept(FOREIGN).awaitingSweep(),
    want: 'Describe, Write',
    because: 'a sweep is waited for only where nothing was seen',
  },
  {
    name: 'a record in a hash that nobody knows',
    given: aView(fresh.withRemote({ hash: '9:unknown' })).described(),
    want: 'Synced',
    because: 'a hash of an unknown version is no evidence: the contents are compared',
  },
  {
    name: 'records of another object',
    given: aView(fresh.withRemote().recordedFor('uid-of-another')).described(FOREIGN),
    want: 'Refused(AlreadyExists)',
    because: 'another object owned it, not this one',
  },
];

const CLOSED: readonly Rung[] = [
  {
    name: 'Describe is closed for this key',
    given: aView(owner).sweepDenied().closedFor('Describe', DENIED),
    want: 'Denied(Describe)',
    because: 'another key probes for all',
  },
  {
    name: 'Create is closed for this key',
    given: aView(fresh).sweptAbsent().closedFor('Create', DENIED),
    want: 'Denied(Create)',
    because: 'no record is written for a call that is not made',
  },
  {
    name: 'Describe is closed and the user asks for a look',
    given: aView(owner.syncRequested('now')).closedFor('Describe', DENIED),
    want: 'Describe, Write',
    because: 'a sync request looks for itself',
  },
];

const RIVALS: readonly Rung[] = [
  {
    name: 'others name the identity and may have late records',
    given: aView(fresh)
      .sweptAbsent()
      .unconfirmed(NOW_MS + 1),
    want: 'Waiting(Rivals)',
    because: 'no record before their late writes can land no more',
  },
  {
    name: 'others name the identity and their late writes have passed',
    given: aView(fresh).sweptAbsent().unconfirmed(NOW_MS),
    want: 'ReadRivals',
    because: 'then their objects are read live, once',
  },
  {
    name: 'an adoption where others name the identity',
    given: aView(fresh).described().unconfirmed(NOW_MS),
    want: 'ReadRivals',
    because: 'an adoption is a record too',
  },
];

const REFUSED_CREATE: readonly Rung[] = [
  {
    name: 'Create was refused',
    given: aView(fresh).rejected(ALREADY_EXISTS),
    want: 'Describe',
    because: 'told by describing, not by the text',
  },
  {
    name: 'Create was refused, and it is there',
    given: aView(fresh).described().rejected(ALREADY_EXISTS),
    want: 'Adopt',
    because: 'somebody created it after our sweep',
  },
  {
    name: 'Create was refused, and nothing is there',
    given: aView(fresh).missing().rejected(REJECTED),
    want: 'Rejected(InvalidParameter)',
    because: 'Cognito will not have the spec',
  },
  {
    name: 'Create says "already exists" while Describe finds nothing',
    given: aView(fresh).missing().rejected(ALREADY_EXISTS),
    want: 'Unavailable(Create)',
    because: 'the two contradict each other: later',
  },
];

describe.each([
  { of: 'the first missing fact', rungs: FACTS },
  { of: 'what counts as observed', rungs: EVIDENCE },
  { of: 'what another key probes', rungs: CLOSED },
  { of: 'an identity that others name', rungs: RIVALS },
  { of: 'a Create that was refused', rungs: REFUSED_CREATE },
])('living: $of', ({ rungs }) => {
  test.each(rungs)('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

describe('living, with a record in its hand', () => {
  const armed = { armed: true };
  test.each<Rung>([
    {
      name: 'Create',
      given: aView(fresh.withPending('Create')).sweptAbsent().climbed(armed),
      want: 'Create',
      because:
        'the record is in the index too by now, and the sweep it was decided on still counts',
    },
    {
      name: 're-Create',
      given: aView(owner.withPending('Create')).missing().climbed(armed),
      want: 'Create',
      because: 'one record, one attempt',
    },
    {
      name: 'Update',
      given: aView(owner.withPending('Update')).described(FOREIGN).climbed(armed),
      want: 'Update',
      because: 'one record, one attempt',
    },
    {
      name: 'an Update that began a fight',
      given: aView(owner.withPending('Update')).described(FOREIGN).notConverging().climbed(armed),
      want: 'Update',
      because: 'it was allowed when it was recorded',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });

  test('never sends another operation than the record names', () => {
    const given = aView(owner.withPending('Update')).missing().climbed(armed);
    expect(wordOf(given)).not.toBe('Create');
  });
});
