/** Who waits for what in a pool: for one that probes, for a free slot, or for nothing. */
import type { CognitoFailure } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import { freed, leave, park, parkForQuota, probes, stopAsking } from '../core/parking.ts';
import type { Operation, View } from '../core/view.ts';
import type { Run, Surroundings } from './surroundings.ts';

/** @returns whether this key asks for all that wait for the same operation */
export function lineUp(around: Surroundings, run: Run, view: View, outcome: Outcome): boolean {
  const { memory } = around;
  const pool = view.resource.identity?.userPoolId;
  if (pool === undefined) return true;
  if (outcome.kind === 'Waiting' && outcome.for === 'Lane') return true;
  const before = memory.parkingOf(pool);
  const closing = closingOf(view, outcome);
  if (closing !== undefined) {
    const parking = park(before, closing.operation, run.key, closing.failure);
    memory.setParking(pool, parking);
    return probes(parking, closing.operation, run.key);
  }
  const left = wantsSlot(outcome) ? stopAsking(before, run.key) : leave(before, run.key);
  rouse(run, left.wake);
  const quota = outcome.kind === 'QuotaReached';
  const held = memory.sweeps.heldBy(pool);
  memory.setParking(pool, quota ? parkForQuota(left.parking, run.key, held) : left.parking);
  rouse(run, slotsFor(around, view, pool));
  return true;
}

/** Refused once more, or about to ask again: neither costs the place in the line for a slot. */
function wantsSlot(outcome: Outcome): boolean {
  if (outcome.kind === 'Waiting') return outcome.for !== 'Holder';
  return outcome.kind === 'QuotaReached' || outcome.kind === 'Conflict';
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
  const made = view.climb.effects.some((each) => each === 'Created' || each === 'DriftCorrected');
  const deleted = view.climb.effects.includes('Deleted');
  if (identity === undefined || !(made || deleted)) return [];
  const rival = memory.claims.claimants(identity).some((each) => each.uid !== uid && each.eligible);
  return deleted && rival ? [] : freed(memory.parkingOf(pool), 1);
}

/**
 * Slots that a sweep shows free and that are not: what one resource had deleted there, a rival is
 * about to create. Where nobody waits for one, none is kept.
 *
 * @param isThere whether the sweep saw the identifier
 */
export function slotsKept(
  { memory, shelf }: Surroundings,
  userPoolId: string,
  isThere: (identifier: string) => boolean,
): number {
  const isAwaited = memory.parkingOf(userPoolId).quota.keys.length > 0;
  if (!isAwaited) return 0;
  const identifiers = [...memory.keysOf(userPoolId)].map(
    (key) => shelf.get(key)?.identity?.identifier,
  );
  const absent = new Set(identifiers.filter((each) => each !== undefined && !isThere(each)));
  return [...absent].filter((identifier = '') => {
    const identity = { userPoolId, identifier };
    const { last } = memory.attemptsOf(identity);
    if (last?.fate !== 'Answered') return false;
    return memory.claims.claimants(identity).some((each) => each.eligible && each.uid !== last.uid);
  }).length;
}
