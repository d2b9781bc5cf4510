/**
 * What became of a mutation that was recorded and whose end nobody knows.
 *
 *   record ----- call ------- end of the attempt ------- lateUntil ------>
 *                             |  may still land          |  lands no more
 *                             |  landed: resolved now    |  one look decides
 *
 * Landed means: the content is what the record says, or for a Delete, proven absence. Anything
 * else proves nothing before `lateUntil`, and is final when it was asked for after that.
 */
import type { PendingRecord } from '../api/resource-server.ts';
import { isEvidence, isSameHash } from './drift.ts';
import { effectOf, landed } from './learn.ts';
import { hashSeen, isSeenLate, isWaitedOut } from './rungs.ts';
import type { Effect, Observation, PoolSeen, Records, View } from './view.ts';

export type Resolution =
  | { readonly kind: 'Look' }
  | { readonly kind: 'Wait' }
  /** Absent, and on the way out: what that proves is the ladder's to say. */
  | { readonly kind: 'Absent' }
  /** Not seen, which a pool that is hidden for a while looks like too: ask the pool. */
  | { readonly kind: 'Unproven' }
  | { readonly kind: 'Resolved'; readonly records: Records; readonly effect: Effect | undefined }
  /** Our Create may be what is there, changed by somebody, or may not. */
  | { readonly kind: 'Foreign' }
  /** Our Delete landed, and somebody created the server again. */
  | { readonly kind: 'Recreated' };

export function resolution(view: View): Resolution {
  const { observation, records } = view;
  const { pending } = records;
  if (pending === undefined) return { kind: 'Resolved', records, effect: undefined };
  // Only who leaves hands over: in life it is no record of ours.
  if (pending.operation === 'HandOver') return cleared(records.remote);
  if (observation === undefined || observation.how === 'Swept') return { kind: 'Look' };
  if (hasLanded(pending, observation)) {
    const effect = effectOf(view, pending);
    return { kind: 'Resolved', records: landed(view, pending), effect };
  }
  if (!isWaitedOut(view)) return { kind: 'Wait' };
  if (!isSeenLate(observation, view)) return { kind: 'Look' };
  if (observation.kind === 'Absent') return whenAbsent(view, pending, observation.pool);
  return whenOther(view, pending);
}

function hasLanded(pending: PendingRecord, seen: Observation): boolean {
  if (pending.operation === 'Delete') return false;
  return seen.kind === 'Present' && isSameHash(seen.hash, pending.hash);
}

/** Create: it did not land. Update: somebody deleted the server. Both are made again. */
function whenAbsent(view: View, pending: PendingRecord, pool: PoolSeen): Resolution {
  if (view.resource.leaving) return { kind: 'Absent' };
  if (pool !== 'Answers') return { kind: 'Unproven' };
  const remote = pending.operation === 'Delete' ? undefined : view.records.remote;
  return cleared(remote);
}

function whenOther(view: View, pending: PendingRecord): Resolution {
  const { leaving } = view.resource;
  switch (pending.operation) {
    case 'Create':
      return leaving ? { kind: 'Foreign' } : cleared(undefined);
    case 'Update':
    case 'HandOver':
      return cleared(view.records.remote);
    case 'Delete':
      if (!isEvidence(pending.hash) || isSameHash(hashSeen(view), pending.hash)) {
        return cleared(view.records.remote);
      }
      return leaving ? { kind: 'Recreated' } : cleared(undefined);
  }
}

function cleared(remote: Records['remote']): Resolution {
  return { kind: 'Resolved', records: { remote, pending: undefined }, effect: undefined };
}
