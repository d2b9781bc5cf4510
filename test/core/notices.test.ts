import { describe, expect, test } from 'vitest';
import { PAUSED_ANNOTATION } from '../../src/api/names.ts';
import { learn } from '../../src/core/learn.ts';
import { notesOf } from '../../src/core/notices.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { rowOfPending } from '../../src/core/rows.ts';
import { nextStatus, sayingOf } from '../../src/core/status.ts';
import type { Effect, View } from '../../src/core/view.ts';
import { aHolder, aResourceServer, aView, type Json } from '../support/builders.ts';
import { DENIED } from './failures.ts';
import { ALL_ROWS } from './outcomes.ts';

const NOW = '2026-02-02T02:02:02Z';
const unseen = aResourceServer().finalized();
const ready = unseen.withRemote().ready();

function notes(view: View, outcome: Outcome) {
  return notesOf(view, nextStatus(view, sayingOf(view, outcome), NOW));
}

function reasons(view: View, outcome: Outcome): readonly string[] {
  return notes(view, outcome).map(({ type, reason }) => `${type} ${reason}`);
}

describe('a transition of Ready', () => {
  const told = ALL_ROWS.filter(({ outcome, says }) => {
    return outcome.kind !== 'Blocked' && typeof says === 'object' && says.reason !== 'Progressing';
  });

  test.each(told)('to $name, $when, is told once', ({ outcome, says }) => {
    const view = aView(unseen).view();
    const status = nextStatus(view, sayingOf(view, outcome), NOW);
    const reason = typeof says === 'object' ? says.reason : '';
    expect(notesOf(view, status).map((each) => each.reason)).toEqual([reason]);
    const again = aView(unseen.status(status as Json)).view();
    expect(notes(again, outcome)).toEqual([]);
  });

  test('to what the user must know is a warning, and to what is well is none', () => {
    const view = aView(unseen).view();
    const holder = aHolder();
    expect(reasons(view, { kind: 'Refused', reason: 'IdentityTaken', holder })).toEqual([
      'Warning IdentityTaken',
    ]);
    expect(reasons(view, { kind: 'Synced' })).toEqual(['Normal Synced']);
    expect(reasons(view, { kind: 'Paused' })).toEqual(['Normal Paused']);
  });

  test('that a retry only repeats is not told again, though a record was written between', () => {
    const denied: Outcome = { kind: 'Denied', operation: 'Create', message: 'no' };
    const first = aView(unseen).view();
    const before = unseen.status(nextStatus(first, sayingOf(first, denied), NOW) as Json);
    const retry = aView(before).sweptAbsent().view();
    const saying = { ...sayingOf(retry, denied), row: rowOfPending(false) };
    const pending = before
      .withPending('Create')
      .status(nextStatus(retry, saying, NOW) as Json)
      .parsed();
    const recorded = learn(retry, { kind: 'PendingRecorded', resource: pending });
    const failed = learn(recorded, {
      kind: 'Stopped',
      stop: { kind: 'CallFailed', failure: DENIED, during: 'Create' },
    });
    expect(reasons(failed, denied)).toEqual([]);
  });
});

describe('an effect', () => {
  const synced: Outcome = { kind: 'Synced' };

  test.each<{ effect: Effect; want: readonly string[] }>([
    { effect: 'Created', want: ['Normal Created'] },
    { effect: 'Updated', want: ['Normal Updated'] },
    { effect: 'DriftCorrected', want: ['Normal DriftCorrected'] },
    { effect: 'Adopted', want: ['Normal Adopted'] },
    { effect: { kind: 'ScopesRemoved', names: ['a', 'b'] }, want: ['Warning ScopesRemoved'] },
  ])('is told, and the Synced that it made is not', ({ effect, want }) => {
    expect(
      reasons(
        aView(unseen)
          .climbed({ effects: [effect] })
          .view(),
        synced,
      ),
    ).toEqual(want);
  });

  test.each<{ effect: Effect; want: string }>([
    { effect: 'Deleted', want: 'Normal Deleted' },
    { effect: { kind: 'Retained', because: 'it was adopted' }, want: 'Normal Retained' },
  ])('of a deletion is told when the object goes: $want', ({ effect, want }) => {
    const view = aView(ready.deleting())
      .climbed({ effects: [effect] })
      .view();
    expect(
      notesOf(view, view.resource.status).map((each) => `${each.type} ${each.reason}`),
    ).toEqual([want]);
  });

  test('says what and why', () => {
    const effects: readonly Effect[] = [
      { kind: 'Retained', because: 'it was adopted' },
      { kind: 'ScopesRemoved', names: ['a', 'b'] },
    ];
    const [retained, removed] = notes(aView(ready).climbed({ effects }).view(), synced);
    expect(retained?.note).toBe(
      'left resource server https://weather.example.com as it is: it was adopted',
    );
    expect(removed?.note).toMatch(/: a, b$/);
  });

  test('that wrote a scope no app client accepts warns of it', () => {
    const name = 'x'.repeat(230);
    const given = unseen.withScopes([{ name, description: 'X' }]);
    const view = aView(given)
      .climbed({ effects: ['Created'] })
      .view();
    expect(reasons(view, synced)).toEqual(['Normal Created', 'Warning ScopeTooLong']);
  });

  test('is bounded and printable', () => {
    const names = Array.from({ length: 100 }, () => 'n'.repeat(200));
    const effects: readonly Effect[] = [{ kind: 'ScopesRemoved', names }];
    const [note] = notes(aView(ready).climbed({ effects }).view(), synced);
    expect(note?.note.length).toBeLessThanOrEqual(1024);
  });
});

describe('a pause that is none', () => {
  test('is a warning', () => {
    expect(
      reasons(aView(unseen.annotated({ [PAUSED_ANNOTATION]: 'yes' })).view(), {
        kind: 'Synced',
      }),
    ).toContain('Warning InvalidAnnotation');
  });
});
