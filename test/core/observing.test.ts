import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import { aHolder, aResourceServer, aView, FOREIGN, NOW_MS } from '../support/builders.ts';
import { type Rung, wordOf } from './decisions.ts';

const plain = aResourceServer().observing();
const owner = plain.finalized().withRemote();

const RUNGS: readonly Rung[] = [
  {
    name: 'is not paused',
    given: aView(plain.paused()).described(),
    want: 'Paused',
    because: 'a pause says so, whoever is in charge',
  },
  {
    name: 'pending is resolved, not looked at yet',
    given: aView(owner.withPending('Update')).swept(),
    want: 'Describe',
    because: 'what was under way under Enforce is resolved first',
  },
  {
    name: 'pending is resolved, may still land',
    given: aView(owner.withPending('Update', { hash: '1:x' }))
      .described()
      .lateUntil(NOW_MS + 1),
    want: 'Waiting(Late)',
    because: 'nothing is said before it can land no more',
  },
  {
    name: 'pending is resolved, seen late',
    given: aView(owner.withPending('Update')).described(),
    want: 'Resolve',
    because: 'a resolution is a status write, never a call that writes',
  },
  {
    name: 'remote is observed, before the first sweep',
    given: aView(plain).awaitingSweep(),
    want: 'Waiting(Sweep)',
    because: 'a sweep suffices',
  },
  {
    name: 'remote is observed, before the first sweep of what another resource holds',
    given: aView(plain).awaitingSweep().claimedBy(aHolder()),
    want: 'Waiting(Sweep)',
    because: 'a sweep tells it from the spec, whoever has recorded it',
  },
  {
    name: 'remote is observed, never seen',
    given: aView(plain),
    want: 'Describe',
    because: 'it looks, with a place for a read alone',
  },
  {
    name: 'remote is observed, swept and different',
    given: aView(plain).swept(FOREIGN),
    want: 'Describe',
    because: 'a sweep keeps hashes: the lines of the difference need the content',
  },
  {
    name: 'pool is there',
    given: aView(plain).missing(),
    want: 'ListPool',
    because: 'NotFound does not say whether the server or the pool is missing',
  },
  {
    name: 'pool is there, but it is not',
    given: aView(plain).missing('Missing'),
    want: 'PoolMissing(Describe)',
    because: 'a pool that is missing is another message',
  },
  {
    name: 'nobody else is writing, equal',
    given: aView(plain).described().pendingElsewhere(),
    want: 'Waiting(Rival)',
    because: 'what is seen settles nobody else’s Ready',
  },
  {
    name: 'remote matches, but it differs',
    given: aView(plain).described(FOREIGN),
    want: 'Refused(Drifted)',
    because: 'it says what it sees and repairs nothing',
  },
  {
    name: 'remote matches, but nothing is there',
    given: aView(plain).missing('Answers'),
    want: 'Refused(Drifted)',
    because: 'nothing is created',
  },
  {
    name: 'remote matches, but the sweep found nothing',
    given: aView(plain).sweptAbsent(),
    want: 'Refused(Drifted)',
    because: 'a sweep suffices for settling Drifted',
  },
  {
    name: 'no fact is missing, described',
    given: aView(plain).described(),
    want: 'Synced',
    because: 'equal',
  },
  {
    name: 'no fact is missing, swept, with another resource in charge',
    given: aView(plain).swept().claimedBy(aHolder()),
    want: 'Synced',
    because: 'who holds the identity is nothing to one that only looks',
  },
];

describe('observing', () => {
  test.each(RUNGS)('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });

  test('says that nothing is there in its lines', () => {
    const decision = decide(aView(plain).missing('Answers').view());
    expect(decision).toMatchObject({
      outcome: { drift: ['the resource server does not exist'] },
    });
  });
});
