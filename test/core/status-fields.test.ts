/** Fields of status that are there or not there: what the API server stores has no `undefined`. */
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { nextStatus, sayingOf, statusPatch } from '../../src/core/status.ts';
import {
  ACCOUNT,
  aResourceServer,
  aView,
  OTHER_ACCOUNT,
  type ViewBuilder,
} from '../support/builders.ts';

const given = aResourceServer().finalized();
const owner = given.withRemote();
const SYNCED: Outcome = { kind: 'Synced' };

function after(view: ViewBuilder, outcome: Outcome) {
  return nextStatus(view.view(), sayingOf(view.view(), outcome), '2026-02-02T02:02:02Z');
}

test('a first word stands alone', () => {
  expect(after(aView(owner), SYNCED).conditions).toHaveLength(1);
});

test('a pause of what was never seen speaks of no generation', () => {
  const [ready] = after(aView(given), { kind: 'Paused' }).conditions ?? [];
  expect(Object.keys(ready ?? {}).sort()).toEqual([
    'lastTransitionTime',
    'message',
    'reason',
    'status',
    'type',
  ]);
});

test('an account that nobody knows is not written', () => {
  expect(Object.keys(after(aView(owner), SYNCED).remote ?? {})).not.toContain('accountId');
});

test('an account that was recorded stays, whoever looks now', () => {
  const recorded = given.withRemote({ accountId: ACCOUNT });
  expect(after(aView(recorded).withAccount(OTHER_ACCOUNT), SYNCED).remote?.accountId).toBe(ACCOUNT);
});

test('a patch keeps to whom a server is handed over', () => {
  const pending = { operation: 'HandOver', hash: '1:x', startTime: '', instance: '' } as const;
  expect(statusPatch({ pending: { ...pending, to: 'heir' } })['pending']).toEqual({
    ...pending,
    to: 'heir',
  });
  expect(statusPatch({ pending })['pending']).toEqual({ ...pending, to: null });
});
