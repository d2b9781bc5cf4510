/**
 * Leader election on one Lease, as client-go does it, without clocks and requests.
 *
 * ```
 *          t0 request sent          t0 + renewDeadline        seen + leaseDuration
 * holder   |------- leads ----------------|  may not lead
 * standby        seen: it changed |---------- stands by --------------|  may acquire
 * ```
 *
 * Guarantee: if every write of the Lease goes through here and is guarded by its resourceVersion,
 * and a holder leads only until `renewDeadlineMs` after it *sent* its last successful write, no
 * two lead at one instant. A standby counts from when it *saw* the Lease change, on its own
 * monotonic clock; the times in the Lease are for people and are never judged.
 *
 * Trusts: `renewDeadlineMs < leaseDurationMs`, and clocks that run equally fast.
 */

/** What a Lease says. Written by the elector; times are for people and are never judged. */
export interface LeaseRecord {
  readonly holder: string;
  readonly leaseDurationSeconds: number;
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly transitions: number;
  readonly resourceVersion: string;
}

export interface LeaseTimes {
  /** A standby acquires when the Lease has not changed for so long. */
  readonly leaseDurationMs: number;
  /** A holder leads for so long after it sent its last successful write. */
  readonly renewDeadlineMs: number;
  /** Between two writes of the holder, and at least between two reads of a standby. */
  readonly retryPeriodMs: number;
}

/** The Lease as last seen, and the monotonic moment from which on it is free if it stays so. */
export interface Sighting {
  /** `undefined`: there is no Lease. */
  readonly record: LeaseRecord | undefined;
  readonly freeAtMs: number;
}

/** Write the Lease, so that it names us. */
export type Claim =
  /** There is no Lease, and nobody can still lead. */
  | { readonly kind: 'Create' }
  /** Nobody can still lead. */
  | { readonly kind: 'Acquire'; readonly record: LeaseRecord }
  /** It names us: we hold it, or an answer of ours was lost. */
  | { readonly kind: 'Renew'; readonly record: LeaseRecord };

/** Somebody may still lead, `forMs` more if nothing changes. */
export interface StandBy {
  readonly kind: 'StandBy';
  readonly forMs: number;
}

/** We led, and the Lease names somebody else, or nobody. */
export interface Lost {
  readonly kind: 'Lost';
  readonly holder: string;
}

/** Of a released Lease: the API refuses 0. */
const RELEASED_SECONDS = 1;
/** A holder that wrote a longer duration than ours is waited for, but not for a typing error. */
const FOREIGN_DURATION_MS_MAX = 10 * 60_000;

/**
 * @param before the last sighting, or `undefined` for the first
 * @param nowMs monotonic, taken after the answer arrived
 */
export function sight(
  before: Sighting | undefined,
  record: LeaseRecord | undefined,
  nowMs: number,
  times: LeaseTimes,
): Sighting {
  if (before !== undefined && isUnchanged(before.record, record))
    return { record, freeAtMs: before.freeAtMs };
  const held = record ?? before?.record;
  return { record, freeAtMs: held === undefined ? nowMs : nowMs + heldForMs(held, times) };
}

/** What a replica that does not lead may do now. */
export function judge(sighting: Sighting, identity: string, nowMs: number): Claim | StandBy {
  const { record, freeAtMs } = sighting;
  if (record?.holder === identity) return { kind: 'Renew', record };
  if (nowMs < freeAtMs) return { kind: 'StandBy', forMs: freeAtMs - nowMs };
  return record === undefined ? { kind: 'Create' } : { kind: 'Acquire', record };
}

/**
 * What the leader may do after it read the Lease. One that somebody deleted is created again:
 * whoever saw it vanish stands by, so nobody leads but us.
 */
export function judgeAsLeader(record: LeaseRecord | undefined, identity: string): Claim | Lost {
  if (record === undefined) return { kind: 'Create' };
  if (record.holder === identity) return { kind: 'Renew', record };
  return { kind: 'Lost', holder: record.holder };
}

/** The Lease to write, guarded by the resourceVersion of `before`, or to create. */
export function acquired(
  before: LeaseRecord | undefined,
  identity: string,
  time: string,
  times: LeaseTimes,
): LeaseRecord {
  const isOurs = before?.holder === identity;
  return {
    holder: identity,
    leaseDurationSeconds: Math.ceil(times.leaseDurationMs / 1_000),
    acquireTime: isOurs ? before.acquireTime : time,
    renewTime: time,
    transitions: before === undefined ? 0 : before.transitions + (isOurs ? 0 : 1),
    resourceVersion: before?.resourceVersion ?? '',
  };
}

/** Free at once for everybody who sees it. */
export function released(before: LeaseRecord, time: string): LeaseRecord {
  return {
    ...before,
    holder: '',
    leaseDurationSeconds: RELEASED_SECONDS,
    acquireTime: time,
    renewTime: time,
  };
}

/**
 * The fields that only an elector writes: an edited label is no renewal, though the
 * resourceVersion moves.
 */
function isUnchanged(before: LeaseRecord | undefined, after: LeaseRecord | undefined): boolean {
  return (
    before?.holder === after?.holder &&
    before?.renewTime === after?.renewTime &&
    before?.transitions === after?.transitions
  );
}

function heldForMs(record: LeaseRecord, times: LeaseTimes): number {
  if (isReleased(record)) return 0;
  const foreignMs = Math.min(record.leaseDurationSeconds * 1_000, FOREIGN_DURATION_MS_MAX);
  return Math.max(times.leaseDurationMs, foreignMs);
}

/** A holder edited away by hand is not released: it may lead until it notices. */
function isReleased(record: LeaseRecord): boolean {
  return record.holder === '' && record.leaseDurationSeconds <= RELEASED_SECONDS;
}
