/**
 * The climb: the shipped `decide` says what to do, the shipped `learn` what that means. What lies
 * between is imitated from `reconciler.ts` and `reconcile/`, cut wherever the real one waits.
 */
import { isDeepStrictEqual } from 'node:util';
import { FINALIZER } from '../../src/api/names.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import type { PendingRecord, ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { Action } from '../../src/core/action.ts';
import { begin } from '../../src/core/attempts.ts';
import { type Learned, learn, remoteRecord } from '../../src/core/learn.ts';
import { type Outcome, requeueOf } from '../../src/core/outcome.ts';
import { rowOfPending } from '../../src/core/rows.ts';
import { nextStatus, sayingOf } from '../../src/core/status.ts';
import type { Heir, Records, View } from '../../src/core/view.ts';
import { excused, lieOf, misreadOf, type Violation } from './laws.ts';
import { carriedOn, firstClimb, ticked, viewOf, visible } from './look.ts';
import { dueIn, thinking, together, withClimb } from './mind.ts';
import type { Rules } from './rules.ts';
import {
  type Climbing,
  type Doing,
  IDENTITY,
  KEYS,
  type Key,
  type KubernetesWrite,
  type World,
  wishOf,
  withKey,
} from './world.ts';

/** One thing that may happen next. */
export interface Step {
  readonly who: string;
  readonly what: string;
  readonly world: World;
  readonly violation: Violation | undefined;
}

/** One climb in one world, and what is told of this step so far. */
export interface At {
  readonly world: World;
  readonly rules: Rules;
  readonly key: Key;
  readonly climbing: Climbing;
  readonly said: readonly string[];
  readonly violation: Violation | undefined;
}

/** As many decisions as a real climb may have. */
const STEPS_MAX = 24;
const NOW = '2026-01-01T00:00:00Z';

/** The key is taken from the queue. */
export function start(world: World, rules: Rules, key: Key): readonly Step[] {
  const { mind } = world;
  const resource = mind.cache[key];
  if (resource === undefined) return [];
  const due = mind.due.filter((each) => each !== key);
  const taken = thinking(world, { due, carried: withKey(mind.carried, key, undefined) });
  const climbing = firstClimb(mind, key, resource);
  return [advance({ world: taken, rules, key, climbing, said: [], violation: undefined })];
}

/** Decides, and goes on until the climb waits for somebody or ends. */
function advance(at: At): Step {
  if (at.said.length > STEPS_MAX) throw new Error(`a climb without end: ${at.said.join(', ')}`);
  const view = viewOf(at.world, at.climbing, at.rules);
  const decision = at.rules.decide(view);
  if (decision.kind === 'Settle') return settle(at, view, decision.outcome);
  return perform(at, view, decision.action);
}

/** The climb learns something and goes on. */
export function learned(at: At, answer: Learned, word: string): Step {
  const view = learn(viewOf(at.world, at.climbing, at.rules), answer);
  const { resource, records, observation, climb } = view;
  const climbing: Climbing = { resource, records, observation, climb, doing: undefined };
  return advance({ ...at, climbing, said: [...at.said, word] });
}

/* ------------------------------------------------------------------ performing */

// Long: one row for each action.
function perform(at: At, view: View, action: Action): Step {
  switch (action.kind) {
    case 'AddFinalizer':
      return waitFor(at, { kind: 'AddingFinalizer', write: finalizing(at, [FINALIZER]) });
    case 'RemoveFinalizer': {
      const { leaves } = action;
      return waitFor(at, { kind: 'RemovingFinalizer', write: finalizing(at, []), leaves });
    }
    case 'RecordHandOver': {
      const hash = view.records.remote?.hash ?? '';
      return record(at, view, { operation: 'HandOver', hash, to: action.heir.uid });
    }
    case 'HandOver':
      return handOver(at, view, action.heir);
    case 'RecordPending':
      return record(at, view, action);
    case 'Adopt': {
      const remote = remoteRecord(view, IDENTITY, 'Adopted', action.hash);
      const write = recording(at, view, { remote, pending: undefined });
      return waitFor(at, { kind: 'Preparing', write, as: 'AdoptionRecorded' });
    }
    case 'ReadRivals':
      return readRivals(at);
    case 'Describe': {
      const world = ticked(at.world);
      const { nowMs: askedAtMs } = world;
      return waitFor({ ...at, world }, { kind: 'Looking', found: visible(world), askedAtMs });
    }
    case 'ListPool': {
      const world = ticked(at.world);
      const { nowMs: askedAtMs } = world;
      return waitFor({ ...at, world }, { kind: 'Listing', page: at.rules.page(world), askedAtMs });
    }
    case 'AskAccount':
      return learned(at, { kind: 'AccountAsked', account: undefined }, 'ask the account');
    case 'Resolve':
      return resolve(at, action);
    case 'Create':
    case 'Update':
    case 'Delete':
      return call(at, view, action.kind);
  }
}

