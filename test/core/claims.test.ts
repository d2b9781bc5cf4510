import { describe, expect, test } from 'vitest';
import { claimantOf, holderOf } from '../../src/core/claimants.ts';
import { createClaimsIndex, identityKey } from '../../src/core/claims.ts';
import {
  aResourceServer,
  IDENTIFIER,
  LATE_MS,
  POOL,
  type ResourceServerBuilder,
} from '../support/builders.ts';

const identity = { userPoolId: POOL, identifier: IDENTIFIER };
const late = { termStartedAtMs: 1_000, lateMs: LATE_MS };
const endOfLate = late.termStartedAtMs + LATE_MS;

const elder = aResourceServer().named('elder').finalized().createdAt('2026-01-01T00:00:00Z');
const younger = aResourceServer().named('younger').finalized().createdAt('2026-01-02T00:00:00Z');

function holds(...all: readonly ResourceServerBuilder[]): string | undefined {
  return holderOf(all.map((each) => claimantOf(each.parsed())))?.key;
}

function indexOf(...all: readonly ResourceServerBuilder[]) {
  const index = createClaimsIndex();
  for (const each of all) index.put(undefined, each.parsed());
  return index;
}

describe('who holds an identity', () => {
  test.each([
    {
      name: 'two without a record',
      given: [younger, elder],
      want: 'identity/elder',
      because: 'the oldest begins',
    },
    {
      name: 'a record against age',
      given: [elder, younger.withRemote()],
      want: 'identity/younger',
      because: 'a record comes first',
    },
    {
      name: 'a pending record against age',
      given: [elder, younger.withPending('Create')],
      want: 'identity/younger',
      because: 'a pending record is one too',
    },
    {
      name: 'two with a record',
      given: [younger.withRemote(), elder.withRemote()],
      want: 'identity/elder',
      because: 'of several the oldest',
    },
    {
      name: 'a record of another object',
      given: [elder, younger.withRemote().recordedFor('uid-of-another')],
      want: 'identity/elder',
      because: 'another’s records are no records',
    },
    {
      name: 'equal age',
      given: [younger.createdAt('2026-01-01T00:00:00Z'), elder],
      want: 'identity/elder',
      because: 'then the UID decides',
    },
    {
      name: 'a paused elder without a record',
      given: [elder.paused(), younger],
      want: 'identity/younger',
      because: 'what does nothing begins nothing',
    },
    {
      name: 'a paused holder',
      given: [elder.paused().withRemote(), younger],
      want: 'identity/elder',
      because: 'a paused holder keeps the identity',
    },
    {
      name: 'an observing elder without a record',
      given: [elder.observing(), younger],
      want: 'identity/younger',
      because: 'Observe never claims anew',
    },
    {
      name: 'an observing holder',
      given: [elder.observing().withRemote(), younger],
      want: 'identity/elder',
      because: 'its records are kept',
    },
    {
      name: 'an invalid elder without a record',
      given: [elder.spec({ scopes: 'x' }), younger],
      want: 'identity/younger',
      because: 'it can do nothing with it',
    },
    {
      name: 'an invalid holder',
      given: [elder.spec({ scopes: 'x' }).withRemote(), younger],
      want: 'identity/elder',
      because: 'it still owns the server',
    },
    {
      name: 'a leaving holder',
      given: [elder.withRemote().deleting(), younger],
      want: 'identity/elder',
      because: 'it holds until its object is gone or lets go',
    },
    {
      name: 'a leaving holder without our finalizer',
      given: [
        elder
          .withRemote()
          .deleting()
          .metadata({ finalizers: ['x'] }),
        younger,
      ],
      want: 'identity/younger',
      because: 'it has let go, whoever else keeps the object',
    },
    {
      name: 'a living holder without our finalizer',
      given: [elder.withRemote().metadata({ finalizers: [] }), younger],
      want: 'identity/elder',
      because: 'somebody took the finalizer, not the server',
    },
    {
      name: 'a leaving one without a record',
      given: [elder.deleting(), younger],
      want: 'identity/younger',
      because: 'only a living one begins',
    },
    {
      name: 'nobody who may begin',
      given: [elder.paused(), younger.observing()],
      want: undefined,
      because: 'nobody holds it',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(holds(...given)).toBe(want);
    expect(holds(...given.toReversed())).toBe(want);
  });
});

describe('the index', () => {
  test('says whose an identity is to each that names it', () => {
    const index = indexOf(elder, younger);
    expect(index.claimOf(elder.parsed(), identity, late)).toMatchObject({ kind: 'Ours' });
    expect(index.claimOf(younger.parsed(), identity, late)).toEqual({
      kind: 'Theirs',
      holder: { key: 'identity/elder', namespace: 'identity', leaving: false },
    });
  });

  test('keeps pools and identifiers apart', () => {
    const index = indexOf(elder, younger.identifiedAs('https://other.example.com'));
    expect(index.claimants(identity)).toHaveLength(1);
    expect(identityKey(identity)).not.toBe(identityKey({ ...identity, identifier: 'x' }));
  });

  test('forgets who is gone, and an object that took its name is another', () => {
    const index = indexOf(elder.withRemote(), younger);
    index.put(elder.withRemote().parsed(), elder.withUid('reborn').parsed());
    expect(index.claimants(identity).map(({ uid }) => uid)).toEqual(['uid-of-younger', 'reborn']);
    index.put(elder.withUid('reborn').parsed(), undefined);
    expect(index.holder(identity)?.uid).toBe('uid-of-younger');
  });

  test('follows one whose identity can no longer be read', () => {
    const index = indexOf(elder);
    index.put(elder.parsed(), elder.identifiedAs('no good').parsed());
    expect(index.holder(identity)).toBeUndefined();
  });

  test('tells whether anybody has a record', () => {
    const claim = indexOf(elder, younger.observing().withRemote().deleting()).claimOf(
      elder.parsed(),
      identity,
      late,
    );
    expect(claim.kind).toBe('Theirs');
    expect(indexOf(elder).claimOf(elder.parsed(), identity, late)).toMatchObject({
      recorded: false,
    });
    const own = elder.withRemote();
    expect(indexOf(own).claimOf(own.parsed(), identity, late)).toMatchObject({ recorded: true });
  });

  test('tells whether another has a mutation under way', () => {
    const index = indexOf(elder.withPending('Update'), younger);
    expect(index.isPendingElsewhere(younger.parsed(), identity)).toBe(true);
    expect(index.isPendingElsewhere(elder.parsed(), identity)).toBe(false);
  });
});

describe('a record that is being sent', () => {
  test('counts from that moment until it is known what is stored', () => {
    const index = indexOf(elder, younger);
    index.assume(younger.parsed());
    expect(index.holder(identity)?.key).toBe('identity/younger');
    index.know(younger.parsed());
    expect(index.holder(identity)?.key).toBe('identity/elder');
  });

  test('stays assumed while the watch says what was there before', () => {
    const index = indexOf(elder, younger);
    index.assume(younger.parsed());
    index.put(younger.parsed(), younger.parsed());
    expect(index.holder(identity)?.key).toBe('identity/younger');
  });

  test('is past once a later version came without it: the write was guarded', () => {
    const index = indexOf(elder, younger);
    index.assume(younger.parsed());
    index.put(younger.parsed(), younger.atVersion('2').parsed());
    expect(index.holder(identity)?.key).toBe('identity/elder');
  });

  test('goes with its object', () => {
    const index = indexOf(elder, younger);
    index.assume(younger.parsed());
    index.put(younger.parsed(), undefined);
    index.put(undefined, younger.parsed());
    expect(index.holder(identity)?.key).toBe('identity/elder');
  });
});

describe('what others may still write', () => {
  const confirmOf = (index: ReturnType<typeof indexOf>) => {
    const claim = index.claimOf(elder.parsed(), identity, late);
    return claim.kind === 'Ours' ? claim.confirm : expect.fail('not ours');
  };

  test('is nothing where nobody else names the identity', () => {
    expect(confirmOf(indexOf(elder))).toBe('Confirmed');
  });

  test('is waited out from the start of the term, and then read', () => {
    const index = indexOf(elder, younger);
    expect(confirmOf(index)).toEqual({ fromMs: endOfLate });
    index.confirm(identity, endOfLate - 1);
    expect(confirmOf(index)).toEqual({ fromMs: endOfLate });
    index.confirm(identity, endOfLate);
    expect(confirmOf(index)).toBe('Confirmed');
  });

  test('is waited out again after a write of ours that was not answered', () => {
    const index = indexOf(elder, younger);
    index.confirm(identity, endOfLate);
    index.unanswered(identity, endOfLate + 5);
    expect(confirmOf(index)).toEqual({ fromMs: endOfLate + 5 + LATE_MS });
  });
});

describe('who comes after whom', () => {
  const leaving = elder.withRemote().deleting();
  const heirs = (...all: readonly ResourceServerBuilder[]) =>
    indexOf(leaving, ...all).successionOf(leaving.parsed(), identity).heir?.key;

  test.each([
    { name: 'that waits', given: younger, want: 'identity/younger' },
    { name: 'in another namespace', given: younger.inNamespace('other'), want: undefined },
    { name: 'without our finalizer', given: younger.metadata({ finalizers: [] }), want: undefined },
    { name: 'that is paused', given: younger.paused(), want: undefined },
    { name: 'that only observes', given: younger.observing(), want: undefined },
    { name: 'that leaves, too', given: younger.deleting(), want: undefined },
    { name: 'that is invalid', given: younger.spec({ scopes: 7 }), want: undefined },
    { name: 'with a record of its own', given: younger.withRemote(), want: undefined },
  ])('a rival $name: $want', ({ given, want }) => {
    expect(heirs(given)).toBe(want);
  });

  test('of several heirs it is the oldest', () => {
    const youngest = younger.named('youngest').createdAt('2026-01-03T00:00:00Z');
    expect(heirs(youngest, younger)).toBe('identity/younger');
  });

  test('who lives has no heir', () => {
    const index = indexOf(elder.withRemote(), younger);
    expect(index.successionOf(elder.withRemote().parsed(), identity).heir).toBeUndefined();
    expect(index.heir(identity)).toBeUndefined();
  });

  test('whom the label selector leaves out inherits nothing', () => {
    const index = createClaimsIndex(({ labels }) => labels['team'] === 'a');
    index.put(undefined, leaving.parsed());
    index.put(undefined, younger.parsed());
    expect(index.heir(identity)).toBeUndefined();
    index.put(younger.parsed(), younger.labelled({ team: 'a' }).parsed());
    expect(index.heir(identity)?.key).toBe('identity/younger');
  });

  test('until the giver has gone it holds what it gave, whoever is older', () => {
    const receiver = elder.withRemote({ from: 'uid-of-younger' });
    const giver = younger.withRemote().withPending('HandOver').deleting();
    expect(holds(receiver, giver)).toBe('identity/younger');
    expect(holds(receiver, giver.metadata({ finalizers: ['example.com/hold'] }))).toBe(
      'identity/elder',
    );
    expect(holds(receiver)).toBe('identity/elder');
  });

  test('the receiver is told who the giver is, and the giver who has received', () => {
    const receiver = elder.withRemote({ from: 'uid-of-younger' });
    const giver = younger.deleting();
    const index = indexOf(receiver, giver);
    const succession = index.successionOf(receiver.parsed(), identity);
    expect(succession.giver).toMatchObject({ key: 'identity/younger', leaving: true });
    expect(index.successionOf(giver.parsed(), identity).receiver).toBe('identity/elder');
    expect(index.claimOf(receiver.parsed(), identity, late)).toMatchObject({ kind: 'Theirs' });
  });

  test('nothing is handed over across namespaces, nor by who lives, nor to oneself', () => {
    const forged = elder.withRemote({ from: 'uid-of-younger' });
    const giver = younger.withRemote().deleting();
    expect(holds(forged.inNamespace('other'), giver)).toBe('other/elder');
    expect(holds(forged, younger.withRemote())).toBe('identity/elder');
    const index = indexOf(forged.inNamespace('other'), giver);
    expect(index.successionOf(giver.parsed(), identity).receiver).toBeUndefined();
    const own = giver.withRemote({ from: 'uid-of-younger' });
    const alone = indexOf(own).successionOf(own.parsed(), identity);
    expect([alone.receiver, alone.giver]).toEqual([undefined, undefined]);
    expect(holds(own)).toBe('identity/younger');
  });

  test('nobody but who is named has given, and nobody but who names it has received', () => {
    const receiver = elder.withRemote({ from: 'uid-of-one-long-gone' });
    expect(holds(receiver, younger.withRemote().deleting())).toBe('identity/elder');
    const { receiver: none } = indexOf(leaving, younger).successionOf(leaving.parsed(), identity);
    expect(none).toBeUndefined();
  });

  test('a hand-over under way is no change of Cognito', () => {
    const index = indexOf(elder.withRemote().withPending('HandOver').deleting(), younger);
    expect(index.isPendingElsewhere(younger.parsed(), identity)).toBe(false);
  });
});
