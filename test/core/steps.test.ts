/** What an action carries with it, beside its name. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import { hashOf } from '../../src/core/drift.ts';
import { aResourceServer, aView, FOREIGN, LATE_MS, NOW_MS } from '../support/builders.ts';
import { type Rung, wordOf } from './decisions.ts';
import { ALREADY_EXISTS, DENIED } from './failures.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote();
const armed = { armed: true } as const;

describe('a record', () => {
  test('of a Delete names what is there, not what was wanted', () => {
    const leaving = aView(owner.deleting()).described(FOREIGN).view();
    expect(decide(leaving)).toMatchObject({
      action: { kind: 'RecordPending', operation: 'Delete', hash: hashOf(FOREIGN) },
    });
  });

  test('of an Update names what is wanted', () => {
    const { desired } = owner.parsed();
    expect(decide(aView(owner).described(FOREIGN).view())).toMatchObject({
      action: { kind: 'RecordPending', operation: 'Update', hash: desired && hashOf(desired) },
    });
  });

  test('that may still land is waited for as long as it may', () => {
    const view = aView(owner.deleting().withPending('Delete'))
      .lateUntil(NOW_MS + LATE_MS)
      .view();
    expect(decide(view)).toMatchObject({ outcome: { for: 'Late', remainingMs: LATE_MS } });
  });

  test.each<Rung>([
    {
      name: 'of a Delete, stored',
      given: aView(owner.deleting().withPending('Delete')).climbed(armed),
      want: 'Delete',
      because: 'nothing comes between a record and its call',
    },
    {
      name: 'of a Delete, stored, and its spec cannot be read',
      given: aView(owner.deleting().withPending('Delete').spec({ scopes: 'x' })).climbed(armed),
      want: 'Delete',
      because: 'a deletion needs no more than the identity',
    },
    {
      name: 'of an Update, stored',
      given: aView(owner.withPending('Update')).climbed(armed),
      want: 'Update',
      because: 'nothing comes between a record and its call',
    },
    {
      name: 'of a hand-over, in one that lives',
      given: aView(owner.withPending('HandOver')).climbed(armed),
      want: 'Conflict',
      because: 'only who leaves hands over',
    },
    {
      name: 'of an Update to what cannot be read',
      given: aView(owner.withPending('Update').spec({ scopes: 'x' })).climbed(armed),
      want: 'Conflict',
      because: 'there is nothing to send',
    },
    {
      name: 'that the answer to its write does not show',
      given: aView(owner).described(FOREIGN).climbed(armed),
      want: 'Conflict',
      because: 'what the API server did not keep is no record, and nothing is sent without one',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

describe('a look takes the place of a write with it', () => {
  test.each<Rung>([
    {
      name: 'where nothing is owned',
      given: aView(fresh.recordedFor('another')).recorded(),
      want: 'Describe',
      because: 'what matches is adopted without a call',
    },
    {
      name: 'where it will be taken over',
      given: aView(fresh.adoptedBy('Always')).recorded(),
      want: 'Describe, Write',
      because: 'it most likely differs',
    },
    {
      name: 'where a sweep missed it',
      given: aView(owner).sweptAbsent(),
      want: 'Describe, Write',
      because: 'it is to be made again',
    },
    {
      name: 'where the spec was edited, and a sweep saw it in Cognito already',
      given: aView(fresh.withRemote({ hash: hashOf(FOREIGN) }).syncRequested('now')).swept(),
      want: 'Describe, Write',
      because: 'what we wrote last is something else',
    },
    {
      name: 'where it only observes',
      given: aView(owner.observing()).swept(FOREIGN),
      want: 'Describe',
      because: 'it never writes',
    },
    {
      name: 'after a refused Create',
      given: aView(fresh.adoptedBy('Always')).rejected(ALREADY_EXISTS),
      want: 'Describe',
      because: 'it only asks what is there',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

describe('a List that another key probes', () => {
  test.each<Rung>([
    {
      name: 'leaving',
      given: aView(owner.deleting()).missing().closedFor('List', DENIED),
      want: 'Blocked(ListDenied)',
      because: 'nothing else proves that it is gone',
    },
    {
      name: 'observing',
      given: aView(fresh.observing()).missing().closedFor('List', DENIED),
      want: 'Denied(List)',
      because: 'whether the pool is there is not known',
    },
  ])('is waited for when $name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});
