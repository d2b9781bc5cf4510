/**
 * How a climb ends outside: status where it differs, events, who waits for what, and when the key
 * runs again. All of it is read off the outcome by tables in `core/`.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ResourceServer } from '../api/parse.ts';
import type { ResourceServerStatus } from '../api/resource-server.ts';
import type { KubernetesFailure } from '../core/failure.ts';
import { notesOf } from '../core/notices.ts';
import { type Outcome, requeueOf } from '../core/outcome.ts';
import { rowOfPending } from '../core/rows.ts';
import { nextStatus, type Saying, sayingOf } from '../core/status.ts';
import type { View } from '../core/view.ts';
import { lineUp } from './line-up.ts';
import type { Ending, Run, Surroundings } from './surroundings.ts';
import { patchStatus, readLive, secondsOf } from './writes.ts';

/** A conflict after an effect is settled against what is there, this often and no more. */
const SETTLE_TRIES = 3;

/** The object is gone: nothing of the key is kept. */
export function settleAbsent(around: Surroundings, run: Run): Ending {
  around.gate.forget(run.key);
  return { requeue: { kind: 'Forget' }, deserving: run.deserving, result: 'success' };
}

export async function settle(
  around: Surroundings,
  run: Run,
  view: View,
  outcome: Outcome,
): Promise<Ending> {
  const written =
    outcome.kind === 'Released' ? undefined : await report(around, run, view, outcome);
  if (written?.landed ?? true) announce(around, run, view, written?.status);
  const ended = written?.failure === undefined ? outcome : failedReport(written.failure);
  const probing = lineUp(around, run, view, ended);
  waitOrForget(around, run, view, ended);
  tell(around, run, view, ended);
  const awaits = ended.kind === 'Waiting' && ended.for === 'Sweep';
  const pool = view.resource.identity?.userPoolId;
  return {
    requeue: requeueOf(ended, probing),
    deserving: run.deserving,
    ...(awaits && pool !== undefined ? { awaitsSweepOf: pool } : {}),
    result: resultOf(ended),
  };
}

/* ---------------------------------------------------------------- status */

interface Reported {
  readonly status: ResourceServerStatus;
  readonly failure: KubernetesFailure | undefined;
  /** What this climb did is stored, and may be told: what is not stored is found out again. */
  readonly landed: boolean;
}

/** Equal in means that nothing is written. */
async function report(
  around: Surroundings,
  run: Run,
  view: View,
  outcome: Outcome,
): Promise<Reported> {
  const saying = sayingOf(view, outcome);
  const now = secondsOf(around.ports.clock.timestamp());
  const status = nextStatus(view, saying, now);
  if (isDeepStrictEqual(status, view.resource.status))
    return { status, failure: undefined, landed: true };
  const written = await patchStatus(around, run, view.resource, { status });
  if (written.kind === 'Answered') return { status, failure: undefined, landed: true };
  const matters = view.climb.effects.length > 0 && written.failure.kind === 'Conflict';
  if (matters) return settleAfterConflict(around, run, { view, saying, now, tries: SETTLE_TRIES });
  return { status: view.resource.status, failure: written.failure, landed: false };
}

interface Unsettled {
  readonly view: View;
  readonly saying: Saying;
  readonly now: string;
  readonly tries: number;
}

/**
 * We changed Cognito and somebody changed the object: the records go onto what is there now, for
 * the generation that was acted on. Another's record, another object: nothing is written.
 */
async function settleAfterConflict(
  around: Surroundings,
  run: Run,
  unsettled: Unsettled,
): Promise<Reported> {
  const { view, saying, now, tries } = unsettled;
  const live = await readLive(around, run, view.resource.key);
  if (live.kind === 'Failed') {
    return { status: view.resource.status, failure: live.failure, landed: false };
  }
  if (!isOurs(live.value, view)) {
    return { status: live.value.status, failure: CONFLICT, landed: false };
  }
  const { generation, identity, desired, syncRequest } = view.resource;
  const resource = { ...live.value, generation, identity, desired, syncRequest };
  const row = live.value.leaving ? rowOfPending(true) : saying.row;
  const status = nextStatus({ ...view, resource }, { ...saying, row }, now);
  const written = await patchStatus(around, run, live.value, { status });
  if (written.kind === 'Answered') return { status, failure: CONFLICT, landed: true };
  if (written.failure.kind !== 'Conflict' || tries <= 1) {
    return { status: live.value.status, failure: written.failure, landed: false };
  }
  return settleAfterConflict(around, run, { ...unsettled, tries: tries - 1 });
}

