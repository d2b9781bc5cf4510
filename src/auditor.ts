/**
 * The watch on Cognito: sweeps each pool with List, compares with what the resources say, and
 * names the keys that are not settled. In steady state that is all there is.
 *
 * A sweep is a key of the work queue like any other (`sweep/<pool>`); one that finds no place in
 * the gate steps aside with the pages it has. Only complete sweeps count.
 */
import { RETRY, type Requeue, SLOW } from './core/backoff.ts';
import type { CognitoFailure } from './core/failure.ts';
import { freedBySweep, opened } from './core/parking.ts';
import { isSettled } from './core/settled.ts';
import type { Deserving } from './core/trigger.ts';
import type { PoolSweep } from './core/view.ts';
import { sweepKey, sweptPool } from './keys.ts';
import { type Listed, listedAs } from './memory/sweeps.ts';
import { prepare } from './reconcile/calls.ts';
import { slotsKept } from './reconcile/line-up.ts';
import { callThrough, giveBackPlaces } from './reconcile/places.ts';
import { beginRun } from './reconcile/run.ts';
import type { Ending, Run, Surroundings } from './reconcile/surroundings.ts';

/** Hostile pools end somewhere: 50 servers a page, and a quota of 300 a pool. */
const PAGES_MAX = 400;

/** What a sweep has so far; kept while it waits for its next place. */
interface Progress {
  readonly requestedAtMs: number;
  readonly listed: Map<string, Listed>;
  pages: number;
  nextToken: string | undefined;
}

export interface Auditor {
  /** Runs the sweep of a pool, or as much of it as there are places for. */
  sweep(userPoolId: string, priority: number, signal: AbortSignal): Promise<Ending>;
  /**
   * The key waits for the pool's sweep; its end wakes it.
   *
   * @returns whether the sweep is to be asked for: by its first waiter, and by a more urgent one
   */
  await(userPoolId: string, key: string, priority: number): boolean;
}

export function createAuditor(around: Surroundings): Auditor {
  const auditing: Auditing = {
    ...around,
    progress: new Map(),
    waiting: new Map(),
    offeredAtMs: new Map(),
    troubles: new Map(),
  };
  return {
    sweep: async (userPoolId, priority, signal) => {
      const run = beginRun(around, sweepKey(userPoolId), priority, signal);
      try {
        return await sweep(auditing, run, userPoolId);
      } finally {
        giveBackPlaces(run);
      }
    },
    await: (userPoolId, key, priority) => {
      const keys = auditing.waiting.get(userPoolId) ?? new Map<string, number>();
      const isUrgent = [...keys.values()].every((each) => each < priority);
      auditing.waiting.set(userPoolId, keys.set(key, priority));
      return isUrgent;
    },
  };
}

interface Auditing extends Surroundings {
  readonly progress: Map<string, Progress>;
  /** Pool -> key -> its priority. */
  readonly waiting: Map<string, Map<string, number>>;
  /** When the keys of a pool that cannot be listed were last told to look for themselves. */
  readonly offeredAtMs: Map<string, number>;
  /** Sweeps in a row that failed for no lasting reason. */
  readonly troubles: Map<string, number>;
}

async function sweep(around: Auditing, run: Run, pool: string): Promise<Ending> {
  const { memory, progress, ports } = around;
  if ([...memory.keysOf(pool)].length === 0) return forgetPool(around, run, pool);
  const begun = progress.get(pool) ?? beginning(ports.clock.monotonicMs());
  progress.set(pool, begun);
  while (begun.pages < PAGES_MAX) {
    const failure = await nextPage(around, run, pool, begun);
    if (failure === 'NoPlace') return ending(run, stepAside(around, run));
    if (failure !== undefined) return whenFailed(around, run, pool, failure);
    if (begun.nextToken === undefined) return whenComplete(around, run, pool, begun);
  }
  return whenFailed(around, run, pool, endless(pool));
}

function beginning(requestedAtMs: number): Progress {
  return { requestedAtMs, listed: new Map(), pages: 0, nextToken: undefined };
}

async function nextPage(
  around: Auditing,
  run: Run,
  pool: string,
  begun: Progress,
): Promise<CognitoFailure | 'NoPlace' | undefined> {
  const lane = around.lanes.read(pool);
  const unready = await prepare(around, run, 'List', [lane]);
  if (unready?.kind === 'Stopped') {
    return unready.stop.kind === 'CallFailed' ? unready.stop.failure : 'NoPlace';
  }
  const requestedAtMs = around.ports.clock.monotonicMs();
  const page = await callThrough(around, run, lane, (call) =>
    around.ports.userPools.list(pool, begun.nextToken, call),
  );
  if (page.kind === 'Failed') return page.failure;
  for (const { identifier, content } of page.value.servers) {
    const listed = listedAs(content, requestedAtMs);
    const named = around.memory.claims.claimants({ userPoolId: pool, identifier }).length > 0;
    begun.listed.set(identifier, named ? { ...listed, content } : listed);
  }
  begun.pages += 1;
  begun.nextToken = page.value.nextToken;
  return undefined;
}

/* ------------------------------------------------------------------- how it ends */

