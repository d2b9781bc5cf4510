import { describe, expect, test } from 'vitest';
import { findCondition, REASONS } from '../../src/api/conditions.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import { rowOfPending } from '../../src/core/rows.ts';
import { nextStatus, type Saying, sayingOf } from '../../src/core/status.ts';
import type { View } from '../../src/core/view.ts';
import {
  ACCOUNT,
  aResourceServer,
  aView,
  CONTENT,
  type ResourceServerBuilder,
  SCOPE,
} from '../support/builders.ts';
import { kstatusOf } from '../support/kstatus.ts';
import { ALL_ROWS, type Row, type Said, type Says } from './outcomes.ts';

const NOW = '2026-02-02T02:02:02Z';
const unseen = aResourceServer().finalized();
const ready = unseen.withRemote().ready();

function statusAfter(before: ResourceServerBuilder, { outcome }: Pick<Row, 'outcome'>) {
  const view = aView(before).view();
  return nextStatus(view, sayingOf(view, outcome), NOW);
}

/** What a status says, in the words of the table. */
function saidBy(status: ResourceServerStatus, of: ResourceServerBuilder): Said {
  const { conditions } = status;
  const known = findCondition(conditions, 'Ready');
  const beside = (conditions ?? []).find(({ type, status: holds }) => {
    return holds === 'True' && (type === 'Reconciling' || type === 'Stalled');
  });
  return {
    ready: known?.status ?? 'Unknown',
    reason: known?.reason as Said['reason'],
    beside: beside && (`${beside.type}: ${beside.reason}` as Said['beside']),
    kstatus: kstatusOf({ metadata: of.raw()['metadata'] as object, status }),
  };
}

function expectSaid(before: ResourceServerBuilder, row: Pick<Row, 'outcome'>, says: Says) {
  const status = statusAfter(before, row);
  if (says === 'Nothing') return expect(status).toEqual(before.parsed().status);
  if (says === 'Kept') return expect(findCondition(status.conditions, 'Paused')).toBeDefined();
  expect(saidBy(status, before)).toEqual(says);
  return expect(status.observedGeneration).toBe(before.parsed().generation);
}

describe('the status contract, living', () => {
  const rows = ALL_ROWS.filter(({ outcome }) => outcome.kind !== 'Blocked');

  test.each(rows)('$name, $when, of an unseen resource', (row) => {
    expectSaid(unseen, row, row.says);
  });

  test.each(rows)('$name, $when, of an edited one that was ready', (row) => {
    expectSaid(ready.atGeneration(2), row, row.says);
  });
});

describe('the status contract, leaving', () => {
  test.each(ALL_ROWS)('$name, $when, of a resource that was ready', (row) => {
    expectSaid(ready.deleting(), row, row.leaving);
  });
});

test('each reason of the contract is said by a row, and no other is', () => {
  const said = ALL_ROWS.flatMap(({ says, leaving }) => [says, leaving]).flatMap((each) =>
    typeof each === 'string' ? [] : [each.reason],
  );
  const pending = rowOfPending(false);
  const words = new Set([...said, 'Paused', pending.kind === 'Said' ? pending.reason : '']);
  expect([...words].sort()).toEqual([...REASONS].sort());
});

describe('while a record is pending', () => {
  const saying = (leaving: boolean, { records }: View): Saying => {
    return { row: rowOfPending(leaving), message: 'at work', drift: [], records };
  };

  test.each([
    { name: 'living', of: ready.withPending('Update'), reason: 'Progressing', word: 'Unknown' },
    {
      name: 'leaving',
      of: ready.withPending('Delete').deleting(),
      reason: 'Deleting',
      word: 'False',
    },
  ])('$name: Ready is $word, and it is being worked at', ({ of, reason, word }) => {
    const view = aView(of).view();
    const status = nextStatus(view, saying(view.resource.leaving, view), NOW);
    expect(saidBy(status, of)).toMatchObject({
      ready: word,
      reason,
      beside: `Reconciling: ${reason}`,
    });
    expect(status.pending).toEqual(view.records.pending);
  });
});

