/** How a view grows: what performing an action told us, added to what was known. */
import { findCondition } from '../api/conditions.ts';
import type { Identity, ResourceServer } from '../api/parse.ts';
import type { PendingRecord, RemoteRecord } from '../api/resource-server.ts';
import type { Leaving } from './action.ts';
import { hashOf } from './drift.ts';
import { recordFate } from './failure.ts';
import {
  type Climb,
  type Content,
  type Effect,
  isMutation,
  type Observation,
  type Records,
  type Stop,
  type View,
} from './view.ts';

/** What performing an action told us. */
export type Learned =
  | { readonly kind: 'FinalizerAdded'; readonly resource: ResourceServer }
  | { readonly kind: 'PendingRecorded'; readonly resource: ResourceServer }
  | { readonly kind: 'AdoptionRecorded'; readonly resource: ResourceServer }
  | { readonly kind: 'RivalsRead' }
  /** No call was needed: what was seen tells what became of the pending record. */
  | {
      readonly kind: 'Resolved';
      readonly records: Records;
      readonly effect: Effect | undefined;
    }
  | { readonly kind: 'Described'; readonly content: Content; readonly requestedAtMs: number }
  | { readonly kind: 'NotThere'; readonly requestedAtMs: number }
  | { readonly kind: 'PoolAnswered' }
  | { readonly kind: 'PoolNotFound' }
  | { readonly kind: 'AccountAsked'; readonly account: string | undefined }
  /** `atMs`: when the answer came. Delete has no echo. */
  | { readonly kind: 'Mutated'; readonly echo: Content | undefined; readonly atMs: number }
  /** The heir's record names us now. */
  | { readonly kind: 'HandedOver' }
  | { readonly kind: 'FinalizerRemoved'; readonly leaves: Leaving }
  | { readonly kind: 'Stopped'; readonly stop: Stop };

export function learn(view: View, learned: Learned): View {
  switch (learned.kind) {
    case 'FinalizerAdded':
      return { ...view, resource: learned.resource };
    case 'PendingRecorded':
      return arm(withStored(view, learned.resource));
    case 'AdoptionRecorded':
      return withEffect(withStored(view, learned.resource), 'Adopted');
    case 'RivalsRead':
      return view;
    case 'Resolved':
      return learnResolution({ ...view, records: learned.records }, learned.effect);
    case 'Described':
      return looked(view, described(learned.content, learned.requestedAtMs));
    case 'NotThere':
      return looked(view, absent(learned.requestedAtMs));
    case 'PoolAnswered':
      return withPool(view, 'Answers');
    case 'PoolNotFound':
      return withPool(view, 'Missing');
    case 'AccountAsked':
      return withAccount(view, learned.account);
    case 'Mutated':
      return learnMutation(view, learned.echo, learned.atMs);
    case 'HandedOver':
      return { ...view, climb: disarmed(view.climb) };
    case 'FinalizerRemoved':
      return learnRelease(view, learned.leaves);
    case 'Stopped':
      return learnStop(view, learned.stop);
  }
}

export function described(content: Content, requestedAtMs: number): Observation {
  const hash = hashOf(content);
  return { kind: 'Present', how: 'Described', requestedAtMs, hash, content };
}

function absent(requestedAtMs: number): Observation {
  return { kind: 'Absent', how: 'Described', requestedAtMs, pool: 'Unasked' };
}

/** What the API server stored is what the records are now. */
function withStored(view: View, resource: ResourceServer): View {
  const { remote, pending } = resource;
  const ready = findCondition(view.resource.status.conditions, 'Ready');
  const saidBefore = view.climb.saidBefore ?? ready?.reason;
  return { ...view, resource, records: { remote, pending }, climb: { ...view.climb, saidBefore } };
}

function arm(view: View): View {
  return { ...view, climb: { ...view.climb, armed: true } };
}

function withEffect(view: View, effect: Effect): View {
  return { ...view, climb: { ...view.climb, effects: [...view.climb.effects, effect] } };
}

function looked(view: View, observation: Observation): View {
  return { ...view, observation, climb: { ...view.climb, looked: true } };
}

function withPool(view: View, pool: 'Answers' | 'Missing'): View {
  if (view.observation?.kind !== 'Absent') return view;
  return { ...view, observation: { ...view.observation, pool } };
}

function withAccount(view: View, account: string | undefined): View {
  return { ...view, account, climb: { ...view.climb, accountAsked: true } };
}