/** As `resolve` of `reconcile/resolve.ts`. */
function resolve(at: At, action: Extract<Action, { kind: 'Resolve' }>): Step {
  const answer: Learned = { ...action, kind: 'Resolved' };
  const misread = excused(misreadOf(at.world, at.climbing, action.records), at.world);
  const judged = { ...at, violation: at.violation ?? misread };
  if (action.effect === undefined) return learned(judged, answer, 'resolve the record');
  const world = ticked(at.world);
  const attempts = at.rules.proven(world.mind.attempts, world.nowMs);
  return learned({ ...judged, world: thinking(world, { attempts }) }, answer, 'resolve the record');
}

/** As `readRivals`: every resource that is known by now to name the identity. */
function readRivals(at: At): Step {
  const { mind, nowMs: askedAtMs } = at.world;
  const rivals = KEYS.flatMap((key) => {
    const uid = mind.cache[key]?.uid;
    return uid === undefined ? [] : [{ key, uid }];
  });
  return waitFor(at, { kind: 'ReadingRivals', rivals, askedAtMs });
}

type Planned = Pick<PendingRecord, 'operation' | 'hash' | 'to'>;

function record(at: At, view: View, planned: Planned): Step {
  const { operation, hash, to } = planned;
  const records = at.world.records + 1;
  const about = to === undefined ? { operation, hash } : { operation, hash, to };
  const pending = { ...about, startTime: String(records), instance: 'me' };
  const write = recording(at, view, { ...view.records, pending });
  const counted = { ...at, world: { ...at.world, records } };
  return waitFor(counted, { kind: 'Preparing', write, as: 'PendingRecorded' });
}

/** As `handOver` of `reconcile/hand-over.ts`. */
function handOver(at: At, view: View, { key, uid }: Heir): Step {
  const heir = at.world.mind.cache[key as Key];
  const { remote } = view.records;
  if (heir?.uid !== uid || remote === undefined) {
    const stop = { kind: 'WriteFailed', of: 'Heir', failure: { kind: 'Gone' } } as const;
    return learned(at, { kind: 'Stopped', stop }, 'the heir is gone');
  }
  const { pending: _, ...known } = heir.status;
  const from = { ...remote, from: view.resource.uid };
  const status: ResourceServerStatus = { ...known, recordUID: uid, remote: from };
  const write = writeOf(at, heir, { kind: 'Status', status });
  return waitFor(at, { kind: 'HandingOver', write });
}

/** As `mutate` of `reconcile/calls.ts`, up to the moment the request leaves. */
function call(at: At, view: View, operation: 'Create' | 'Update' | 'Delete'): Step {
  const { uid, desired } = view.resource;
  const startTime = view.records.pending?.startTime ?? '';
  const attempts = begin(at.world.mind.attempts, uid, startTime);
  const seenAtMs = at.climbing.observation?.requestedAtMs ?? 0;
  const sent = { operation, uid, wish: wishOf(desired), seenAtMs, overdue: false };
  const world = thinking(at.world, { attempts });
  return waitFor({ ...at, world }, { kind: 'Calling', call: sent });
}

/** The climb rests until what it is doing ends. */
export function waitFor(at: At, doing: Doing): Step {
  const world = withClimb(at.world, at.key, { ...at.climbing, doing });
  return step({ ...at, world }, `${wordsOf(doing)} ...`);
}

function step({ key, said, world, violation }: At, word: string): Step {
  return { who: key.slice(2), what: [...said, word].join(', '), world, violation };
}

function wordsOf(doing: Doing): string {
  switch (doing.kind) {
    case 'Looking':
      return 'describe';
    case 'Listing':
      return 'list the pool';
    case 'ReadingRivals':
      return 'read the rivals';
    case 'Calling':
      return doing.call.operation;
    case 'Preparing':
      return `prepare to ${recordOf(doing.write)}`;
    case 'Recording':
      return recordOf(doing.write);
    case 'AddingFinalizer':
      return 'add the finalizer';
    case 'RemovingFinalizer':
      return 'remove the finalizer';
    case 'HandingOver':
      return `hand over to ${doing.write.key.slice(2)}`;
    case 'Settling':
      return `settle ${nameOf(doing.outcome)}`;
  }
}

