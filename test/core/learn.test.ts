import { describe, expect, test } from 'vitest';
import { hashOf } from '../../src/core/drift.ts';
import { type Learned, learn } from '../../src/core/learn.ts';
import type { View } from '../../src/core/view.ts';
import {
  ACCOUNT,
  aResourceServer,
  aView,
  CONTENT,
  FOREIGN,
  NOW_MS,
  OTHER_ACCOUNT,
} from '../support/builders.ts';
import { wordOf } from './decisions.ts';
import {
  ALREADY_EXISTS,
  COGNITO_FAILURES,
  NOT_FOUND,
  REJECTED,
  UNANSWERED,
  UNAVAILABLE,
} from './failures.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote();
const armed = { armed: true };
const LATER_MS = NOW_MS + 100;

function told(view: View, ...all: readonly Learned[]): View {
  return all.reduce(learn, view);
}

const echoed: Learned = { kind: 'Mutated', echo: CONTENT, atMs: LATER_MS };

describe('a mutation that was answered', () => {
  test('becomes what we own, and its echo what was seen', () => {
    const before = aView(fresh.withPending('Create')).sweptAbsent().climbed(armed);
    const after = told(before.withAccount(ACCOUNT).view(), echoed);
    expect(after.records).toMatchObject({
      remote: { origin: 'Created', hash: hashOf(CONTENT), accountId: ACCOUNT },
      pending: undefined,
    });
    expect(after.observation).toMatchObject({ how: 'Described', requestedAtMs: LATER_MS });
    expect(after.climb).toMatchObject({ armed: false, effects: ['Created'] });
  });

  test('keeps the origin when it was an Update, and the account it had', () => {
    const adopted = fresh.withRemote({
      origin: 'Adopted',
      hash: hashOf(FOREIGN),
      accountId: '111122223333',
    });
    const before = aView(adopted.withPending('Update')).described(FOREIGN).climbed(armed);
    expect(told(before.view(), echoed).records.remote).toMatchObject({
      origin: 'Adopted',
      accountId: '111122223333',
    });
  });

  test('is a repair when Cognito changed and not the spec', () => {
    const before = aView(owner.withPending('Update')).described(FOREIGN).climbed(armed);
    expect(told(before.view(), echoed).climb.effects).toEqual(['DriftCorrected']);
  });

  test('by an edit that takes scopes away says which', () => {
    const present = { ...CONTENT, scopes: [...CONTENT.scopes, { name: 'x', description: 'X' }] };
    const edited = fresh.withRemote({ hash: hashOf(present) }).withPending('Update');
    const after = told(aView(edited).described(present).climbed(armed).view(), echoed);
    expect(after.climb.effects).toEqual(['Updated', { kind: 'ScopesRemoved', names: ['x'] }]);
  });

  test('that was a Delete leaves the records to go with the object', () => {
    const before = aView(owner.deleting().withPending('Delete')).described().climbed(armed).view();
    const after = told(before, { kind: 'Mutated', echo: undefined, atMs: LATER_MS });
    expect(after.records).toEqual(before.records);
    expect(after.climb).toMatchObject({ deleted: true, armed: false, effects: ['Deleted'] });
  });

  test('whose echo is something else is not in sync', () => {
    const before = aView(fresh.withPending('Create')).sweptAbsent().climbed(armed).view();
    const after = told(before, { kind: 'Mutated', echo: FOREIGN, atMs: LATER_MS });
    expect(wordOf(aView().with(after))).toBe('RecordPending(Update)');
  });
});

describe('a mutation that failed', () => {
  const before = aView(owner.withPending('Update')).described(FOREIGN).climbed(armed).view();
  const failed = (failure: (typeof COGNITO_FAILURES)[keyof typeof COGNITO_FAILURES]): Learned => ({
    kind: 'Stopped',
    stop: { kind: 'CallFailed', failure, during: 'Update' },
  });

  test.each(Object.values(COGNITO_FAILURES))('with $kind is no longer armed', (failure) => {
    const after = told(before, failed(failure));
    expect(after.climb.armed).toBe(false);
    expect(after.observation).toBeUndefined();
    const stays = failure.kind === 'Unanswered' || failure.kind === 'Unavailable';
    expect(after.records.pending).toEqual(stays ? before.records.pending : undefined);
    expect(after.records.remote).toEqual(before.records.remote);
  });

  test('because nothing was there is decided anew by the next climb', () => {
    expect(wordOf(aView().with(told(before, failed(NOT_FOUND))))).toBe('Conflict');
  });

  test('because Cognito will not have it ends the climb: only a Create is looked at first', () => {
    expect(wordOf(aView().with(told(before, failed(REJECTED))))).toBe('Rejected(InvalidParameter)');
  });

  test.each([UNANSWERED, UNAVAILABLE])('with $kind ends the climb', (failure) => {
    expect(wordOf(aView().with(told(before, failed(failure))))).toBe(`${failure.kind}(Update)`);
  });
});

