/** What a climb looks at, as `reconcile/look.ts` gathers it; and what sweeps and looks leave. */
import type { ResourceServer } from '../../src/api/parse.ts';
import { lateUntilMs } from '../../src/core/attempts.ts';
import type { CognitoFailure } from '../../src/core/failure.ts';
import { isSettled } from '../../src/core/settled.ts';
import { FIRST_STEP, type Observation, type View } from '../../src/core/view.ts';
import { claimsKnown, dueIn, thinking } from './mind.ts';
import type { Rules } from './rules.ts';
import {
  type Climbing,
  CONTENTS,
  HASHES,
  IDENTITY,
  KEYS,
  type Key,
  LATE_MS,
  type Mind,
  type Sweeping,
  type Wish,
  type World,
  withKey,
} from './world.ts';

const NOT_FOUND = { name: 'ResourceNotFoundException', message: '', requestId: undefined };
export const POOL_MISSING: CognitoFailure = { kind: 'NotFound', ...NOT_FOUND };

/** As `firstView`: what was carried is spent. */
export function firstClimb(mind: Mind, key: Key, resource: ResourceServer): Climbing {
  const { remote, pending, uid } = resource;
  const carried = mind.carried[key];
  const observation = carried?.uid === uid ? carried.observation : mind.seen;
  const climb = { ...FIRST_STEP, deleted: wasDeleted(mind, resource) };
  return { resource, records: { remote, pending }, observation, climb, doing: undefined };
}

function wasDeleted({ attempts: { last } }: Mind, { uid, pending }: ResourceServer): boolean {
  if (pending?.operation !== 'Delete' || last?.fate !== 'Answered') return false;
  return last.uid === uid && last.startTime === pending.startTime;
}

/** As `refresh`. */
export function viewOf({ mind, nowMs }: World, climbing: Climbing, rules: Rules): View {
  const { resource, records, observation, climb } = climbing;
  const late = { termStartedAtMs: mind.termAtMs, lateMs: LATE_MS, uid: resource.uid };
  const claims = claimsKnown(mind, rules);
  const isValid = observation && rules.isValid(observation, mind.attempts);
  return rules.view({
    resource,
    records,
    observation: isValid ? observation : undefined,
    claim: claims.claimOf(resource, IDENTITY, late),
    succession: claims.successionOf(resource, IDENTITY),
    pendingElsewhere: claims.isPendingElsewhere(resource, IDENTITY),
    sweep: mind.pool,
    held: undefined,
    nowMs,
    lateUntilMs: lateUntilMs(mind.attempts, records.pending, late),
    waitedMs: 0,
    account: undefined,
    converges: true,
    closed: {},
    climb,
  });
}

/* ---------------------------------------------------------------------- looks */

/** No two requests are asked for in the same moment. */
export function ticked(world: World): World {
  return { ...world, nowMs: world.nowMs + 1 };
}

export function visible({ blind, slot }: World): Wish | undefined {
  return blind ? undefined : slot?.wish;
}

/** A look of one climb, or the echo of its mutation: of the pool it says nothing. */
export function noted(world: World, found: Wish | undefined, requestedAtMs: number): World {
  if (Object.keys(world.mind.cache).length === 0) return world;
  return thinking(world, { seen: sweptAs(found, requestedAtMs, 'Unasked') });
}

/** As it is remembered: by its hash. */
function sweptAs(
  found: Wish | undefined,
  requestedAtMs: number,
  pool: 'Answers' | 'Unasked',
): Observation {
  if (found === undefined) return { kind: 'Absent', how: 'Swept', requestedAtMs, pool };
  return { kind: 'Present', how: 'Swept', requestedAtMs, hash: HASHES[found], managed: false };
}

export function sweepBegun(before: World): World {
  const world = ticked(before);
  const { nowMs: askedAtMs, blind } = world;
  return thinking(world, { sweeping: { askedAtMs, found: visible(world), poolAnswers: !blind } });
}

/** As `whenComplete` of the auditor, and `complete` of the sweeps. */
export function swept(world: World, sweeping: Sweeping): World {
  const { mind } = world;
  if (!sweeping.poolAnswers) return unswept(world);
  const due = dueIn(mind, [...mind.awaiting, ...unsettled(mind, sweeping.found)]);
  const after = { sweeping: undefined, awaiting: [], due };
  if (Object.keys(mind.cache).length === 0) return thinking(world, after);
  const seen = youngerOf(mind.seen, sweeping);
  return thinking(world, { ...after, pool: { kind: 'Complete' }, seen });
}

/** What was looked at after the sweep was asked for is younger, and stays. */
function youngerOf(seen: Observation | undefined, { askedAtMs, found }: Sweeping): Observation {
  const isYounger = seen !== undefined && seen.requestedAtMs > askedAtMs;
  return isYounger ? seen : sweptAs(found, askedAtMs, 'Answers');
}

/** As `whenFailed`: that the pool is missing is news once. */
function unswept(world: World): World {
  const { mind } = world;
  const after = { sweeping: undefined, awaiting: [], due: dueIn(mind, mind.awaiting) };
  const isKnown = mind.pool.kind === 'PoolMissing' || Object.keys(mind.cache).length === 0;
  if (isKnown) return thinking(world, after);
  const pool = { kind: 'PoolMissing', failure: POOL_MISSING } as const;
  return thinking(world, { ...after, due: dueIn(mind, KEYS), pool, seen: undefined });
}

function unsettled({ cache, attempts }: Mind, found: Wish | undefined): readonly Key[] {
  const isInFlight = attempts.last !== undefined && attempts.last.endedAtMs === undefined;
  if (isInFlight) return [];
  const content = found && CONTENTS[found];
  return KEYS.filter((key) => {
    const resource = cache[key];
    if (resource === undefined || resource.pending !== undefined) return false;
    return !isSettled(resource, content, undefined);
  });
}

/** For want of a place: see `carryProof`. */
export function carriedOn(world: World, key: Key, climbing: Climbing): World {
  const { resource, observation, records } = climbing;
  const isWanted = resource.leaving || records.pending !== undefined;
  const isHalf = observation?.kind === 'Absent' && observation.how === 'Described';
  if (!isWanted || !isHalf) return world;
  const carried = withKey(world.mind.carried, key, { uid: resource.uid, observation });
  return thinking(world, { carried });
}