function recordOf({ change }: KubernetesWrite): string {
  const pending = change.kind === 'Status' ? change.status.pending : undefined;
  return pending === undefined ? 'adopt' : `record ${pending.operation}`;
}

function nameOf(outcome: Outcome): string {
  if (outcome.kind === 'Waiting') return `Waiting(${outcome.for})`;
  if (outcome.kind === 'Blocked') return `Blocked(${outcome.because})`;
  return 'reason' in outcome ? `${outcome.kind}(${outcome.reason})` : outcome.kind;
}

/* ----------------------------------------------------------------------- writes */

function writeOf(
  { climbing }: At,
  { key, uid, resourceVersion: version, desired }: ResourceServer,
  change: KubernetesWrite['change'],
): KubernetesWrite {
  const seenAtMs = climbing.observation?.requestedAtMs ?? 0;
  const wish = wishOf(desired);
  return { key: key as Key, uid, version, change, wish, seenAtMs, overdue: false };
}

function finalizing(at: At, finalizers: readonly string[]): KubernetesWrite {
  return writeOf(at, at.climbing.resource, { kind: 'Finalizers', finalizers });
}

/** As `writeRecord`: a record goes out with the conditions that belong to it. */
function recording(at: At, view: View, records: Records): KubernetesWrite {
  const row = rowOfPending(view.resource.leaving);
  const status = nextStatus(view, { row, message: 'at work', drift: [], records }, NOW);
  return writeOf(at, view.resource, { kind: 'Status', status });
}

/* --------------------------------------------------------------------- settling */

/** As `settle` and `report` of `reconcile/settle.ts`. */
function settle(at: At, view: View, outcome: Outcome): Step {
  if (outcome.kind === 'Released') return over(at, outcome);
  const status = nextStatus(view, sayingOf(view, outcome), NOW);
  if (isDeepStrictEqual(status, view.resource.status)) return over(at, outcome);
  return report(at, outcome, { resource: view.resource, status, tries: undefined });
}

interface Report {
  readonly resource: ResourceServer;
  readonly status: ResourceServerStatus;
  readonly tries: number | undefined;
}

function report(at: At, outcome: Outcome, { resource, status, tries }: Report): Step {
  const write = writeOf(at, resource, { kind: 'Status', status });
  const lie = excused(lieOf(at.world, write, resource), at.world);
  return waitFor(
    { ...at, violation: at.violation ?? lie },
    { kind: 'Settling', write, outcome, tries },
  );
}

/** As `settleAfterConflict`: the records go onto what is there now. */
export function settleAnew(at: At, outcome: Outcome, tries: number): Step {
  const live = at.world.objects[at.key];
  if (live === undefined) return over(at, { kind: 'Released' });
  if (!at.rules.isOurs(live, at.climbing.resource)) return over(at, { kind: 'Conflict' });
  const view = viewOf(at.world, at.climbing, at.rules);
  const { generation, identity, desired, syncRequest } = view.resource;
  const resource = { ...live, generation, identity, desired, syncRequest };
  const saying = sayingOf(view, outcome);
  const row = live.leaving ? rowOfPending(true) : saying.row;
  const status = nextStatus({ ...view, resource }, { ...saying, row }, NOW);
  return report({ ...at, said: [...at.said, 'read it'] }, outcome, { resource, status, tries });
}

/** The climb has ended: the key runs again when its outcome says so. */
export function over(at: At, outcome: Outcome): Step {
  const { key } = at;
  const isLane = outcome.kind === 'Waiting' && outcome.for === 'Lane';
  const isPlaceless = isLane && at.climbing.climb.stop?.kind === 'NoPlace';
  const carried = isPlaceless ? carriedOn(at.world, key, at.climbing) : at.world;
  const world = queued(withClimb(carried, key, undefined), key, outcome);
  return step({ ...at, world }, `end: ${nameOf(outcome)}`);
}

/** As `runKey` of `work.ts`; a moment that is to come is taken for one that may be now. */
function queued(before: World, key: Key, outcome: Outcome): World {
  const { cache, deserving, awaiting, pool } = before.mind;
  const due = dueIn(before.mind, deserving[key] ?? []);
  const world = thinking(before, { due, deserving: withKey(deserving, key, undefined) });
  if (cache[key] === undefined) return world;
  if (outcome.kind === 'Waiting' && outcome.for === 'Sweep') {
    if (pool.kind !== 'Awaited') return thinking(world, { due: together(due, [key]) });
    return thinking(world, { awaiting: together(awaiting, [key]) });
  }
  const { kind } = requeueOf(outcome, true);
  if (kind === 'Await' || kind === 'Forget') return world;
  return thinking(world, { due: together(due, [key]) });
}