describe('a pause', () => {
  const paused = { outcome: { kind: 'Paused' } } as const;

  test.each([
    { name: 'was ready', of: ready, want: 'Current' },
    { name: 'was ready, edited since', of: ready.atGeneration(2), want: 'InProgress' },
    { name: 'unseen', of: unseen, want: 'InProgress' },
  ])('of a resource that $name is $want to kstatus', ({ of, want }) => {
    const status = statusAfter(of.paused(), paused);
    expect(kstatusOf({ metadata: of.raw()['metadata'] as object, status })).toBe(want);
  });

  test('keeps the value of Ready, and only Paused speaks of the new generation', () => {
    const status = statusAfter(ready.paused().atGeneration(2), paused);
    expect(status.observedGeneration).toBe(1);
    expect(status.conditions).toMatchObject([
      { type: 'Ready', status: 'True', reason: 'Paused', observedGeneration: 1 },
      { type: 'Paused', status: 'True', reason: 'Paused', observedGeneration: 2 },
    ]);
    expect(status.conditions?.[0]?.lastTransitionTime).toBe('2026-01-01T00:00:05Z');
  });

  test('keeps the records and the scopes', () => {
    const status = statusAfter(ready.paused(), paused);
    const { remote, scopeCount, scopeIdentifiers } = ready.parsed().status;
    expect(status).toMatchObject({ remote, scopeCount, scopeIdentifiers });
  });

  test('that was lifted leaves no word behind, even when the next check says nothing', () => {
    const lifted = ready.status(statusAfter(ready.paused(), paused) as Record<string, unknown>);
    const status = statusAfter(lifted, { outcome: { kind: 'Waiting', for: 'Sweep' } });
    expect(findCondition(status.conditions, 'Paused')).toBeUndefined();
    expect(saidBy(status, lifted)).toMatchObject({ ready: 'Unknown', reason: 'Progressing' });
  });
});

describe('what apps can use', () => {
  test('is told, sorted, once Cognito holds it', () => {
    const scopes = [{ name: 'z', description: 'Z' }, SCOPE];
    const status = statusAfter(unseen.withScopes(scopes).withRemote(), {
      outcome: { kind: 'Synced' },
    });
    expect(status.scopeCount).toBe(2);
    expect(status.scopeIdentifiers).toEqual([
      'https://weather.example.com/forecast.read',
      'https://weather.example.com/z',
    ]);
  });

  test('stays while an edit is on its way', () => {
    const edited = ready.withScopes([]).atGeneration(2);
    const status = statusAfter(edited, { outcome: { kind: 'QuotaReached', held: 25 } });
    expect(status.scopeIdentifiers).toEqual(['https://weather.example.com/forecast.read']);
  });
});

describe('the records in a status', () => {
  test('name the object they were written for', () => {
    expect(statusAfter(ready, { outcome: { kind: 'Synced' } }).recordUID).toBe(
      'uid-of-weather-api',
    );
  });

  test('of another object go', () => {
    const status = statusAfter(ready.recordedFor('uid-of-another'), {
      outcome: { kind: 'Refused', reason: 'AlreadyExists', drift: [] },
    });
    expect(status).not.toHaveProperty('remote');
    expect(status).not.toHaveProperty('recordUID');
  });

  test('do not tell of a record that was never sent', () => {
    const view = aView(ready.withPending('Update')).climbed({ armed: true }).view();
    const status = nextStatus(view, sayingOf(view, { kind: 'Synced' }), NOW);
    expect(status).not.toHaveProperty('pending');
  });

  test('gain the account when the pool has answered to it', () => {
    const view = aView(ready).described(CONTENT).withAccount(ACCOUNT).view();
    const status = nextStatus(view, sayingOf(view, { kind: 'Synced' }), NOW);
    expect(status.remote?.accountId).toBe(ACCOUNT);
  });

  test.each([
    { name: 'the pool is missing', outcome: { kind: 'PoolMissing', operation: 'List' } },
    { name: 'deletion is blocked', outcome: { kind: 'Blocked', because: 'AccountUnknown' } },
    { name: 'nothing was asked', outcome: { kind: 'Paused' } },
  ] as const)('gain no account when $name: it would prove a deletion', ({ outcome }) => {
    const view = aView(ready).withAccount(ACCOUNT).view();
    const status = nextStatus(view, sayingOf(view, outcome), NOW);
    expect(status.remote).not.toHaveProperty('accountId');
  });
});

describe('a sync request', () => {
  const asked = ready.syncRequested('2026-02-02').status({ lastHandledSyncRequest: '2026-01-01' });

  test('is acknowledged by the climb that looked', () => {
    const view = aView(asked).described().view();
    const status = nextStatus(view, sayingOf(view, { kind: 'Synced' }), NOW);
    expect(status.lastHandledSyncRequest).toBe('2026-02-02');
  });

  test('is not acknowledged by one that did not', () => {
    const status = statusAfter(asked, { outcome: { kind: 'Synced' } });
    expect(status.lastHandledSyncRequest).toBe('2026-01-01');
  });
});

test('drift is told while it is the reason, and no longer', () => {
  const drift = ['scope a: missing'];
  const drifted = statusAfter(ready, { outcome: { kind: 'Refused', reason: 'Drifted', drift } });
  expect(drifted.drift).toEqual(drift);
  const after = ready.status(drifted as Record<string, unknown>);
  const checked = { kind: 'Unanswered', mutation: false, operation: 'List', message: '' } as const;
  expect(statusAfter(after, { outcome: checked }).drift).toEqual(drift);
  expect(statusAfter(after, { outcome: { kind: 'Synced' } })).not.toHaveProperty('drift');
});
