/** (before, what is said now) -> the next status. Equal in means that nothing is written. */
import { findCondition, type Statement, setConditions } from '../api/conditions.ts';
import type { Desired, Identity, ResourceServer } from '../api/parse.ts';
import type { Condition, ResourceServerStatus } from '../api/resource-server.ts';
import { messageOf } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { type Row, rowOf, rowOfPending } from './rows.ts';
import type { Records, View } from './view.ts';

export interface Saying {
  readonly row: Row;
  readonly message: string;
  readonly drift: readonly string[];
  readonly records: Records;
}

export function sayingOf(view: View, outcome: Outcome): Saying {
  const { resource } = view;
  return {
    row: rowOf(outcome, resource.leaving),
    message: messageOf(outcome, resource),
    drift: outcome.kind === 'Refused' && 'drift' in outcome ? outcome.drift : [],
    records: recordsAtRest(view, outcome),
  };
}

/**
 * What was recorded and never sent has nothing to say. The caller's account is the pool's only
 * when the pool has answered: recorded without that, it would prove a deletion that never was.
 */
function recordsAtRest({ records, climb, account }: View, outcome: Outcome): Records {
  const pending = climb.armed ? undefined : records.pending;
  const { remote } = records;
  const isProven = outcome.kind === 'Synced' && account !== undefined;
  if (remote === undefined || remote.accountId !== undefined || !isProven) {
    return { remote, pending };
  }
  return { remote: { ...remote, accountId: account }, pending };
}

/** @param now RFC 3339 in whole seconds; for people, never judged */
export function nextStatus(view: View, saying: Saying, now: string): ResourceServerStatus {
  const { resource } = view;
  const before = resource.status;
  const row = lifted(resource, saying.row);
  const said = row.kind === 'Said';
  return defined({
    observedGeneration: said ? resource.generation : before.observedGeneration,
    conditions: conditionsAfter(view, row, saying.message, now),
    ...scopesAfter(view, row),
    ...recordsAfter(saying.records, resource.uid),
    drift: driftAfter(row, saying.drift, before),
    lastHandledSyncRequest:
      said && view.climb.looked ? resource.syncRequest : before.lastHandledSyncRequest,
  });
}

/** A pause that was lifted must not leave its word behind when the next check says nothing. */
function lifted({ status, leaving }: ResourceServer, row: Row): Row {
  const paused = findCondition(status.conditions, 'Paused') !== undefined;
  return paused && row.kind === 'Unchanged' ? rowOfPending(leaving) : row;
}

function conditionsAfter({ resource }: View, row: Row, message: string, now: string) {
  const before = resource.status.conditions ?? [];
  switch (row.kind) {
    case 'Unchanged':
      return resource.status.conditions;
    case 'Paused':
      return setConditions(before, pausedStatements(before, message, resource.generation), now);
    case 'Said': {
      const told = { message, observedGeneration: resource.generation };
      const ready = { type: 'Ready', status: row.ready, reason: row.reason, ...told } as const;
      const also = row.also && ({ ...row.also, status: 'True', ...told } as const);
      return setConditions(before, also ? [ready, also] : [ready], now);
    }
  }
}

/** Ready keeps its value and speaks of the generation it spoke of. */
function pausedStatements(
  before: readonly Condition[],
  message: string,
  generation: number,
): readonly Statement[] {
  const known = findCondition(before, 'Ready');
  const spokeOf = known?.observedGeneration;
  const told = { reason: 'Paused', message } as const;
  return [
    {
      type: 'Ready',
      status: known?.status ?? 'Unknown',
      ...told,
      ...(spokeOf === undefined ? {} : { observedGeneration: spokeOf }),
    },
    { type: 'Paused', status: 'True', ...told, observedGeneration: generation },
  ];
}

/** What apps can use is told once Cognito holds it, and stays until it holds something else. */
function scopesAfter({ resource }: View, row: Row) {
  const { status, identity, desired } = resource;
  if (row.kind !== 'Said' || row.ready !== 'True' || !identity || !desired) {
    return { scopeCount: status.scopeCount, scopeIdentifiers: status.scopeIdentifiers };
  }
  const scopeIdentifiers = scopeIdentifiersOf(identity, desired);
  return { scopeCount: scopeIdentifiers.length, scopeIdentifiers };
}

/** As an app client names them. */
export function scopeIdentifiersOf({ identifier }: Identity, { scopes }: Desired): string[] {
  return scopes.map(({ name }) => `${identifier}/${name}`).sort();
}

function recordsAfter({ remote, pending }: Records, uid: string) {
  const recordUID = remote === undefined && pending === undefined ? undefined : uid;
  return { recordUID, remote, pending };
}

function driftAfter(row: Row, drift: readonly string[], before: ResourceServerStatus) {
  if (row.kind !== 'Said') return before.drift;
  return drift.length > 0 ? drift : undefined;
}

type Loose = {
  readonly [Name in keyof ResourceServerStatus]-?: ResourceServerStatus[Name] | undefined;
};

/** Absent, not undefined: what the API server stores has no undefined. */
function defined(status: Loose): ResourceServerStatus {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}

/** Names every field of ours, `null` where it is to go: nothing that anybody wrote is left over. */
export function statusPatch(next: ResourceServerStatus): Record<string, unknown> {
  const { remote, pending } = next;
  const fields = STATUS_FIELDS.map((name) => [name, next[name] ?? null]);
  return {
    ...Object.fromEntries(fields),
    remote: remote
      ? { ...remote, accountId: remote.accountId ?? null, from: remote.from ?? null }
      : null,
    pending: pending ? { ...pending, to: pending.to ?? null } : null,
  };
}

const STATUS_FIELDS = [
  'observedGeneration',
  'conditions',
  'scopeCount',
  'scopeIdentifiers',
  'recordUID',
  'remote',
  'pending',
  'drift',
  'lastHandledSyncRequest',
] as const satisfies readonly (keyof ResourceServerStatus)[];
