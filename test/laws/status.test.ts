/** What a status may never say, whatever it said before and however a climb ends. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONDITION_TYPES, findCondition, REASONS } from '../../src/api/conditions.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { rowOfPending } from '../../src/core/rows.ts';
import { nextStatus, sayingOf } from '../../src/core/status.ts';
import type { View } from '../../src/core/view.ts';
import { ALL_ROWS } from '../core/outcomes.ts';
import { aResourceServer, aView, type Json, parsed } from '../support/builders.ts';
import { anyView } from './arbitrary.ts';

const RUNS = { numRuns: 1_000 };
const NOW = '2026-02-02T02:02:02Z';
const LATER = '2026-03-03T03:03:03Z';

const outcome = fc.constantFrom(...ALL_ROWS.map((row) => row.outcome));

/** Whatever anybody may have written there, types of others among it. */
const anyConditions = fc.uniqueArray(
  fc.record({
    type: fc.constantFrom(...CONDITION_TYPES, 'example.com/Audited', 'Progressing'),
    status: fc.constantFrom('True', 'False', 'Unknown'),
    observedGeneration: fc.nat(3),
    lastTransitionTime: fc.constant('2026-01-01T00:00:00Z'),
    reason: fc.constantFrom<string>(...REASONS, 'Odd'),
    message: fc.string(),
  }),
  { selector: ({ type }) => type },
);

const anyBefore = fc.tuple(anyView, anyConditions, outcome).map(([view, conditions, ended]) => {
  const { resource } = view;
  const status = { ...resource.status, conditions } as ResourceServerStatus;
  return { view: { ...view, resource: { ...resource, status } }, ended };
});

function after(view: View, ended: Outcome, now = NOW): ResourceServerStatus {
  return nextStatus(view, sayingOf(view, ended), now);
}

function always(law: (view: View, next: ResourceServerStatus, ended: Outcome) => void): void {
  fc.assert(
    fc.property(anyBefore, ({ view, ended }) => {
      law(view, after(view, ended), ended);
    }),
    RUNS,
  );
}

function isTrue(status: ResourceServerStatus, type: (typeof CONDITION_TYPES)[number]): boolean {
  return findCondition(status.conditions, type)?.status === 'True';
}

function isWritten(view: View, next: ResourceServerStatus): boolean {
  return next.conditions !== view.resource.status.conditions;
}

describe('whatever was there before', () => {
  test('what is said twice is written once', () => {
    always((view, next, ended) => {
      const again = { ...view, resource: { ...view.resource, status: next } };
      expect(after(again, ended, LATER)).toEqual(next);
    });
  });

  test('what is said is never Reconciling and Stalled at once', () => {
    always((view, next) => {
      if (!isWritten(view, next)) return;
      expect([...both(next)]).not.toEqual([true, true]);
    });
  });

  test('Ready becomes true by Synced and by nothing else', () => {
    always((view, next, ended) => {
      if (!isTrue(next, 'Ready') || isTrue(view.resource.status, 'Ready')) return;
      expect(ended.kind).toBe('Synced');
      expect(view.resource.leaving).toBe(false);
    });
  });

  test('what is said speaks of the generation acted on; a pause leaves the rest as it was', () => {
    always(({ resource }, next, ended) => {
      const { status, generation } = resource;
      if (next.conditions === status.conditions) {
        expect(next.observedGeneration).toBe(status.observedGeneration);
        return;
      }
      const spoken = (next.conditions ?? []).filter(({ type }) => {
        return CONDITION_TYPES.some((ours) => ours === type);
      });
      const paused = ended.kind === 'Paused' && !resource.leaving;
      expect(next.observedGeneration).toBe(paused ? status.observedGeneration : generation);
      for (const { type, observedGeneration } of spoken) {
        const ready = findCondition(status.conditions, 'Ready');
        const keeps = paused && type === 'Ready';
        expect(observedGeneration).toBe(keeps ? ready?.observedGeneration : generation);
      }
    });
  });

  test('the conditions of others stay, and ours are few', () => {
    const others = (status: ResourceServerStatus) =>
      (status.conditions ?? []).filter(
        ({ type }) => !(CONDITION_TYPES as readonly string[]).includes(type),
      );
    always((view, next) => {
      expect(others(next)).toEqual(others(view.resource.status));
      if (!isWritten(view, next)) return;
      expect((next.conditions ?? []).length - others(next).length).toBeLessThanOrEqual(2);
    });
  });

  test('a time moves when its status moves, and only then', () => {
    always((view, next) => {
      for (const type of CONDITION_TYPES) {
        const [one, other] = [view.resource.status, next].map(({ conditions }) => {
          return findCondition(conditions, type);
        });
        if (other === undefined) continue;
        expect(other.lastTransitionTime === one?.lastTransitionTime).toBe(
          one?.status === other.status,
        );
      }
    });
  });

  test('all of it fits the schema and reads back as it was written', () => {
    always((view, next) => {
      for (const { message } of isWritten(view, next) ? (next.conditions ?? []) : []) {
        expect(message.length).toBeLessThanOrEqual(1_024);
      }
      expect(next.drift?.length ?? 0).toBeLessThanOrEqual(20);
      const raw = aResourceServer().raw();
      expect(parsed({ ...raw, status: JSON.parse(JSON.stringify(next)) }).status).toEqual(next);
    });
  });

  test('a record names its object, and no record names none', () => {
    always(({ resource }, next) => {
      const recorded = next.remote !== undefined || next.pending !== undefined;
      expect(next.recordUID).toBe(recorded ? resource.uid : undefined);
    });
  });
});

