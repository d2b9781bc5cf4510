import { describe, expect, test } from 'vitest';
import { hashOf } from '../../src/core/drift.ts';
import { learn } from '../../src/core/learn.ts';
import { resolution } from '../../src/core/resolve.ts';
import {
  ACCOUNT,
  aResourceServer,
  aView,
  CONTENT,
  FOREIGN,
  LATE_MS,
  NOW_MS,
  type ViewBuilder,
} from '../support/builders.ts';
import { type Rung, wordOf } from './decisions.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote();
const adopted = fresh.withRemote({ origin: 'Adopted', hash: hashOf(FOREIGN) });
const third = { name: 'Third', scopes: [] };
const lateMs = NOW_MS + LATE_MS;

function mayLand(view: ViewBuilder): ViewBuilder {
  return view.lateUntil(lateMs);
}

interface Row {
  readonly name: string;
  readonly given: ViewBuilder;
  readonly want: string;
  readonly because: string;
}

const BEFORE_LATE: readonly Row[] = [
  {
    name: 'nothing was seen',
    given: mayLand(aView(fresh.withPending('Create'))),
    want: 'Look',
    because: 'a Describe may say that it landed',
  },
  {
    name: 'a sweep',
    given: mayLand(aView(fresh.withPending('Create')).swept()),
    want: 'Look',
    because: 'resolving needs a Describe of this climb',
  },
  {
    name: 'a Create, seen as recorded',
    given: mayLand(aView(fresh.withPending('Create')).described()),
    want: 'Created, ours',
    because: 'it landed',
  },
  {
    name: 'a Create, seen otherwise',
    given: mayLand(aView(fresh.withPending('Create')).described(FOREIGN)),
    want: 'Wait',
    because: 'it may still land',
  },
  {
    name: 'a Create, not seen',
    given: mayLand(aView(fresh.withPending('Create')).missing()),
    want: 'Wait',
    because: 'it may still land',
  },
  {
    name: 'an Update, seen as recorded',
    given: mayLand(aView(adopted.withPending('Update')).described()),
    want: 'Adopted, ours',
    because: 'it landed, and the origin stays',
  },
  {
    name: 'an Update, seen as before',
    given: mayLand(aView(adopted.withPending('Update')).described(FOREIGN)),
    want: 'Wait',
    because: 'it may still land',
  },
  {
    name: 'a Delete, still there',
    given: mayLand(aView(owner.withPending('Delete').deleting()).described()),
    want: 'Wait',
    because: 'it may still land',
  },
];

const AFTER_LATE: readonly Row[] = [
  {
    name: 'seen before it could land no more',
    given: aView(fresh.withPending('Create')).missing('Unasked', NOW_MS - 1),
    want: 'Look',
    because: 'only a look after that decides',
  },
  {
    name: 'a Create, absent',
    given: aView(fresh.withPending('Create')).missing(),
    want: 'Unproven',
    because: 'so looks a pool that is hidden for a while, and the Create may be in it',
  },
  {
    name: 'a Create, absent, and the pool answers',
    given: aView(fresh.withPending('Create')).missing('Answers'),
    want: 'Nothing ours',
    because: 'it did not land',
  },
  {
    name: 'a re-Create, absent, and the pool answers',
    given: aView(owner.withPending('Create')).missing('Answers'),
    want: 'Created, ours',
    because: 'it did not land, and the record of what we own stays',
  },
  {
    name: 'a Create, something else',
    given: aView(fresh.withPending('Create')).described(third),
    want: 'Nothing ours',
    because: 'not ours: adoption decides',
  },
  {
    name: 'a re-Create, something else',
    given: aView(owner.withPending('Create')).described(third),
    want: 'Nothing ours',
    because: 'somebody else created it',
  },
  {
    name: 'a Create, something else, leaving',
    given: aView(fresh.withPending('Create').deleting()).described(third),
    want: 'Foreign',
    because: 'nobody knows whose it is',
  },
  {
    name: 'an Update, as before',
    given: aView(adopted.withPending('Update')).described(FOREIGN),
    want: 'Adopted, ours, not landed',
    because: 'it did not land',
  },
  {
    name: 'an Update, something else',
    given: aView(adopted.withPending('Update')).described(third),
    want: 'Adopted, ours, not landed',
    because: 'drift, repaired as any other',
  },
  {
    name: 'an Update, absent, and the pool answers',
    given: aView(adopted.withPending('Update')).missing('Answers'),
    want: 'Adopted, ours, not landed',
    because: 'somebody deleted it: it is made again',
  },
  {
    name: 'a Delete, as it was',
    given: aView(owner.withPending('Delete').deleting()).described(),
    want: 'Created, ours',
    because: 'it did not land',
  },
  {
    name: 'a Delete, something else',
    given: aView(owner.withPending('Delete').deleting()).described(third),
    want: 'Recreated',
    because: 'it landed, and somebody created the server again',
  },
  {
    name: 'a Delete, absent',
    given: aView(owner.withPending('Delete').deleting()).missing(),
    want: 'Absent',
    because: 'the ladder asks for the proof',
  },
  {
    name: 'a Create, absent, leaving',
    given: aView(fresh.withPending('Create').deleting()).missing(),
    want: 'Absent',
    because: 'the ladder asks for the proof',
  },
];

