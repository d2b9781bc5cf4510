/**
 * The nouns of a reconcile, and how a view of them grows: `learn(view, answer)`.
 *
 * A view is everything one decision may look at: the resource, the records of what we own, what
 * was seen in Cognito, and what other resources mean for it. It is data; nothing in it changes.
 */
import type { Desired, Identity, ResourceServer } from '../api/parse.ts';
import type { PendingOperation, PendingRecord, RemoteRecord } from '../api/resource-server.ts';
import { hashOf } from './drift.ts';
import type { CognitoFailure, KubernetesFailure, Rejected } from './failure.ts';
import { recordFate } from './failure.ts';

/** What Cognito holds under an identity. */
export interface Content extends Desired {
  /** Set when Cognito itself manages the server. */
  readonly managedBy?: string;
}

export type Operation = 'List' | 'Describe' | PendingOperation;

/**
 * What was seen in Cognito, and when it was asked for (monotonic, before the request left).
 * Described: by a Describe of this climb, or the echo of its own mutation. Swept: remembered from
 * a complete sweep or an earlier climb; it knows the hash and not the content.
 */
export type Observation =
  | {
      readonly kind: 'Present';
      readonly how: 'Described';
      readonly requestedAtMs: number;
      readonly hash: string;
      readonly content: Content;
    }
  | {
      readonly kind: 'Present';
      readonly how: 'Swept';
      readonly requestedAtMs: number;
      readonly hash: string;
      readonly managed: boolean;
    }
  | {
      readonly kind: 'Absent';
      readonly how: 'Described' | 'Swept';
      readonly requestedAtMs: number;
      /** Whether a List of the pool answered after that: NotFound alone is no proof. */
      readonly pool: 'Unasked' | 'Answers' | 'Missing';
    };

/** What we own and what is under way, as this climb knows it: ahead of what is stored. */
export interface Records {
  readonly remote: RemoteRecord | undefined;
  readonly pending: PendingRecord | undefined;
}

/** Whose the identity is, among all resources that name it. */
export type Claim =
  | {
      readonly kind: 'Ours';
      /** Others name it too: records wait until this moment, and for a live read after it. */
      readonly confirm: 'Confirmed' | { readonly fromMs: number };
      /** Somebody, this resource included, has a record for the identity. */
      readonly recorded: boolean;
    }
  | { readonly kind: 'Theirs'; readonly holder: Holder };

export interface Holder {
  readonly key: string;
  readonly namespace: string;
  readonly leaving: boolean;
}

/** What is known of the whole pool in this term. */
export type PoolSweep =
  | { readonly kind: 'Awaited' }
  | { readonly kind: 'Complete' }
  /** List is not allowed: every key describes for itself. */
  | { readonly kind: 'Denied' }
  | { readonly kind: 'PoolMissing'; readonly failure: CognitoFailure };

/** What a climb did outside, for events and metrics. */
export type Effect =
  | 'Created'
  | 'Updated'
  | 'DriftCorrected'
  | 'Adopted'
  | 'Deleted'
  | { readonly kind: 'Retained'; readonly because: string };

/** What ended a climb before its ladder was done. */
export type Stop =
  | { readonly kind: 'CallFailed'; readonly failure: CognitoFailure; readonly during: Operation }
  | { readonly kind: 'WriteFailed'; readonly failure: KubernetesFailure }
  | { readonly kind: 'NoPlace'; readonly mutation: boolean; readonly waitedMs: number };

export interface View {
  /** As last read or written. */
  readonly resource: ResourceServer;
  readonly records: Records;
  /** Valid: asked for after the end of the last mutation of the identity, whoever made it. */
  readonly observation: Observation | undefined;
  readonly claim: Claim;
  /** Another resource has a mutation of the identity under way: what is seen settles nothing. */
  readonly pendingElsewhere: boolean;
  readonly sweep: PoolSweep;
  /** Monotonic now, and until when the pending record may still land. */
  readonly nowMs: number;
  readonly lateUntilMs: number;
  /** The caller's account, where known. */
  readonly account: string | undefined;
  /** Whether one more Update with the desired hash is allowed: see `attempts.ts`. */
  readonly converges: boolean;
  /** Operations on the pool that failed for another key, which probes for all. */
  readonly closed: Readonly<Partial<Record<Operation, CognitoFailure>>>;
  readonly climb: Climb;
}

