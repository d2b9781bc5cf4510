import { describe, expect, test } from 'vitest';
import { CONDITION_TYPES, type Statement, setConditions } from '../../src/api/conditions.ts';
import type { Condition } from '../../src/api/resource-server.ts';

const NOW = '2026-02-02T02:02:02Z';
const BEFORE = '2026-01-01T00:00:00Z';

const ready: Condition = {
  type: 'Ready',
  status: 'True',
  observedGeneration: 1,
  lastTransitionTime: BEFORE,
  reason: 'Synced',
  message: 'all is well',
};
const foreign: Condition = { ...ready, type: 'example.com/Audited', reason: 'Audited' };
const stalled: Condition = { ...ready, type: 'Stalled', reason: 'Drifted' };

function saying(fields: Partial<Statement> = {}): Statement {
  const { lastTransitionTime: _, ...rest } = ready;
  return { ...rest, type: 'Ready', reason: 'Synced', ...fields };
}

describe('the time of a condition', () => {
  test('stays while its status stays, whatever else changes', () => {
    const next = saying({ reason: 'Paused', message: 'other', observedGeneration: 2 });
    expect(setConditions([ready], [next], NOW)).toEqual([{ ...next, lastTransitionTime: BEFORE }]);
  });

  test('moves when its status moves', () => {
    const [next] = setConditions([ready], [saying({ status: 'Unknown' })], NOW);
    expect(next?.lastTransitionTime).toBe(NOW);
  });

  test('begins when it is new', () => {
    const [next] = setConditions([], [saying()], NOW);
    expect(next?.lastTransitionTime).toBe(NOW);
  });

  test('begins anew for one that had gone', () => {
    const gone = setConditions([ready, stalled], [saying()], NOW);
    const later = '2026-03-03T03:03:03Z';
    const back = setConditions(gone, [saying(), saying({ type: 'Stalled' })], later);
    expect(back.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual([BEFORE, later]);
  });
});

describe('the conditions of others', () => {
  test('stay as and where they are', () => {
    const next = setConditions([foreign, ready, { ...foreign, type: 'Approved' }], [], NOW);
    expect(next).toEqual([foreign, { ...foreign, type: 'Approved' }]);
    const said = setConditions([stalled, foreign, ready], [saying()], NOW);
    expect(said.map(({ type }) => type)).toEqual(['example.com/Audited', 'Ready']);
  });

  test.each(CONDITION_TYPES)('are not those of ours without a statement: %s goes', (type) => {
    expect(setConditions([{ ...ready, type }, foreign], [], NOW)).toEqual([foreign]);
  });
});

test('what is said twice is written once', () => {
  const once = setConditions([foreign, ready], [saying({ status: 'False' })], NOW);
  expect(setConditions(once, [saying({ status: 'False' })], '2026-03-03T03:03:03Z')).toEqual(once);
});

test('of two conditions of one type one is left', () => {
  const next = setConditions([ready, { ...ready, status: 'False' }], [saying()], NOW);
  expect(next).toHaveLength(1);
});