/** The pending mutation was answered with success: its record becomes what we own. */
function learnMutation(view: View, echo: Content | undefined, atMs: number): View {
  const pending = view.records.pending;
  if (pending === undefined) return view;
  const climb = { ...view.climb, armed: false };
  if (pending.operation === 'Delete') {
    const gone: View = { ...view, observation: undefined, climb: { ...climb, deleted: true } };
    return withEffect(gone, 'Deleted');
  }
  const observation = echo && described(echo, atMs);
  const effects = effectsOf(view, pending);
  return effects.reduce(withEffect, {
    ...view,
    records: landed(view, pending),
    observation,
    climb,
  });
}

/** An edit that takes scopes away says which. */
function effectsOf(view: View, pending: PendingRecord): readonly Effect[] {
  const effect = effectOf(view, pending);
  const { observation } = view;
  if (effect !== 'Updated' || observation?.how !== 'Described') return [effect];
  if (observation.kind === 'Absent') return [effect];
  const wanted = new Set(view.resource.desired?.scopes.map(({ name }) => name));
  const names = observation.content.scopes.map(({ name }) => name).filter((x) => !wanted.has(x));
  return names.length === 0 ? [effect] : [effect, { kind: 'ScopesRemoved', names }];
}

function learnResolution(before: View, effect: Effect | undefined): View {
  const view = { ...before, climb: disarmed(before.climb) };
  return effect === undefined ? view : withEffect(view, effect);
}

/** What a mutation that landed is called when people are told. */
export function effectOf(view: View, pending: PendingRecord): Effect {
  const before = view.records.remote;
  if (before?.hash === pending.hash) return 'DriftCorrected';
  return pending.operation === 'Create' ? 'Created' : 'Updated';
}

/** What we own once a Create or an Update has landed; what a Delete leaves goes with its object. */
export function landed(view: View, pending: PendingRecord): Records {
  const before = view.records.remote;
  const origin = pending.operation === 'Create' ? 'Created' : (before?.origin ?? 'Adopted');
  const { identity } = view.resource;
  const remote = identity && remoteRecord(view, identity, origin, pending.hash);
  return { remote, pending: undefined };
}

/** The record of a server that is ours; the account is kept where it was known before. */
export function remoteRecord(
  view: View,
  identity: Identity,
  origin: RemoteRecord['origin'],
  hash: string,
): RemoteRecord {
  const accountId = view.account ?? view.records.remote?.accountId;
  const { userPoolId, identifier } = identity;
  return { userPoolId, identifier, ...(accountId ? { accountId } : {}), origin, hash };
}

function learnRelease(view: View, leaves: Leaving): View {
  const gone: View = { ...view, climb: { ...view.climb, finalizerRemoved: true } };
  if (leaves.kind !== 'Nothing') return withEffect(gone, leaves);
  const provenOnly = !view.climb.deleted && view.records.pending?.operation === 'Delete';
  return provenOnly ? withEffect(gone, 'Deleted') : gone;
}

/** A refused mutation clears its record; a refused Create is described before it counts. */
function learnStop(view: View, stop: Stop): View {
  if (stop.kind === 'WriteFailed' && stop.of === 'Heir') return learnRefusal(view, stop);
  if (stop.kind !== 'CallFailed' || !isMutation(stop.during)) return stopped(view, stop);
  const { failure } = stop;
  const cleared = recordFate(failure) === 'Cleared';
  const records = cleared ? { ...view.records, pending: undefined } : view.records;
  const ended: View = { ...view, records, observation: undefined, climb: disarmed(view.climb) };
  if (failure.kind === 'Rejected' && stop.during === 'Create') {
    return { ...ended, climb: { ...ended.climb, rejected: failure } };
  }
  return stopped(ended, stop);
}

/** What the heir was sent and nobody answered may still arrive: only then the record stays. */
function learnRefusal(view: View, stop: Extract<Stop, { kind: 'WriteFailed' }>): View {
  const { records, climb } = view;
  const mayArrive = stop.failure.kind === 'KubernetesFailed' && !stop.failure.answered;
  const known = mayArrive ? records : { ...records, pending: undefined };
  return stopped({ ...view, records: known, climb: disarmed(climb) }, stop);
}

function stopped(view: View, stop: Stop): View {
  return { ...view, climb: { ...view.climb, stop } };
}

function disarmed(climb: Climb): Climb {
  return { ...climb, armed: false };
}
