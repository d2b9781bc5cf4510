/**
 * A climb driven by `decide` and `learn` alone, against a world that answers whatever it likes.
 * What a reconciler refreshes between two steps is refreshed here: time, what may still land,
 * which observations count, whose the identity is.
 */
import { FINALIZER } from '../../src/api/names.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import type { Action } from '../../src/core/action.ts';
import {
  type Attempts,
  begin,
  converges,
  end,
  isValid,
  lateUntilMs,
  NO_ATTEMPTS,
  updated,
} from '../../src/core/attempts.ts';
import { decide } from '../../src/core/decide.ts';
import { type CognitoFailure, type KubernetesFailure, recordFate } from '../../src/core/failure.ts';
import { type Learned, learn, remoteRecord } from '../../src/core/learn.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import {
  type Content,
  isMutation,
  type Operation,
  type Records,
  type View,
} from '../../src/core/view.ts';
import { type ACCOUNT, LATE_MS, NOW_MS, type OTHER_ACCOUNT } from '../support/builders.ts';

/** What the world says to one action; only what fits the action is used. */
export interface Reply {
  readonly how: 'Well' | 'Absent' | 'CallFails' | 'WriteFails' | 'NoPlace';
  readonly content: Content;
  readonly call: CognitoFailure;
  readonly write: KubernetesFailure;
  readonly account: typeof ACCOUNT | typeof OTHER_ACCOUNT | undefined;
  /** The echo of a mutation is something else than what was sent. */
  readonly garbles: boolean;
  /** A List that answers shows the server. */
  readonly listed: boolean;
}

export interface Step {
  readonly view: View;
  readonly action: Action;
  readonly learned: Learned;
}

export interface Climbed {
  readonly steps: readonly Step[];
  /** `undefined`: it did not settle within the steps it had. */
  readonly outcome: Outcome | undefined;
  /** What is known at its end. */
  readonly view: View;
}

const STEP_MS = 10;
const TERM = { termStartedAtMs: NOW_MS - 10 * LATE_MS, lateMs: LATE_MS };

export function climb(first: View, replies: readonly Reply[]): Climbed {
  const steps: Step[] = [];
  let view = first;
  let attempts: Attempts = NO_ATTEMPTS;
  for (const reply of replies) {
    const decision = decide(view);
    if (decision.kind === 'Settle') return { steps, outcome: decision.outcome, view };
    const { action } = decision;
    const learned = answer(view, action, reply);
    steps.push({ view, action, learned });
    attempts = remember(attempts, view, action, learned);
    view = refreshed(learn(view, learned), attempts);
    if (learned.kind === 'HandedOver') view = inherited(view);
  }
  return { steps, outcome: undefined, view };
}

function answer(view: View, action: Action, reply: Reply): Learned {
  switch (action.kind) {
    case 'AddFinalizer':
    case 'RecordPending':
    case 'RecordHandOver':
    case 'HandOver':
    case 'Adopt':
    case 'RemoveFinalizer':
    case 'ReadRivals':
      return written(view, action, reply);
    case 'Resolve':
      return { ...action, kind: 'Resolved' };
    case 'AskAccount':
      return { kind: 'AccountAsked', account: reply.account };
    case 'Describe':
    case 'ListPool':
      return looked(view, action, reply);
    case 'Create':
    case 'Update':
    case 'Delete':
      return mutated(view, action, reply);
  }
}

type Written = Extract<Action, { kind: keyof typeof OF }>;

const OF = {
  AddFinalizer: 'Finalizer',
  RemoveFinalizer: 'Finalizer',
  RecordPending: 'Record',
  RecordHandOver: 'Record',
  HandOver: 'Heir',
  Adopt: 'Record',
  ReadRivals: 'Rival',
} as const;

function written(view: View, action: Written, { how, write }: Reply): Learned {
  if (how === 'WriteFails')
    return { kind: 'Stopped', stop: { kind: 'WriteFailed', of: OF[action.kind], failure: write } };
  const { resource, records } = view;
  switch (action.kind) {
    case 'AddFinalizer': {
      const finalizers = [...resource.finalizers, FINALIZER];
      return { kind: 'FinalizerAdded', resource: { ...resource, finalizers } };
    }
    case 'RecordPending': {
      if (how === 'NoPlace') return { kind: 'Stopped', stop: { kind: 'NoPlace', mutation: true } };
      const startTime = `moment ${view.nowMs}`;
      const pending = { ...action, startTime, instance: 'instance-1' };
      return { kind: 'PendingRecorded', resource: stored(resource, { ...records, pending }) };
    }
    case 'RecordHandOver': {
      const hash = records.remote?.hash ?? '';
      const moment = { startTime: `moment ${view.nowMs}`, instance: 'instance-1' };
      const pending = { operation: 'HandOver', hash, to: action.heir.uid, ...moment } as const;
      return { kind: 'PendingRecorded', resource: stored(resource, { ...records, pending }) };
    }
    case 'HandOver':
      return { kind: 'HandedOver' };
    case 'Adopt': {
      const { identity } = resource;
      const remote = identity && remoteRecord(view, identity, 'Adopted', action.hash);
      const kept = stored(resource, { remote, pending: undefined });
      return { kind: 'AdoptionRecorded', resource: kept };
    }
    case 'RemoveFinalizer':
      return { kind: 'FinalizerRemoved', leaves: action.leaves };
    case 'ReadRivals':
      return { kind: 'RivalsRead' };
  }
}