/** Every key of the pool that is not as the sweep found it deserves a run, and whoever waited. */
function whenComplete(around: Auditing, run: Run, pool: string, begun: Progress): Ending {
  const { memory, ports } = around;
  const { listed, requestedAtMs } = begun;
  memory.sweeps.complete(pool, requestedAtMs, listed);
  around.progress.delete(pool);
  around.troubles.delete(pool);
  const { parking, wake } = opened(memory.parkingOf(pool), 'List', run.key);
  // Not what the pages held: since they were asked for, we may have filled what they show free.
  const held = memory.sweeps.heldBy(pool) ?? listed.size;
  const kept = slotsKept(around, pool, (identifier) => listed.has(identifier));
  const freed = freedBySweep(parking, held + kept);
  memory.setParking(pool, parking);
  const keys = new Set([...wake, ...freed, ...unsettledKeys(around, pool, listed)]);
  for (const key of keys) run.deserving.push({ key, urgency: 'Touch' });
  run.deserving.push(...wakeWaiting(around, pool));
  ports.metrics.count('cognito_operator_sweeps_total', { result: 'Complete' });
  return ending(run, { kind: 'Await' });
}

function unsettledKeys(
  { memory, shelf, ports }: Auditing,
  pool: string,
  listed: ReadonlyMap<string, Listed>,
): readonly string[] {
  const account = ports.account.known();
  return [...memory.keysOf(pool)].filter((key) => {
    const resource = shelf.get(key);
    if (resource?.identity === undefined) return false;
    const { last } = memory.attemptsOf(resource.identity);
    const isInFlight = last !== undefined && last.endedAtMs === undefined;
    const seen = listed.get(resource.identity.identifier)?.content;
    // Whoever has a record is at work on it, and looks for itself.
    const isAtWork = isInFlight || resource.pending !== undefined;
    return !isAtWork && !isSettled(resource, seen, account);
  });
}

/** Whoever waited goes on with the priority it came with. */
function wakeWaiting({ waiting }: Auditing, pool: string): readonly Deserving[] {
  const keys = [...(waiting.get(pool) ?? [])];
  waiting.delete(pool);
  return keys.map(([key, priority]) => ({ key, urgency: 'Touch', priority }));
}

/** A token of a listing that failed is worth nothing: the next try begins with the first page. */
function whenFailed(around: Auditing, run: Run, pool: string, failure: CognitoFailure): Ending {
  const { memory, progress, ports } = around;
  progress.delete(pool);
  ports.metrics.count('cognito_operator_sweeps_total', { result: 'Failed' });
  const state = stateAfter(around, pool, failure);
  if (state === undefined) return ending(run, requeueAfter(around, run, failure));
  const isNews = memory.sweeps.stateOf(pool).kind !== state.kind;
  if (isNews) ports.log.warn('user pool cannot be listed', { pool, reconcileID: run.id, failure });
  if (isNews || isLookDue(around, pool, state)) {
    memory.sweeps.failed(pool, state);
    around.offeredAtMs.set(pool, ports.clock.monotonicMs());
    const spreadMs = isNews ? 0 : around.settings.resyncMs;
    for (const key of memory.keysOf(pool)) run.deserving.push({ key, urgency: 'Touch', spreadMs });
  }
  run.deserving.push(...wakeWaiting(around, pool));
  return ending(run, { kind: 'Again', policy: state === LOOK_YOURSELVES ? RETRY : SLOW });
}

/** Without List every key describes for itself, once in each resync. */
function isLookDue({ ports, settings, offeredAtMs }: Auditing, pool: string, state: PoolSweep) {
  const sinceMs = ports.clock.monotonicMs() - (offeredAtMs.get(pool) ?? Number.NEGATIVE_INFINITY);
  return state.kind === 'Denied' && sinceMs >= settings.resyncMs;
}

/** A moment's trouble is waited out; whoever waits through so many of them looks for itself. */
const TROUBLES_MAX = 3;
const LOOK_YOURSELVES: PoolSweep = { kind: 'Denied' };

/** What a failed List says of the pool itself; anything else only of the moment, for a while. */
function stateAfter(
  { troubles, ports }: Auditing,
  pool: string,
  failure: CognitoFailure,
): PoolSweep | undefined {
  if (failure.kind === 'Denied') return { kind: 'Denied' };
  if (failure.kind === 'NotFound') return { kind: 'PoolMissing', failure };
  if (failure.kind === 'Throttled' || failure.kind === 'NotSent') return undefined;
  const count = (troubles.get(pool) ?? 0) + 1;
  troubles.set(pool, count);
  if (count === 1) ports.log.warn('a sweep failed, trying again', { pool, failure });
  return count >= TROUBLES_MAX ? LOOK_YOURSELVES : undefined;
}

function requeueAfter(around: Auditing, run: Run, failure: CognitoFailure): Requeue {
  if (failure.kind === 'Throttled') return stepAside(around, run);
  if (failure.kind === 'NotSent' && failure.withheld === 'NotLeader') return { kind: 'Await' };
  return { kind: 'Again', policy: RETRY };
}

function stepAside({ gate, lanes }: Auditing, run: Run): Requeue {
  const pool = sweptPool(run.key);
  if (pool !== undefined) {
    gate.stepAside({ key: run.key, lanes: [lanes.read(pool)], priority: run.priority });
  }
  return { kind: 'StepAside', reportInMs: undefined };
}

function forgetPool(around: Auditing, run: Run, pool: string): Ending {
  for (const each of [around.progress, around.waiting, around.offeredAtMs, around.troubles]) {
    each.delete(pool);
  }
  around.gate.forget(run.key);
  return ending(run, { kind: 'Forget' });
}

function ending(run: Run, requeue: Requeue): Ending {
  const result = requeue.kind === 'Again' ? 'error' : 'success';
  return { requeue, deserving: run.deserving, result };
}

function endless(pool: string): CognitoFailure {
  const message = `the list of ${pool} has more than ${PAGES_MAX} pages`;
  return { kind: 'Unavailable', name: 'EndlessList', message, requestId: undefined };
}