function wordOfResolution(view: ViewBuilder): string {
  const given = view.view();
  const verdict = resolution(given);
  if (verdict.kind !== 'Resolved') return verdict.kind;
  const { remote, pending } = verdict.records;
  expect(pending).toBeUndefined();
  if (remote === undefined) return 'Nothing ours';
  const before = given.resource.pending?.operation === 'Update' && remote.hash === hashOf(FOREIGN);
  return `${remote.origin}, ours${before ? ', not landed' : ''}`;
}

describe.each([
  { of: 'while it may still land', rows: BEFORE_LATE },
  { of: 'when it can land no more', rows: AFTER_LATE },
])('a record without an answer, $of', ({ rows }) => {
  test.each(rows)('$name: $want, because $because', ({ given, want }) => {
    expect(wordOfResolution(given)).toBe(want);
  });
});

test('a Delete whose hash nobody knows is no evidence that the server was created again', () => {
  const given = aView(owner.withPending('Delete', { hash: '9:unknown' }).deleting()).described();
  expect(wordOf(given)).not.toMatch(/^Retain: /);
});

describe('leaving with a record that can land no more', () => {
  const leaving = owner.deleting();
  test.each<Rung>([
    {
      name: 'not looked at',
      given: aView(leaving.withPending('Delete')),
      want: 'Describe, Write',
      because: 'one Describe decides, and another Delete may follow',
    },
    {
      name: 'absent',
      given: aView(leaving.withPending('Delete')).missing(),
      want: 'ListPool',
      because: 'absence is proven by its pool',
    },
    {
      name: 'absent, and the pool answers',
      given: aView(leaving.withPending('Delete')).missing('Answers'),
      want: 'RemoveFinalizer',
      because: 'proven; the records stay and go with the object',
    },
    {
      name: 'as it was',
      given: aView(leaving.withPending('Delete')).described(),
      want: 'Resolve',
      because: 'it did not land: another Delete follows',
    },
    {
      name: 'something else after a Delete',
      given: aView(leaving.withPending('Delete')).described(third),
      want: 'Retain: somebody else created the resource server again',
      because: 'no longer ours',
    },
    {
      name: 'something else after a Create',
      given: aView(leaving.withPending('Create')).described(third),
      want: 'Blocked(ContentDiffers)',
      because: 'deleting it might be a theft, leaving it might be a leak: the user decides',
    },
  ])('$name: $want, because $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

describe('living with a Create that can land no more and is not seen', () => {
  const given = aView(fresh.withPending('Create'));
  test.each<Rung>([
    {
      name: 'the pool was not asked',
      given: given.missing(),
      want: 'ListPool',
      because: 'absence is proven by its pool',
    },
    {
      name: 'the pool is missing too',
      given: given.missing('Missing'),
      want: 'PoolMissing(Describe)',
      because: 'the record stays until the pool is seen again',
    },
    {
      name: 'the pool answers',
      given: given.missing('Answers'),
      want: 'Resolve',
      because: 'it did not land: another Create follows',
    },
  ])('$name: $want, because $because', ({ given: rung, want }) => {
    expect(wordOf(rung)).toBe(want);
  });
});

test('what landed names the identity, the content written and the account, where known', () => {
  const view = aView(fresh.withPending('Create')).described().withAccount(ACCOUNT).view();
  const verdict = resolution(view);
  expect(verdict).toMatchObject({
    effect: 'Created',
    records: { remote: { ...view.resource.identity, accountId: ACCOUNT, hash: hashOf(CONTENT) } },
  });
});

test('a resolution that was learned leaves no record to resolve', () => {
  const view = aView(fresh.withPending('Create')).described().view();
  const verdict = resolution(view);
  if (verdict.kind !== 'Resolved') throw new Error(verdict.kind);
  const after = learn(view, verdict);
  expect(after.climb.effects).toEqual(['Created']);
  expect(resolution(after)).toMatchObject({ kind: 'Resolved', records: after.records });
});