function stored(resource: ResourceServer, records: Records): ResourceServer {
  return { ...resource, ...records };
}

function failed(failure: CognitoFailure, during: Operation): Learned {
  return { kind: 'Stopped', stop: { kind: 'CallFailed', failure, during } };
}

type Look = Extract<Action, { kind: 'Describe' | 'ListPool' }>;

function looked({ nowMs }: View, action: Look, reply: Reply): Learned {
  const { how, call, content, listed } = reply;
  if (how === 'NoPlace') return { kind: 'Stopped', stop: { kind: 'NoPlace', mutation: false } };
  const failure = how === 'CallFails' && call.kind !== 'NotFound' ? call : undefined;
  const requestedAtMs = nowMs;
  if (action.kind === 'ListPool') {
    if (failure !== undefined) return failed(failure, 'List');
    if (how === 'Well' && listed) return { kind: 'Described', content, requestedAtMs };
    return { kind: how === 'Absent' ? 'PoolNotFound' : 'PoolAnswered' };
  }
  if (failure !== undefined) return failed(failure, 'Describe');
  if (how === 'Absent') return { kind: 'NotThere', requestedAtMs };
  return { kind: 'Described', content, requestedAtMs };
}

type Mutation = Extract<Action, { kind: 'Create' | 'Update' | 'Delete' }>;

function mutated({ nowMs }: View, action: Mutation, reply: Reply): Learned {
  if (reply.how === 'CallFails') return failed(reply.call, action.kind);
  const sent = action.kind === 'Delete' ? undefined : action.desired;
  const echo = sent && reply.garbles ? reply.content : sent;
  return { kind: 'Mutated', echo, atMs: nowMs + STEP_MS };
}

function remember(attempts: Attempts, view: View, action: Action, learned: Learned): Attempts {
  const { pending } = view.records;
  if (pending === undefined || !isSent(action.kind)) return attempts;
  const begun = begin(attempts, view.resource.uid, pending.startTime);
  const counted = action.kind === 'Update' ? updated(begun, 'wish', view.nowMs) : begun;
  const failure =
    learned.kind === 'Stopped' && learned.stop.kind === 'CallFailed'
      ? learned.stop.failure
      : undefined;
  return end(counted, failure ? recordFate(failure) : 'Answered', view.nowMs + STEP_MS);
}

function isSent(kind: Action['kind']): boolean {
  return (kind === 'Create' || kind === 'Update' || kind === 'Delete') && isMutation(kind);
}

function refreshed(view: View, attempts: Attempts): View {
  const nowMs = view.nowMs + STEP_MS;
  const { observation, records, resource } = view;
  const late = { ...TERM, uid: resource.uid };
  const isRemembered = attempts.last?.startTime === records.pending?.startTime;
  return {
    ...view,
    nowMs,
    observation: observation && isValid(observation, attempts) ? observation : undefined,
    lateUntilMs: isRemembered ? lateUntilMs(attempts, records.pending, late) : view.lateUntilMs,
    converges: converges(attempts, 'wish', nowMs),
    claim: claimed(view, nowMs),
  };
}

/** The store knows what its own write did. */
function inherited(view: View): View {
  const { heir } = view.succession;
  return { ...view, succession: { ...view.succession, receiver: heir?.key } };
}

/** A record of ours counts as one, and a live read of the rivals confirms whose it is. */
function claimed({ claim, resource }: View, nowMs: number): View['claim'] {
  if (claim.kind === 'Theirs') return claim;
  const recorded = claim.recorded || (resource.remote ?? resource.pending) !== undefined;
  const { confirm } = claim;
  const isRead = confirm === 'Confirmed' || confirm.fromMs <= nowMs - STEP_MS;
  return { ...claim, recorded, confirm: isRead ? 'Confirmed' : confirm };
}