function* both(status: ResourceServerStatus) {
  yield isTrue(status, 'Reconciling');
  yield isTrue(status, 'Stalled');
}

/* ------------------------------------------------------------- a life, told in steps */

type Event =
  | { readonly kind: 'Edited' | 'Deleted' | 'Paused' | 'Resumed' | 'Recorded' | 'Resolved' }
  | { readonly kind: 'Ended'; readonly outcome: Outcome };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: outcome.map((ended) => ({ kind: 'Ended' as const, outcome: ended })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Event>(
      { kind: 'Edited' },
      { kind: 'Paused' },
      { kind: 'Resumed' },
      { kind: 'Recorded' },
      { kind: 'Resolved' },
      { kind: 'Ended', outcome: { kind: 'Synced' } },
    ),
  },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'Deleted' }) },
);

interface Life {
  readonly generation: number;
  readonly leaving: boolean;
  readonly paused: boolean;
  readonly pending: boolean;
  readonly status: ResourceServerStatus;
}

const BORN: Life = {
  generation: 1,
  leaving: false,
  paused: false,
  pending: false,
  status: { observedGeneration: -1 },
};

function viewOf({ generation, leaving, paused, pending, status }: Life): View {
  const plain = aResourceServer().finalized().withRemote().atGeneration(generation);
  const there = leaving ? plain.deleting() : plain;
  const held = paused ? there.paused() : there;
  const recorded = pending ? held.withPending(leaving ? 'Delete' : 'Update') : held;
  return aView(recorded.status(status as Json)).view();
}

/** What a ladder never ends in, at such a moment. */
function isPossible({ leaving, paused, pending }: Life, ended: Outcome): boolean {
  if (leaving) return ended.kind !== 'Synced' && ended.kind !== 'Paused';
  if (ended.kind === 'Blocked' || ended.kind === 'Released') return false;
  if (ended.kind === 'Paused') return paused;
  return !(ended.kind === 'Synced' && (pending || paused));
}

function live(life: Life, next: Event): Life {
  const view = viewOf(life);
  switch (next.kind) {
    case 'Edited':
      return { ...life, generation: life.generation + 1 };
    case 'Deleted':
      return { ...life, generation: life.generation + 1, leaving: true };
    case 'Paused':
    case 'Resumed':
      return { ...life, paused: next.kind === 'Paused' };
    case 'Resolved':
      return { ...life, pending: false };
    case 'Recorded': {
      if (life.paused || life.pending) return life;
      const recorded = viewOf({ ...life, pending: true });
      const { records } = recorded;
      const said = { row: rowOfPending(life.leaving), message: 'at work', drift: [], records };
      return { ...life, pending: true, status: nextStatus(recorded, said, NOW) };
    }
    case 'Ended':
      return isPossible(life, next.outcome) ? { ...life, status: after(view, next.outcome) } : life;
  }
}

/** Where nothing can be written, or nobody may, the last truth has to stand. */
const UNWRITTEN = ['Conflict', 'KubernetesFailed', 'Abandoned', 'Released'];

test('no life ever says Ready=True beside a pending record or a deletion', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      events.reduce((life, next) => {
        const then = live(life, next);
        if (then === life || next.kind === 'Deleted' || next.kind === 'Edited') return then;
        const silent = next.kind !== 'Ended' || UNWRITTEN.includes(next.outcome.kind);
        if (then.pending) expect(isTrue(then.status, 'Ready')).toBe(false);
        if (then.leaving && !silent) expect(isTrue(then.status, 'Ready')).toBe(false);
        return then;
      }, BORN);
    }),
    RUNS,
  );
});

test('no life ever says Reconciling and Stalled at once', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      const { status } = events.reduce(live, BORN);
      expect([...both(status)]).not.toEqual([true, true]);
    }),
    RUNS,
  );
});
