/** `decide` on every view, likely or not. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FINALIZER } from '../../src/api/names.ts';
import type { Decision } from '../../src/core/action.ts';
import { decide } from '../../src/core/decide.ts';
import { requeueOf } from '../../src/core/outcome.ts';
import { isMutation, type View } from '../../src/core/view.ts';
import { anyView } from './arbitrary.ts';

const RUNS = { numRuns: 1_000 };

function always(law: (view: View, decision: Decision) => void): void {
  fc.assert(
    fc.property(anyView, (view) => {
      law(view, decide(view));
    }),
    RUNS,
  );
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

test('the same view gives the same decision, and is not changed by it', () => {
  always((view, decision) => expect(decide(frozen(structuredClone(view)))).toEqual(decision));
});

test('an outcome has a requeue', () => {
  always((_, decision) => {
    if (decision.kind === 'Perform') return;
    expect(requeueOf(decision.outcome, true).kind).toBeTruthy();
  });
});

test('nothing is sent but what the record in hand names, under our finalizer', () => {
  always(({ resource, records, climb }, decision) => {
    if (decision.kind === 'Settle') return;
    const { kind } = decision.action;
    if (kind !== 'Create' && kind !== 'Update' && kind !== 'Delete') return;
    expect(isMutation(kind)).toBe(true);
    expect(climb.armed).toBe(true);
    expect(records.pending?.operation).toBe(kind);
    expect(resource.finalizers).toContain(FINALIZER);
  });
});

test('nothing is recorded or adopted by one that is paused, observes or does not hold it', () => {
  always(({ resource, claim }, decision) => {
    if (decision.kind === 'Settle') return;
    if (decision.action.kind !== 'RecordPending' && decision.action.kind !== 'Adopt') return;
    expect(resource).toMatchObject({ paused: false, managementPolicy: 'Enforce' });
    expect(resource.finalizers).toContain(FINALIZER);
    expect(claim).toMatchObject({ kind: 'Ours', confirm: 'Confirmed' });
  });
});

test('a record is never written over one that is not resolved', () => {
  always(({ records }, decision) => {
    if (decision.kind === 'Settle' || decision.action.kind !== 'RecordPending') return;
    expect(records.pending).toBeUndefined();
  });
});

test('one that lives never loses the finalizer nor deletes; one that leaves never creates', () => {
  always(({ resource, climb }, decision) => {
    if (decision.kind === 'Settle' || climb.armed) return;
    const { action } = decision;
    const what = action.kind === 'RecordPending' ? action.operation : action.kind;
    const apart = resource.leaving
      ? ['AddFinalizer', 'Adopt', 'Create', 'Update']
      : ['RemoveFinalizer', 'Delete'];
    expect(apart).not.toContain(what);
  });
});

describe('who hands over', () => {
  const HEIR = { key: 'identity/heir', uid: 'uid-of-heir' };
  const OTHER = { key: 'identity/other', uid: 'uid-of-other' };

  /** A record that names the heir, be it there still or not. */
  const anyGiver = fc
    .tuple(anyView, fc.constantFrom(undefined, HEIR, OTHER), fc.boolean())
    .map(([view, heir, armed]): View => {
      const { resource, records, succession, climb } = view;
      const pending = {
        operation: 'HandOver',
        to: HEIR.uid,
        hash: '1:x',
        startTime: '2026-01-01T00:00:01.000Z',
        instance: 'instance-1',
      } as const;
      return {
        ...view,
        resource: { ...resource, leaving: true, finalizers: [FINALIZER], pending },
        records: { ...records, pending },
        succession: { ...succession, heir },
        climb: { ...climb, armed, deleted: false },
      };
    });

  function whoeverGives(law: (view: View, decision: Decision) => void): void {
    const holds = fc.property(anyGiver, (view) => law(view, decide(view)));
    fc.assert(holds, RUNS);
  }

  test('does so to whom the record in hand names, and to nobody else', () => {
    let given = 0;
    whoeverGives(({ climb }, decision) => {
      if (decision.kind === 'Settle' || decision.action.kind !== 'HandOver') return;
      given += 1;
      expect(climb.armed).toBe(true);
      expect(decision.action.heir).toEqual(HEIR);
    });
    expect(given).toBeGreaterThan(0);
  });

  test('keeps a record that may still land', () => {
    whoeverGives(({ climb, nowMs, lateUntilMs }, decision) => {
      if (climb.armed || climb.finalizerRemoved || nowMs >= lateUntilMs) return;
      expect(decision.kind).toBe('Settle');
    });
  });
});

test('in sync is said of a valid observation that equals the spec, and of no other', () => {
  always(({ resource, records, observation, pendingElsewhere }, decision) => {
    if (decision.kind === 'Perform' || decision.outcome.kind !== 'Synced') return;
    expect(resource).toMatchObject({ leaving: false, paused: false, problems: [] });
    expect(records.pending).toBeUndefined();
    expect(pendingElsewhere).toBe(false);
    expect(observation?.kind).toBe('Present');
  });
});
