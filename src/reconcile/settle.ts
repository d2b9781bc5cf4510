/**
 * How a climb ends outside: status where it differs, events, who waits for what, and when the key
 * runs again. All of it is read off the outcome by tables in `core/`.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ResourceServer } from '../api/parse.ts';
import type { ResourceServerStatus } from '../api/resource-server.ts';
import type { CognitoFailure, KubernetesFailure } from '../core/failure.ts';
import { notesOf } from '../core/notices.ts';
import { type Outcome, requeueOf } from '../core/outcome.ts';
import { freed, leave, park, parkForQuota, probes } from '../core/parking.ts';
import { nextStatus, type Saying, sayingOf } from '../core/status.ts';
import type { Operation, View } from '../core/view.ts';
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
  announce(around, view, written?.status ?? view.resource.status);
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
  if (isDeepStrictEqual(status, view.resource.status)) return { status, failure: undefined };
  const written = await patchStatus(around, run, view.resource, { status });
  if (written.kind === 'Answered') return { status, failure: undefined };
  const matters = view.climb.effects.length > 0 && written.failure.kind === 'Conflict';
  if (matters) return settleAfterConflict(around, run, { view, saying, now, tries: SETTLE_TRIES });
  return { status: view.resource.status, failure: written.failure };
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
  if (live.kind === 'Failed') return { status: view.resource.status, failure: live.failure };
  if (!isOurs(live.value, view)) return { status: live.value.status, failure: CONFLICT };
  const { generation, identity, desired } = view.resource;
  const resource: ResourceServer = { ...live.value, generation, identity, desired };
  const status = nextStatus({ ...view, resource }, saying, now);
  const written = await patchStatus(around, run, live.value, { status });
  if (written.kind === 'Answered') return { status, failure: CONFLICT };
  if (written.failure.kind !== 'Conflict' || tries <= 1) {
    return { status: live.value.status, failure: written.failure };
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
function announce({ ports, memory }: Surroundings, view: View, status: ResourceServerStatus): void {
  const { key, uid, resourceVersion } = view.resource;
  const isStale = (note: string) => view.climb.finalizerRemoved || !memory.isNews(uid, note);
  for (const note of notesOf(view, status)) {
    if (note.reason === 'InvalidAnnotation' && isStale(note.note)) continue;
    ports.events.publish({ key, uid, resourceVersion, ...note });
  }
}

/* ------------------------------------------------- who waits for what, in the pool */

/** @returns whether this key asks for all that wait for the same operation */
function lineUp(around: Surroundings, run: Run, view: View, outcome: Outcome): boolean {
  const { memory } = around;
  const pool = view.resource.identity?.userPoolId;
  if (pool === undefined) return true;
  const closing = closingOf(view, outcome);
  const left = leave(memory.parkingOf(pool), closing ? '' : run.key);
  rouse(run, left.wake);
  if (closing !== undefined) {
    const parking = park(left.parking, closing.operation, run.key, closing.failure);
    memory.setParking(pool, parking);
    return probes(parking, closing.operation, run.key);
  }
  const quota = outcome.kind === 'QuotaReached';
  const held = memory.sweeps.heldBy(pool);
  memory.setParking(pool, quota ? parkForQuota(left.parking, run.key, held) : left.parking);
  rouse(run, slotsFor(around, view, pool));
  return true;
}

function rouse(run: Run, keys: readonly string[]): void {
  run.deserving.push(...keys.map((key) => ({ key, urgency: 'Touch' as const })));
}

/** A pool found missing by its sweep is probed by the sweep. */
function closingOf(view: View, outcome: Outcome): Closing | undefined {
  const { stop } = view.climb;
  if (outcome.kind !== 'Denied' && outcome.kind !== 'PoolMissing') return undefined;
  const { operation } = outcome;
  const known = view.closed[operation];
  if (known !== undefined) return { operation, failure: known };
  return stop?.kind === 'CallFailed' ? { operation, failure: stop.failure } : undefined;
}

interface Closing {
  readonly operation: Operation;
  readonly failure: CognitoFailure;
}

/** A slot that our deletion freed is a waiting rival's first; a parked Create lets the next try. */
function slotsFor({ memory }: Surroundings, view: View, pool: string): readonly string[] {
  const { identity, uid } = view.resource;
  const made = view.climb.effects.includes('Created');
  const deleted = view.climb.effects.includes('Deleted');
  if (identity === undefined || !(made || deleted)) return [];
  const rival = memory.claims.claimants(identity).some((each) => each.uid !== uid && each.eligible);
  return deleted && rival ? [] : freed(memory.parkingOf(pool), 1);
}

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

/** Half a proof of absence is not thrown away for want of a place: in a busy pool none would end. */
function carryProof({ memory }: Surroundings, { resource, observation }: View): void {
  const isHalf = observation?.kind === 'Absent' && observation.how === 'Described';
  if (resource.leaving && isHalf) memory.carry(resource.uid, observation);
}

/* ---------------------------------------------------------- log and metrics */

function tell({ ports }: Surroundings, run: Run, view: View, outcome: Outcome): void {
  const { generation, identity } = view.resource;
  const fields = { key: run.key, generation, ...identity, outcome, effects: view.climb.effects };
  const { log } = ports;
  const result = resultOf(outcome);
  if (result === 'error' || result === 'terminal') log.warn('reconcile failed', fields);
  else if (view.climb.effects.length > 0) log.info('reconciled', fields);
  else log.debug('reconciled', fields);
  for (const effect of view.climb.effects) {
    if (effect === 'DriftCorrected')
      ports.metrics.count('cognito_operator_drift_repairs_total', {});
  }
}

function resultOf(outcome: Outcome): Ending['result'] {
  switch (outcome.kind) {
    case 'Synced':
    case 'Paused':
    case 'Released':
    case 'Abandoned':
      return 'success';
    case 'Waiting':
    case 'Conflict':
      return 'requeue';
    case 'Refused':
    case 'Rejected':
    case 'QuotaReached':
      return 'terminal';
    case 'KubernetesFailed':
    case 'NotSent':
    case 'Unavailable':
    case 'Unanswered':
    case 'Denied':
    case 'AccountMismatch':
    case 'PoolMissing':
    case 'Blocked':
      return 'error';
  }
}
