/**
 * What people are told in Events: each effect on Cognito, and each change of Ready's reason. On
 * transitions, never on each retry.
 */

import { type EventReason, findCondition, REASONS, type Reason } from '../api/conditions.ts';
import { SCOPE_IDENTIFIER_CHARS_MAX } from '../api/limits.ts';
import { PAUSED_ANNOTATION } from '../api/names.ts';
import type { Desired, ResourceServer } from '../api/parse.ts';
import type { Condition, ResourceServerStatus } from '../api/resource-server.ts';
import { clip } from '../api/words.ts';
import type { Effect, View } from './view.ts';

export interface Note {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason;
  /** What the operator was doing, in one word. */
  readonly action: string;
  readonly note: string;
}

const NOTE_CHARS_MAX = 1024;

export function notesOf(view: View, next: ResourceServerStatus): readonly Note[] {
  const { resource, climb } = view;
  const notes = [
    ...climb.effects.flatMap((effect) => notesOfEffect(effect, resource)),
    ...notesOfTransition(reasonBefore(view), next, climb.effects.length > 0),
    ...notesOfAnnotation(resource),
  ];
  return notes.map((each) => ({ ...each, note: clip(each.note, NOTE_CHARS_MAX) }));
}

function notesOfEffect(effect: Effect, { identity, desired }: ResourceServer): readonly Note[] {
  const identifier = identity?.identifier ?? '';
  const what = `resource server ${identifier}`;
  if (typeof effect === 'object') return [noteOfObject(effect, what)];
  switch (effect) {
    case 'Created':
      return [normal('Created', 'Create', `created ${what}`), ...tooLong(identifier, desired)];
    case 'Updated':
      return [normal('Updated', 'Update', `updated ${what}`), ...tooLong(identifier, desired)];
    case 'DriftCorrected':
      return [normal('DriftCorrected', 'Update', `${what} had changed in Cognito: repaired`)];
    case 'Adopted':
      return [normal('Adopted', 'Adopt', `adopted ${what}`)];
    case 'Deleted':
      return [normal('Deleted', 'Delete', `deleted ${what}`)];
  }
}

function noteOfObject(effect: Extract<Effect, object>, what: string): Note {
  switch (effect.kind) {
    case 'Retained':
      return normal('Retained', 'Release', `left ${what} as it is: ${effect.because}`);
    case 'HandedOver':
      return normal('HandedOver', 'Release', `handed ${what} over to \`${effect.to}\``);
    case 'ScopesRemoved': {
      const names = effect.names.join(', ');
      const note = `removed scopes that app clients may still use: ${names}`;
      return { type: 'Warning', reason: 'ScopesRemoved', action: 'Update', note };
    }
  }
}

function normal(reason: EventReason, action: string, note: string): Note {
  return { type: 'Normal', reason, action, note };
}

function tooLong(identifier: string, desired: Desired | undefined): readonly Note[] {
  const long = (desired?.scopes ?? []).filter(
    ({ name }) => `${identifier}/${name}`.length > SCOPE_IDENTIFIER_CHARS_MAX,
  );
  if (long.length === 0) return [];
  const names = long.map(({ name }) => name).join(', ');
  const note =
    `\`identifier/scope\` is longer than the ${SCOPE_IDENTIFIER_CHARS_MAX} characters that an ` +
    `app client accepts: ${names}`;
  return [{ type: 'Warning', reason: 'ScopeTooLong', action: 'Reconcile', note }];
}

/** `Progressing` and `Deleting` are on the way to what is told; an effect tells itself. */
function notesOfTransition(
  before: string | undefined,
  after: ResourceServerStatus,
  hadEffect: boolean,
): readonly Note[] {
  const ready = findReady(after);
  if (ready === undefined || ready.reason === before) return [];
  if (ready.reason === 'Progressing' || ready.reason === 'Deleting') return [];
  if (ready.reason === 'Synced' && hadEffect) return [];
  return [noteOfCondition(ready)];
}

/** A record written on the way is no transition: a retry that fails alike says nothing new. */
function reasonBefore({ resource, climb }: View): string | undefined {
  return climb.saidBefore ?? findCondition(resource.status.conditions, 'Ready')?.reason;
}

function findReady({ conditions }: ResourceServerStatus): ReadyNow | undefined {
  const ready = findCondition(conditions, 'Ready');
  const reason = REASONS.find((each) => each === ready?.reason);
  return ready && reason && { ...ready, reason };
}

interface ReadyNow extends Condition {
  readonly reason: Reason;
}

function noteOfCondition({ status, reason, message }: ReadyNow): Note {
  const quiet = status !== 'False' || reason === 'Paused';
  return { type: quiet ? 'Normal' : 'Warning', reason, action: 'Reconcile', note: message };
}

function notesOfAnnotation({ oddPause }: ResourceServer): readonly Note[] {
  if (oddPause === undefined) return [];
  const pause = `annotation \`${PAUSED_ANNOTATION}\``;
  const note = `${pause} must be "true" to pause: "${oddPause}" is ignored`;
  return [{ type: 'Warning', reason: 'InvalidAnnotation', action: 'Reconcile', note }];
}