/** What this climb did so far. */
export interface Climb {
  /** The pending record is stored and its one call was not made yet. */
  readonly armed: boolean;
  /** A Describe was answered. */
  readonly looked: boolean;
  /** Our Delete was answered with success. */
  readonly deleted: boolean;
  readonly finalizerRemoved: boolean;
  readonly accountAsked: boolean;
  /** Cognito refused our Create; a Describe tells whether the server was there already. */
  readonly rejected: Rejected | undefined;
  readonly effects: readonly Effect[];
  readonly stop: Stop | undefined;
}

export const FIRST_STEP: Climb = {
  armed: false,
  looked: false,
  deleted: false,
  finalizerRemoved: false,
  accountAsked: false,
  rejected: undefined,
  effects: [],
  stop: undefined,
};

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
  | { readonly kind: 'FinalizerRemoved'; readonly retained: string | undefined }
  | { readonly kind: 'Stopped'; readonly stop: Stop };

export function learn(view: View, learned: Learned): View {
  switch (learned.kind) {
    case 'FinalizerAdded':
      return { ...view, resource: learned.resource };
    case 'PendingRecorded':
      return { ...withStored(view, learned.resource), climb: { ...view.climb, armed: true } };
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
    case 'FinalizerRemoved':
      return learnRelease(view, learned.retained);
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
  return { ...view, resource, records: { remote: resource.remote, pending: resource.pending } };
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
  const effect = effectOf(view, pending);
  return withEffect({ ...view, records: landed(view, pending), observation, climb }, effect);
}

function learnResolution(view: View, effect: Effect | undefined): View {
  return effect === undefined ? view : withEffect(view, effect);
}

/** What a mutation that landed is called when people are told. */
export function effectOf(view: View, pending: PendingRecord): Effect {
  const before = view.records.remote;
  if (before?.hash === pending.hash) return 'DriftCorrected';
  return pending.operation === 'Create' ? 'Created' : 'Updated';
}

/** What we own once `pending` has landed. */
export function landed(view: View, pending: PendingRecord): Records {
  const before = view.records.remote;
  if (pending.operation === 'Delete') return { remote: undefined, pending: undefined };
  const origin = pending.operation === 'Create' ? 'Created' : (before?.origin ?? 'Adopted');
  const identity = identityOf(view);
  if (identity === undefined) return { remote: before, pending: undefined };
  return { remote: remoteRecord(view, identity, origin, pending.hash), pending: undefined };
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

function learnRelease(view: View, retained: string | undefined): View {
  const gone: View = { ...view, climb: { ...view.climb, finalizerRemoved: true } };
  return retained === undefined ? gone : withEffect(gone, { kind: 'Retained', because: retained });
}

/**
 * A refused mutation clears its record; a refused Create is described before it counts, and a
 * server that was missing at our Update is looked for again.
 */
function learnStop(view: View, stop: Stop): View {
  if (stop.kind !== 'CallFailed' || !isMutation(stop.during)) return stopped(view, stop);
  const { failure } = stop;
  const cleared = recordFate(failure) === 'Cleared';
  const records = cleared ? { ...view.records, pending: undefined } : view.records;
  const ended: View = { ...view, records, observation: undefined, climb: disarmed(view.climb) };
  if (failure.kind === 'Rejected' && stop.during === 'Create') {
    return { ...ended, climb: { ...ended.climb, rejected: failure } };
  }
  return failure.kind === 'NotFound' && stop.during !== 'Create' ? ended : stopped(ended, stop);
}

function stopped(view: View, stop: Stop): View {
  return { ...view, climb: { ...view.climb, stop } };
}

function disarmed(climb: Climb): Climb {
  return { ...climb, armed: false };
}

export function isMutation(operation: Operation): operation is PendingOperation {
  return operation !== 'List' && operation !== 'Describe';
}

export function identityOf(view: View): Identity | undefined {
  return view.resource.identity;
}
