/** What a sweep makes of each reason there is: whether it leaves the resource as it is. */
import { describe, expect, test } from 'vitest';
import { REASONS, type Reason } from '../../src/api/conditions.ts';
import { isSettled } from '../../src/core/settled.ts';
import { ACCOUNT, aResourceServer, CONTENT, FOREIGN } from '../support/builders.ts';

const owner = aResourceServer().finalized().withRemote({ accountId: ACCOUNT });

function saying(reason: string, given = owner) {
  const ready = {
    type: 'Ready',
    status: 'Unknown',
    reason,
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  } as const;
  return given.status({ observedGeneration: 1 }).withConditions(ready);
}

const SEEN = {
  equal: CONTENT,
  different: FOREIGN,
  gone: undefined,
  managed: { ...CONTENT, managedBy: 'Cognito' },
};

/** What it may look like and be left alone. */
const LEFT_ALONE: Readonly<Record<Reason, readonly (keyof typeof SEEN)[]>> = {
  Synced: ['equal'],
  Progressing: [],
  Throttled: ['equal', 'different', 'gone', 'managed'],
  ProgressingWithRetry: ['equal', 'different', 'gone', 'managed'],
  AccessDenied: [],
  UserPoolNotFound: [],
  AccountMismatch: ['different', 'gone', 'managed'],
  IdentityTaken: ['equal', 'different', 'gone', 'managed'],
  AlreadyExists: ['different', 'managed'],
  ManagedByCognito: ['managed'],
  InvalidSpec: [],
  InvalidParameter: ['different', 'gone', 'managed'],
  OperationNotEnabled: ['different', 'gone', 'managed'],
  NotConverging: ['different', 'gone', 'managed'],
  Drifted: [],
  QuotaExceeded: ['different', 'gone', 'managed'],
  Paused: [],
  Deleting: [],
  DeletionBlocked: [],
};

describe.each(Object.keys(SEEN) as (keyof typeof SEEN)[])('what looks %s', (look) => {
  test.each(REASONS.filter((reason) => reason !== 'Drifted'))('and says %s', (reason) => {
    const given = saying(reason).parsed();
    expect(isSettled(given, SEEN[look], ACCOUNT)).toBe(LEFT_ALONE[reason].includes(look));
  });

  test('and has not said anything yet', () => {
    const given = owner.status({ observedGeneration: 1 }).parsed();
    expect(isSettled(given, SEEN[look], ACCOUNT)).toBe(false);
  });
});

test('an account that nobody knows is missed by nobody', () => {
  const given = saying('Synced', owner.withRemote()).parsed();
  expect(isSettled(given, CONTENT, undefined)).toBe(true);
  expect(isSettled(given, CONTENT, ACCOUNT)).toBe(false);
});

test.each([
  { name: 'scopes', broken: owner.spec({ scopes: 'x' }) },
  { name: 'a policy', broken: owner.spec({ deletionPolicy: 'x' }) },
])('$name that cannot be read are left alone once that was said', ({ broken }) => {
  expect(isSettled(saying('InvalidSpec', broken).parsed(), CONTENT, ACCOUNT)).toBe(true);
  expect(isSettled(saying('Synced', broken).parsed(), CONTENT, ACCOUNT)).toBe(false);
});
