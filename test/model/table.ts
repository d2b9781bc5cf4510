/** A trace as a numbered table: what happened, and what Cognito and the API server held then. */
import { findCondition } from '../../src/api/conditions.ts';
import { FINALIZER } from '../../src/api/names.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import type { Step } from './climbing.ts';
import { LAWS, type Violation } from './laws.ts';
import type { Found } from './tree.ts';
import { KEYS, type World } from './world.ts';

const HEAD = ['#', 'who', 'what', 'Cognito', ...KEYS.map((key) => key.slice(2))];

export function tableOf(trace: readonly Step[]): string {
  const rows = trace.map(({ who, what, world }, index) => [
    String(index + 1),
    who,
    what,
    slotOf(world),
    ...KEYS.map((key) => objectOf(world.objects[key])),
  ]);
  return aligned([HEAD, ...rows]);
}

export function tell({ violation, trace }: Found): string {
  return `${wordsOf(violation)}\n${tableOf(trace)}`;
}

export function wordsOf({ law, window }: Violation): string {
  return `${law}: ${LAWS[law]}${window === undefined ? '' : ` (window ${window})`}`;
}

function slotOf({ slot }: World): string {
  return slot === undefined ? '-' : `"${slot.wish}" of ${slot.owner}`;
}

function objectOf(resource: ResourceServer | undefined): string {
  if (resource === undefined) return '-';
  const { uid, desired, leaving, finalizers, remote, pending, status, generation } = resource;
  const ready = findCondition(status.conditions, 'Ready');
  const isNow = ready?.observedGeneration === generation;
  return [
    `${uid} wants "${desired?.name}"`,
    ...(finalizers.includes(FINALIZER) ? ['F'] : []),
    ...(leaving ? ['leaving'] : []),
    ...(remote === undefined ? [] : [remote.origin]),
    ...(pending === undefined ? [] : [`pending ${pending.operation}`]),
    ...(ready?.status === 'True' ? [isNow ? 'Ready' : 'was Ready'] : []),
  ].join(', ');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd();
  return rows.map(line).join('\n');
}
