/** What the index makes of objects that come, move and go, one at a time or under a write. */
import { describe, expect, test } from 'vitest';
import type { Identity } from '../../src/api/parse.ts';
import { type ClaimsIndex, createClaimsIndex } from '../../src/core/claims.ts';
import {
  aResourceServer,
  IDENTIFIER,
  LATE_MS,
  POOL,
  type ResourceServerBuilder,
} from '../support/builders.ts';

const identity: Identity = { userPoolId: POOL, identifier: IDENTIFIER };
const late = { termStartedAtMs: 1_000, lateMs: LATE_MS };
const endOfLate = late.termStartedAtMs + LATE_MS;

const elder = aResourceServer().named('elder').finalized().createdAt('2026-01-01T00:00:00Z');
const middle = aResourceServer().named('middle').finalized().createdAt('2026-01-02T00:00:00Z');
const younger = aResourceServer().named('younger').finalized().createdAt('2026-01-03T00:00:00Z');

function indexOf(...all: readonly ResourceServerBuilder[]): ClaimsIndex {
  const index = createClaimsIndex();
  for (const each of all) index.put(undefined, each.parsed());
  return index;
}

function claimOf(index: ClaimsIndex, of: ResourceServerBuilder) {
  return index.claimOf(of.parsed(), identity, late);
}

describe('an object that moves', () => {
  const elsewhere = { ...identity, identifier: 'https://elsewhere.example.com' };
  const moved = elder.identifiedAs(elsewhere.identifier);

  test('to another identity leaves the one it named to who waits there', () => {
    const index = indexOf(elder, younger);
    index.put(elder.parsed(), moved.parsed());
    expect(index.holder(identity)?.key).toBe('identity/younger');
    expect(index.holder(elsewhere)?.key).toBe('identity/elder');
  });

  test('to an identity that can be read at last is found there', () => {
    const index = indexOf(elder.identifiedAs('no good'));
    index.put(elder.identifiedAs('no good').parsed(), elder.parsed());
    expect(index.holder(identity)?.key).toBe('identity/elder');
  });

  test('without an identity, or that nobody knew, goes and takes nobody with it', () => {
    const index = indexOf(younger);
    index.put(elder.identifiedAs('no good').parsed(), undefined);
    index.put(moved.parsed(), undefined);
    expect(index.claimants(identity).map(({ key }) => key)).toEqual(['identity/younger']);
  });
});

describe('an identity that nobody names any more', () => {
  test('takes no answer of a write that was under way', () => {
    const index = indexOf(elder);
    index.put(elder.parsed(), undefined);
    index.assume(elder.parsed());
    index.unanswered(identity, endOfLate + 5);
    index.confirm(identity, endOfLate);
    index.know(elder.parsed());
    expect(index.claimants(identity)).toEqual([]);
  });

  test('is its own to one that has just gone: no rival is left to wait for', () => {
    const leaving = elder.withRemote().deleting();
    const claim = { kind: 'Ours', confirm: 'Confirmed', recorded: false };
    expect(claimOf(indexOf(), leaving)).toEqual(claim);
    expect(indexOf().heir(identity)).toBeUndefined();
  });

  test('is forgotten whole: what was confirmed of it is confirmed anew', () => {
    const index = indexOf(elder, younger);
    index.confirm(identity, endOfLate);
    expect(claimOf(index, elder)).toMatchObject({ confirm: 'Confirmed' });
    index.put(elder.parsed(), undefined);
    index.put(younger.parsed(), undefined);
    index.put(undefined, elder.parsed());
    index.put(undefined, younger.parsed());
    expect(claimOf(index, elder)).toMatchObject({ confirm: { fromMs: endOfLate } });
  });
});

describe('an identity that others name, too', () => {
  test('counts as recorded for its holder when one of them has a record', () => {
    expect(claimOf(indexOf(elder.withRemote(), younger), elder.withRemote())).toMatchObject({
      kind: 'Ours',
      recorded: true,
    });
  });

  test('is nobody’s while none of them may begin', () => {
    const index = indexOf(elder.paused(), younger.observing());
    expect(claimOf(index, elder.paused()).kind).toBe('Ours');
    expect(index.heir(identity)).toBeUndefined();
  });
});

describe('of several records that are being sent', () => {
  const assuming = () => {
    const index = indexOf(elder, middle, younger);
    index.assume(middle.parsed());
    index.assume(younger.parsed());
    return index;
  };

  test.each([
    { name: 'one is answered', event: (index: ClaimsIndex) => index.know(middle.parsed()) },
    {
      name: 'one is overtaken',
      event: (index: ClaimsIndex) => index.put(middle.parsed(), middle.atVersion('2').parsed()),
    },
    { name: 'one goes', event: (index: ClaimsIndex) => index.put(middle.parsed(), undefined) },
  ])('the others count on when $name', ({ event }) => {
    const index = assuming();
    expect(index.holder(identity)?.key).toBe('identity/middle');
    event(index);
    expect(index.holder(identity)?.key).toBe('identity/younger');
    index.know(younger.parsed());
    expect(index.holder(identity)?.key).toBe('identity/elder');
  });
});