/** A settled conflict is still one: what the user changed meanwhile deserves a climb at once. */
const CONFLICT: KubernetesFailure = { kind: 'Conflict' };

function isOurs(live: ResourceServer, { resource }: View): boolean {
  if (live.uid !== resource.uid) return false;
  return live.pending === undefined || isDeepStrictEqual(live.pending, resource.pending);
}

function failedReport(failure: KubernetesFailure): Outcome {
  switch (failure.kind) {
    case 'Conflict':
      return { kind: 'Conflict' };
    case 'Gone':
      return { kind: 'Released' };
    case 'NotSent':
    case 'KubernetesFailed':
      return { kind: 'KubernetesFailed', message: failure.message };
  }
}

/* ---------------------------------------------------------------- events */

/** An annotation that is wrong stays wrong: it is told once, and not of what is gone. */
function announce(
  { ports, memory }: Surroundings,
  { id: reconcileID }: Run,
  view: View,
  status = view.resource.status,
): void {
  const { key, uid, resourceVersion } = view.resource;
  const isStale = (note: string) => view.climb.finalizerRemoved || !memory.isNews(uid, note);
  for (const note of notesOf(view, status)) {
    if (note.reason === 'InvalidAnnotation' && isStale(note.note)) continue;
    if (note.reason === 'DriftCorrected') ports.metrics.count(REPAIRS, {});
    ports.events.publish({ key, uid, resourceVersion, reconcileID, ...note });
  }
}

const REPAIRS = 'cognito_operator_drift_repairs_total';

/* ------------------------------------------------------------------ the gate */

/** A throttled call keeps its turn; a key that ended otherwise waits for no place any more. */
function waitOrForget(around: Surroundings, run: Run, view: View, ended: Outcome): void {
  const { gate, lanes } = around;
  const pool = view.resource.identity?.userPoolId;
  const waits = ended.kind === 'Waiting' && ended.for === 'Lane';
  if (!waits || pool === undefined) return gate.forget(run.key);
  const { stop } = view.climb;
  if (stop?.kind !== 'CallFailed') return carryProof(around, view);
  const reads = stop.during === 'Describe' || stop.during === 'List';
  const lane = reads ? lanes.read(pool) : lanes.write(pool);
  gate.stepAside({ key: run.key, lanes: [lane], priority: run.priority });
}

/** Half a proof of absence is kept for want of a place: in a busy pool none would ever end. */
function carryProof({ memory }: Surroundings, view: View): void {
  const { resource, observation, records } = view;
  const isWanted = resource.leaving || records.pending !== undefined;
  const isHalf = observation?.kind === 'Absent' && observation.how === 'Described';
  if (isWanted && isHalf) memory.carry(resource.uid, observation);
}

/* ------------------------------------------------------------ log and result */

function tell({ ports }: Surroundings, run: Run, view: View, outcome: Outcome): void {
  const { generation, identity } = view.resource;
  const { key, id: reconcileID } = run;
  const { effects } = view.climb;
  const fields = { key, reconcileID, generation, ...identity, outcome, effects };
  const { log } = ports;
  const result = resultOf(outcome);
  if (result === 'error' || result === 'terminal') log.warn('reconcile failed', fields);
  else if (effects.length > 0) log.info('reconciled', fields);
  else log.debug('reconciled', fields);
}

function resultOf(outcome: Outcome): Ending['result'] {
  switch (outcome.kind) {
    case 'Synced':
    case 'Paused':
    case 'Released':
    case 'Abandoned':
    case 'Waiting':
    case 'Conflict':
      return 'success';
    case 'Refused':
    case 'Rejected':
    case 'QuotaReached':
      return 'terminal';
    case 'KubernetesFailed':
    case 'NotSent':
    case 'Unavailable':
    case 'Unanswered':
    case 'Forbidden':
    case 'Denied':
    case 'AccountMismatch':
    case 'PoolMissing':
    case 'Blocked':
      return 'error';
  }
}
