import { describe, expect, test } from 'vitest';
import { clip, printable } from '../../src/api/words.ts';
import { MESSAGE_CHARS_MAX, messageOf, messageOfPending } from '../../src/core/messages.ts';
import { failedCall, type Outcome } from '../../src/core/outcome.ts';
import { aHolder, aResourceServer, aView, POOL } from '../support/builders.ts';
import { COGNITO_FAILURES, REQUEST_ID } from './failures.ts';
import { ALL_ROWS } from './outcomes.ts';

const resource = aResourceServer().withRemote().parsed();

function said(outcome: Outcome): string {
  return messageOf(outcome, resource);
}

describe('every message', () => {
  const told = ALL_ROWS.filter(({ says, leaving }) => says !== 'Nothing' || leaving !== 'Nothing');

  test.each(told)('of $name, $when, says something to people', ({ outcome }) => {
    expect(said(outcome)).toMatch(/^[\x20-\x7E]{10,}$/);
    expect(said(outcome)).not.toMatch(/undefined|\[object|NaN|--/);
  });

  test('while a record is pending says what is under way', () => {
    expect(messageOfPending(resource, undefined)).toMatch(/^bringing .* in step/);
    const leaving = aResourceServer().deleting();
    expect(messageOfPending(leaving.parsed(), undefined)).toMatch(/^deleting /);
    const { pending } = leaving.withPending('HandOver', { to: 'uid-of-heir' }).parsed();
    expect(messageOfPending(leaving.parsed(), pending)).toMatch(/^handing .* over/);
  });

  test.each(Object.values(COGNITO_FAILURES))('after $kind carries no request id', (failure) => {
    const outcome = failedCall(aView().view(), failure, 'Create');
    expect(said(outcome)).not.toContain(REQUEST_ID);
  });
});

describe('the words of others', () => {
  const hostile = `\u001b[31mred\u202E\u0000\n${'x'.repeat(5_000)}`;
  const quoting: readonly Outcome[] = [
    { kind: 'Denied', operation: 'Create', message: hostile },
    { kind: 'Rejected', reason: 'InvalidParameter', message: hostile },
    { kind: 'Rejected', reason: 'OperationNotEnabled', message: hostile },
    { kind: 'Unavailable', mutation: true, operation: 'Create', message: hostile },
    { kind: 'Refused', reason: 'AlreadyExists', drift: Array.from({ length: 20 }, () => hostile) },
  ];

  test.each(quoting)('are bounded and printable in $kind', (outcome) => {
    const message = said(outcome);
    expect(message.length).toBeLessThanOrEqual(MESSAGE_CHARS_MAX);
    expect(message).not.toMatch(/[\p{Cc}\u202E]/u);
  });

  test('do not push out what the user can do', () => {
    const drift = Array.from({ length: 20 }, (_, at) => `scope ${at}: ${'x'.repeat(240)}`);
    expect(said({ kind: 'Refused', reason: 'AlreadyExists', drift })).toMatch(/`adoptionPolicy`/);
    expect(said({ kind: 'Refused', reason: 'NotConverging', drift })).toMatch(/request a sync/);
    expect(said({ kind: 'Refused', reason: 'Drifted', drift })).toMatch(/`managementPolicy`/);
  });
});

describe('whose identity it is', () => {
  const holder = aHolder({ key: 'other-team/secret-plans', namespace: 'other-team' });

  test.each<Outcome>([
    { kind: 'Refused', reason: 'IdentityTaken', holder },
    { kind: 'Waiting', for: 'Holder', holder: { ...holder, leaving: true } },
  ])('is not told across namespaces: $kind', (outcome) => {
    expect(said(outcome)).not.toMatch(/other-team|secret-plans/);
  });

  test('is told within the namespace', () => {
    const outcome = { kind: 'Refused', reason: 'IdentityTaken', holder: aHolder() } as const;
    expect(said(outcome)).toContain('`identity/elder`');
  });
});

test.each<{ outcome: Outcome; words: readonly string[] }>([
  {
    outcome: {
      kind: 'Refused',
      reason: 'InvalidSpec',
      problems: [
        { field: 'spec.name', message: 'is no good' },
        { field: 'spec.scopes', message: 'neither' },
      ],
    },
    words: ['`spec.name` is no good', '`spec.scopes` neither'],
  },
  {
    outcome: { kind: 'Denied', operation: 'List', message: 'no' },
    words: ['cognito-idp:ListResourceServers', POOL],
  },
  {
    outcome: { kind: 'Denied', operation: 'Create', message: 'no' },
    words: ['cognito-idp:CreateResourceServer', POOL],
  },
  { outcome: { kind: 'QuotaReached', held: 25 }, words: [POOL, 'holds 25', 'raise the quota'] },
  { outcome: { kind: 'PoolMissing', operation: 'List' }, words: [POOL, '`userPoolId`'] },
  { outcome: { kind: 'Blocked', because: 'AccountUnknown' }, words: ['`deletionPolicy`'] },
  { outcome: { kind: 'Blocked', because: 'AccountMismatch' }, words: ['`deletionPolicy`'] },
  { outcome: { kind: 'Blocked', because: 'ContentDiffers' }, words: ['`deletionPolicy`'] },
  { outcome: { kind: 'Blocked', because: 'ManagedByCognito' }, words: ['`deletionPolicy`'] },
  { outcome: { kind: 'Blocked', because: 'IdentityUnreadable' }, words: ['`deletionPolicy`'] },
  { outcome: { kind: 'Blocked', because: 'Paused' }, words: ['`cognito-operator.io/paused`'] },
])('$outcome.kind says where it is and what can be done: $words', ({ outcome, words }) => {
  for (const word of words) expect(said(outcome)).toContain(word);
});

describe('clipping', () => {
  test('keeps what fits and marks what does not', () => {
    expect(clip('abcd', 4)).toBe('abcd');
    expect(clip('abcde', 4)).toBe('abc…');
  });

  test('never cuts inside a character', () => {
    for (let max = 2; max < 12; max += 1) {
      const text = clip('😀'.repeat(20), max);
      expect(text.isWellFormed()).toBe(true);
      expect(text.length).toBeLessThanOrEqual(max);
    }
  });

  test.each([
    '\u0000',
    '\u001b',
    '\n',
    '\u007f',
    '\u009b',
    '\u200b',
    '\u202e',
    '\u2028',
    '\u2066',
    '\ufeff',
    '\ud800',
    '\u061c',
    '\u00ad',
    '\u{e0041}',
  ])('takes %j away', (odd) => {
    expect(printable(`a${odd}b`)).toBe('a b');
  });
});
