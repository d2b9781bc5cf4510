/** What an Event says, word for word: it is read by people who know nothing else. */
import { describe, expect, test } from 'vitest';
import { SCOPE_IDENTIFIER_CHARS_MAX } from '../../src/api/limits.ts';
import { PAUSED_ANNOTATION } from '../../src/api/names.ts';
import { type Note, notesOf } from '../../src/core/notices.ts';
import type { Effect } from '../../src/core/view.ts';
import { aResourceServer, aView, IDENTIFIER } from '../support/builders.ts';

const given = aResourceServer().finalized().withRemote();
const what = `resource server ${IDENTIFIER}`;

/** Of a climb that did this, and after which Ready says what it said before. */
function told(effects: readonly Effect[], resource = given): readonly Note[] {
  const view = aView(resource).climbed({ effects }).view();
  return notesOf(view, view.resource.status);
}

describe('an effect', () => {
  test.each<{ effect: Effect; reason: string; action: string; note: string }>([
    { effect: 'Created', reason: 'Created', action: 'Create', note: `created ${what}` },
    { effect: 'Updated', reason: 'Updated', action: 'Update', note: `updated ${what}` },
    {
      effect: 'DriftCorrected',
      reason: 'DriftCorrected',
      action: 'Update',
      note: `${what} had changed in Cognito: repaired`,
    },
    { effect: 'Adopted', reason: 'Adopted', action: 'Adopt', note: `adopted ${what}` },
    { effect: 'Deleted', reason: 'Deleted', action: 'Delete', note: `deleted ${what}` },
    {
      effect: { kind: 'Retained', because: 'so it was asked' },
      reason: 'Retained',
      action: 'Release',
      note: `left ${what} as it is: so it was asked`,
    },
    {
      effect: { kind: 'HandedOver', to: 'identity/heir' },
      reason: 'HandedOver',
      action: 'Release',
      note: `handed ${what} over to \`identity/heir\``,
    },
  ])('$reason is told as it is', ({ effect, reason, action, note }) => {
    expect(told([effect])).toEqual([{ type: 'Normal', reason, action, note }]);
  });

  test('that takes scopes away warns of each', () => {
    expect(told([{ kind: 'ScopesRemoved', names: ['a', 'b'] }])).toEqual([
      {
        type: 'Warning',
        reason: 'ScopesRemoved',
        action: 'Update',
        note: 'removed scopes that app clients may still use: a, b',
      },
    ]);
  });

  test('on what cannot be named is told all the same', () => {
    const nameless = given.withRemote().spec({ userPoolId: 'x' }).recordedFor('another');
    expect(told(['Created'], nameless).map(({ note }) => note)).toEqual([
      'created resource server',
    ]);
  });
});

describe('a scope that is too long for app clients', () => {
  const long = (over: number) => ({
    name: 's'.repeat(SCOPE_IDENTIFIER_CHARS_MAX - IDENTIFIER.length - 1 + over),
    description: 'd',
  });

  test.each([
    { over: 0, warns: false },
    { over: 1, warns: true },
  ])('by $over characters is warned of: $warns', ({ over, warns }) => {
    const reasons = told(['Created'], given.withScopes([long(over)])).map(({ reason }) => reason);
    expect(reasons).toEqual(warns ? ['Created', 'ScopeTooLong'] : ['Created']);
  });

  test('is none where the scopes of the spec cannot be read', () => {
    const unreadable = given.identifiedAs('i'.repeat(SCOPE_IDENTIFIER_CHARS_MAX - 1));
    const reasons = told(['Created'], unreadable.spec({ scopes: 'x' })).map((each) => each.reason);
    expect(reasons).toEqual(['Created']);
  });

  test('is named, as is the limit', () => {
    const scopes = [long(1), long(2)];
    expect(told(['Updated'], given.withScopes(scopes))[1]).toEqual({
      type: 'Warning',
      reason: 'ScopeTooLong',
      action: 'Reconcile',
      note:
        `\`identifier/scope\` is longer than the ${SCOPE_IDENTIFIER_CHARS_MAX} characters that ` +
        `an app client accepts: ${scopes.map(({ name }) => name).join(', ')}`,
    });
  });
});

describe('a change of Ready', () => {
  const condition = (reason: string, status: 'True' | 'False' | 'Unknown' = 'False') => ({
    type: 'Ready',
    status,
    reason,
    message: 'in these words',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  const view = aView(given).view();
  const after = (...conditions: readonly ReturnType<typeof condition>[]) =>
    notesOf(view, { conditions });

  test.each(['Progressing', 'Deleting'])('to %s is on the way to what is told', (reason) => {
    expect(after(condition(reason))).toEqual([]);
  });

  test('is told in the words of the condition', () => {
    expect(after(condition('QuotaExceeded'))).toEqual([
      { type: 'Warning', reason: 'QuotaExceeded', action: 'Reconcile', note: 'in these words' },
    ]);
  });

  test('to a pause warns nobody, whatever Ready was', () => {
    expect(after(condition('Paused')).map(({ type }) => type)).toEqual(['Normal']);
  });

  test('beside an effect is told, unless all is well', () => {
    const busy = aView(given)
      .climbed({ effects: ['Deleted'] })
      .view();
    const reasons = (reason: string, status: 'True' | 'False') =>
      notesOf(busy, { conditions: [condition(reason, status)] }).map((each) => each.reason);
    expect(reasons('Synced', 'True')).toEqual(['Deleted']);
    expect(reasons('DeletionBlocked', 'False')).toEqual(['Deleted', 'DeletionBlocked']);
  });

  test.each([
    { name: 'unknown', before: view },
    { name: 'Synced', before: aView(given.ready()).view() },
  ])('from $name to nothing, or to a word that is not ours, says nothing', ({ before }) => {
    expect(notesOf(before, {})).toEqual([]);
    expect(notesOf(before, { conditions: [] })).toEqual([]);
    expect(notesOf(before, { conditions: [condition('SomebodyElses')] })).toEqual([]);
  });
});

test('a pause that is none says what it must be', () => {
  const odd = given.annotated({ [PAUSED_ANNOTATION]: 'yes' });
  expect(told([], odd)).toEqual([
    {
      type: 'Warning',
      reason: 'InvalidAnnotation',
      action: 'Reconcile',
      note: `annotation \`${PAUSED_ANNOTATION}\` must be "true" to pause: "yes" is ignored`,
    },
  ]);
});
