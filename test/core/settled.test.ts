import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { isSettled } from '../../src/core/settled.ts';
import { nextStatus, sayingOf } from '../../src/core/status.ts';
import type { Content } from '../../src/core/view.ts';
import {
  ACCOUNT,
  aHolder,
  aResourceServer,
  aView,
  CONTENT,
  FOREIGN,
  type Json,
  type ResourceServerBuilder,
} from '../support/builders.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote({ accountId: ACCOUNT });
const managed = { ...FOREIGN, managedBy: 'Cognito' };

/** As its last climb left it. */
function after(given: ResourceServerBuilder, outcome: Outcome): ResourceServerBuilder {
  const view = aView(given).view();
  const status = nextStatus(view, sayingOf(view, outcome), '2026-01-01T00:00:00Z');
  return given.status(status as Json);
}

const synced = after(owner, { kind: 'Synced' });
const drifted = (given: ResourceServerBuilder, drift: readonly string[]) =>
  after(given, { kind: 'Refused', reason: 'Drifted', drift });
const NOT_THERE = ['the resource server does not exist'];
const exists: Outcome = { kind: 'Refused', reason: 'AlreadyExists', drift: [] };

interface Row {
  readonly name: string;
  readonly given: ResourceServerBuilder;
  readonly seen: Content | undefined;
  readonly settled: boolean;
}

test.each<Row>([
  { name: 'in sync and equal', given: synced, seen: CONTENT, settled: true },
  { name: 'in sync and different', given: synced, seen: FOREIGN, settled: false },
  { name: 'in sync and gone', given: synced, seen: undefined, settled: false },
  { name: 'in sync and managed by Cognito', given: synced, seen: managed, settled: false },
  {
    name: 'in sync by hand, without a record',
    given: after(fresh, { kind: 'Synced' }),
    seen: CONTENT,
    settled: false,
  },
  {
    name: 'in sync, its finalizer taken away',
    given: synced.metadata({ finalizers: [] }),
    seen: CONTENT,
    settled: false,
  },
  { name: 'edited since', given: synced.atGeneration(2), seen: CONTENT, settled: false },
  { name: 'never seen', given: fresh, seen: undefined, settled: false },
  { name: 'leaving', given: synced.deleting(), seen: FOREIGN, settled: true },
  { name: 'paused', given: synced.paused(), seen: FOREIGN, settled: true },
  {
    name: 'in sync, its account never recorded',
    given: after(fresh.withRemote(), { kind: 'Synced' }),
    seen: CONTENT,
    settled: false,
  },
  {
    name: 'observed and equal, which never records an account',
    given: after(fresh.observing(), { kind: 'Synced' }),
    seen: CONTENT,
    settled: true,
  },
  {
    name: 'observed and drifted as it was',
    given: drifted(fresh.observing(), NOT_THERE),
    seen: undefined,
    settled: true,
  },
  {
    name: 'observed and drifted otherwise',
    given: drifted(fresh.observing(), NOT_THERE),
    seen: FOREIGN,
    settled: false,
  },
  {
    name: 'observed and equal again',
    given: drifted(fresh.observing(), NOT_THERE),
    seen: CONTENT,
    settled: false,
  },
  { name: 'refused, and still there', given: after(fresh, exists), seen: FOREIGN, settled: true },
  { name: 'refused, and gone', given: after(fresh, exists), seen: undefined, settled: false },
  { name: 'refused, and equal now', given: after(fresh, exists), seen: CONTENT, settled: false },
  {
    name: 'refused by policy, and equal',
    given: after(fresh.adoptedBy('Never'), exists),
    seen: CONTENT,
    settled: true,
  },
  {
    name: 'of another holder',
    given: after(fresh, { kind: 'Refused', reason: 'IdentityTaken', holder: aHolder() }),
    seen: FOREIGN,
    settled: true,
  },
  {
    name: 'invalid, and said so',
    given: after(fresh.spec({ scopes: 'x' }), {
      kind: 'Refused',
      reason: 'InvalidSpec',
      problems: [],
    }),
    seen: FOREIGN,
    settled: true,
  },
  {
    name: 'denied, though List answers',
    given: after(owner, { kind: 'Denied', operation: 'Describe', message: '' }),
    seen: CONTENT,
    settled: false,
  },
  {
    name: 'not converging, and still different',
    given: after(owner, { kind: 'Refused', reason: 'NotConverging', drift: [] }),
    seen: FOREIGN,
    settled: true,
  },
  {
    name: 'not converging, and equal now',
    given: after(owner, { kind: 'Refused', reason: 'NotConverging', drift: [] }),
    seen: CONTENT,
    settled: false,
  },
])('a sweep leaves alone one that is $name: $settled', ({ given, seen, settled }) => {
  expect(isSettled(given.parsed(), seen, ACCOUNT)).toBe(settled);
});

describe('order', () => {
  test('of the scopes does not unsettle', () => {
    const scopes = [...CONTENT.scopes, { name: 'b', description: 'B' }];
    const given = after(owner.withScopes(scopes), { kind: 'Synced' });
    const seen = { ...CONTENT, scopes: scopes.toReversed() };
    expect(isSettled(given.parsed(), seen, ACCOUNT)).toBe(true);
  });
});