describe('a Create that was refused', () => {
  const before = aView(fresh.withPending('Create')).sweptAbsent().climbed(armed).view();
  const refused = (failure: typeof REJECTED): Learned => ({
    kind: 'Stopped',
    stop: { kind: 'CallFailed', failure, during: 'Create' },
  });

  test('is described before the refusal counts', () => {
    expect(wordOf(aView().with(told(before, refused(ALREADY_EXISTS))))).toBe('Describe');
  });

  test('because it is there is an adoption', () => {
    const seen: Learned = { kind: 'Described', content: CONTENT, requestedAtMs: LATER_MS };
    const after = told(before, refused(ALREADY_EXISTS), seen);
    expect(wordOf(aView().with(after))).toBe('Adopt');
  });

  test('with nothing there is meant', () => {
    const absent: Learned = { kind: 'NotThere', requestedAtMs: LATER_MS };
    const after = told(before, refused(REJECTED), absent);
    expect(wordOf(aView().with(after))).toBe('Rejected(InvalidParameter)');
  });
});

describe('a look', () => {
  test('acknowledges a sync request, found or not', () => {
    const view = aView(owner).view();
    const found: Learned = { kind: 'Described', content: CONTENT, requestedAtMs: LATER_MS };
    expect(told(view, found).climb.looked).toBe(true);
    expect(told(view, { kind: 'NotThere', requestedAtMs: LATER_MS }).climb.looked).toBe(true);
  });

  test('at a pool says something only of what was not found', () => {
    const missing = aView(owner).missing().view();
    expect(told(missing, { kind: 'PoolAnswered' }).observation).toMatchObject({ pool: 'Answers' });
    expect(told(missing, { kind: 'PoolNotFound' }).observation).toMatchObject({ pool: 'Missing' });
    const present = aView(owner).described().view();
    expect(told(present, { kind: 'PoolNotFound' })).toEqual(present);
    const unseen = aView(owner).view();
    expect(told(unseen, { kind: 'PoolAnswered' })).toEqual(unseen);
  });

  test('at the account is taken once, whatever it said', () => {
    const asked = told(aView(owner).view(), { kind: 'AccountAsked', account: undefined });
    expect(asked).toMatchObject({ account: undefined, climb: { accountAsked: true } });
    const said = told(aView(owner).view(), { kind: 'AccountAsked', account: OTHER_ACCOUNT });
    expect(said.account).toBe(OTHER_ACCOUNT);
  });
});

describe('a write', () => {
  test('makes what was stored what is known', () => {
    const stored = fresh.atVersion('2').withPending('Create').parsed();
    const after = told(aView(fresh).view(), { kind: 'PendingRecorded', resource: stored });
    expect(after.resource).toBe(stored);
    expect(after.records.pending).toEqual(stored.pending);
    expect(after.climb.armed).toBe(true);
  });

  test('of an adoption is an effect', () => {
    const stored = fresh.atVersion('2').withRemote({ origin: 'Adopted' }).parsed();
    const after = told(aView(fresh).view(), { kind: 'AdoptionRecorded', resource: stored });
    expect(after).toMatchObject({
      records: { remote: { origin: 'Adopted' } },
      climb: { effects: ['Adopted'] },
    });
  });

  test('that took the finalizer ends the climb, and tells what was left behind', () => {
    const view = aView(owner.deleting()).view();
    const after = told(view, {
      kind: 'FinalizerRemoved',
      leaves: { kind: 'Retained', because: 'it was adopted' },
    });
    expect(after.climb.effects).toEqual([{ kind: 'Retained', because: 'it was adopted' }]);
    expect(wordOf(aView().with(after))).toBe('Released');
    expect(
      told(view, { kind: 'FinalizerRemoved', leaves: { kind: 'Nothing' } }).climb.effects,
    ).toEqual([]);
  });
});
