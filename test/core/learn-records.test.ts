/** What becomes of the records and of what is told, by each thing that is learned. */
import { describe, expect, test } from 'vitest';
import { hashOf } from '../../src/core/drift.ts';
import { landed, learn } from '../../src/core/learn.ts';
import { aResourceServer, aView, CONTENT, FOREIGN } from '../support/builders.ts';
import { DENIED } from './failures.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote();
const OLD = hashOf(FOREIGN);

function landing(given: typeof fresh) {
  const view = aView(given).view();
  return landed(view, view.records.pending!);
}

describe('what has landed', () => {
  test('of a Create is ours, and was created', () => {
    expect(landing(fresh.withPending('Create')).remote?.origin).toBe('Created');
  });

  test('of an Update keeps whose it was', () => {
    const adopted = fresh.withRemote({ origin: 'Adopted' });
    expect(landing(adopted.withPending('Update')).remote?.origin).toBe('Adopted');
    expect(landing(owner.withPending('Update')).remote?.origin).toBe('Created');
  });

  test('of an Update whose record was lost was not created by us', () => {
    expect(landing(fresh.withPending('Update')).remote?.origin).toBe('Adopted');
  });
});

describe('scopes that an edit takes away', () => {
  const edited = fresh.withRemote({ hash: OLD }).withPending('Update');
  const updated = (given: typeof fresh, present = CONTENT) =>
    learn(aView(given).described(present).view(), { kind: 'Mutated', echo: CONTENT, atMs: 9_000 })
      .climb.effects;

  test('are told with it', () => {
    const more = { ...CONTENT, scopes: [...CONTENT.scopes, { name: 'old', description: 'o' }] };
    expect(updated(edited, more)).toEqual(['Updated', { kind: 'ScopesRemoved', names: ['old'] }]);
  });

  test('are not told when there are none', () => {
    expect(updated(edited)).toEqual(['Updated']);
  });

  test('are not told of what drifted: nobody wanted them', () => {
    const more = { ...CONTENT, scopes: [...CONTENT.scopes, { name: 'odd', description: 'o' }] };
    expect(updated(owner.withPending('Update'), more)).toEqual(['DriftCorrected']);
  });

  test('are not known when nobody looked', () => {
    for (const view of [aView(edited), aView(edited).missing(), aView(edited).swept()]) {
      const learned = learn(view.view(), { kind: 'Mutated', echo: CONTENT, atMs: 9_000 });
      expect(learned.climb.effects).toEqual(['Updated']);
    }
  });
});

describe('a finalizer that was removed', () => {
  const gone = (given: typeof fresh, deleted: boolean) =>
    learn(aView(given).climbed({ deleted }).view(), {
      kind: 'FinalizerRemoved',
      leaves: { kind: 'Nothing' },
    }).climb.effects;

  test('tells of the Delete that nobody answered', () => {
    expect(gone(owner.withPending('Delete'), false)).toEqual(['Deleted']);
  });

  test('tells of no other', () => {
    expect(gone(owner.withPending('Delete'), true)).toEqual([]);
    expect(gone(owner.withPending('Create'), false)).toEqual([]);
    expect(gone(owner, false)).toEqual([]);
  });
});

test('a look that finds nothing has not asked for the pool', () => {
  const { observation } = learn(aView(owner).view(), { kind: 'NotThere', requestedAtMs: 9_000 });
  expect(observation).toMatchObject({ kind: 'Absent', how: 'Described', pool: 'Unasked' });
});

test.each([
  { name: 'by what was seen of it', effect: 'Created', effects: ['Created'] },
  { name: 'and did nothing', effect: undefined, effects: [] },
] as const)('a record that was resolved $name is told as just that', ({ effect, effects }) => {
  const view = aView(fresh.withPending('Create')).view();
  const records = { ...view.records, pending: undefined };
  expect(learn(view, { kind: 'Resolved', records, effect }).climb.effects).toEqual(effects);
});

test('rivals that were read change nothing by themselves', () => {
  const view = aView(owner).view();
  expect(learn(view, { kind: 'RivalsRead' })).toBe(view);
});

describe('what is stopped', () => {
  const pending = aView(owner.withPending('Update')).climbed({ armed: true }).view();

  test.each(['Finalizer', 'Record', 'Rival'] as const)('by a write of a %s keeps records', (of) => {
    const stop = { kind: 'WriteFailed', of, failure: { kind: 'Conflict' } } as const;
    expect(learn(pending, { kind: 'Stopped', stop }).records).toEqual(pending.records);
  });

  test('by an heir that refused keeps what is owned', () => {
    const stop = { kind: 'WriteFailed', of: 'Heir', failure: { kind: 'Conflict' } } as const;
    const { remote } = pending.records;
    expect(learn(pending, { kind: 'Stopped', stop }).records).toEqual({
      remote,
      pending: undefined,
    });
  });

  test('by a Create that is not allowed is told as it is', () => {
    const create = aView(fresh.withPending('Create')).climbed({ armed: true }).view();
    const stop = { kind: 'CallFailed', failure: DENIED, during: 'Create' } as const;
    expect(learn(create, { kind: 'Stopped', stop }).climb).toMatchObject({
      stop,
      rejected: undefined,
    });
  });
});
