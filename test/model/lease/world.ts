/**
 * Two or three replicas and one Lease. Each has a clock of its own, and for each it is always now:
 * what lies before or ahead is counted from there, so that worlds repeat. What is past is past,
 * however long ago.
 *
 * A replica that takes no step is one that is slow, or stopped, and its clock goes on: every step
 * may come at any time after the one before.
 */
import type { LeaseRecord, Sighting } from '../../../src/core/lease.ts';
import type { LeaseRules } from './rules.ts';

/** A write on its way: guarded by the resourceVersion in it, or a creation. */
export interface Write {
  readonly verb: 'Create' | 'Update';
  readonly record: LeaseRecord;
}

/** What became of a write; or nobody knows. */
export type WriteAnswer = LeaseRecord | 'Conflict' | 'Gone' | 'Silent';

/** What a replica waits for, between two steps. */
export type Doing =
  | { readonly kind: 'Nothing' }
  /** The answer of a read, which has looked already. */
  | { readonly kind: 'Reading'; readonly seen: LeaseRecord | undefined }
  | {
      readonly kind: 'Writing';
      readonly write: Write;
      readonly sentAtMs: number;
      /** Once it has arrived. */
      readonly answer: WriteAnswer | undefined;
    }
  /** Told to stop: leads no more, and gives the Lease back. */
  | { readonly kind: 'Releasing'; readonly write: Write | undefined; readonly triesLeft: number };

/** As `RenewingTerm`. */
export interface Term {
  /** As we last wrote it; `undefined` when that may be outdated. */
  readonly record: LeaseRecord | undefined;
  readonly validUntilMs: number;
  readonly renewAtMs: number;
}

export interface Replica {
  readonly identity: string;
  readonly sighting: Sighting | undefined;
  readonly term: Term | undefined;
  /** What the watch said last, not yet judged. */
  readonly news: LeaseRecord | undefined;
  readonly doing: Doing;
}

export interface LeaseBudget {
  readonly crashes: number;
  readonly ends: number;
  /** Answers lost, before or after it took effect. */
  readonly losses: number;
  /** Writes that nobody waits for any more and that may still land. */
  readonly lates: number;
  readonly edits: number;
  readonly news: number;
}

export interface LeaseWorld {
  readonly record: LeaseRecord | undefined;
  /** How long ago it was written, as far as anybody could care: only the model knows. */
  readonly ageMs: number;
  readonly replicas: readonly (Replica | undefined)[];
  readonly late: readonly Write[];
  readonly budget: LeaseBudget;
  /** Names given: resourceVersions, times, identities. */
  readonly names: number;
}

/** By whom and how it is played. */
export interface LeasePlay {
  readonly rules: LeaseRules;
  /** Of each replica: how fast its clock goes, in milliseconds a tick. */
  readonly ratesMs: readonly number[];
  readonly edits: readonly LeaseEdit[];
}

/** What somebody does to the Lease by hand. */
export type LeaseEdit = 'Touch' | 'Rename' | 'Empty' | 'Delete';

export interface LeaseStep {
  readonly who: string;
  readonly what: string;
  readonly world: LeaseWorld;
}

/** As `isLeading` of `term.ts`: what `assertLeader` would say now. */
export function isLeading({ term, doing }: Replica): boolean {
  return term !== undefined && doing.kind !== 'Releasing' && term.validUntilMs > 0;
}

export function leadersOf({ replicas }: LeaseWorld): readonly string[] {
  return replicas.flatMap((each) => (each && isLeading(each) ? [each.identity] : []));
}

export function newReplica(world: LeaseWorld, seat: number): LeaseWorld {
  const names = world.names + 1;
  const replica: Replica = {
    identity: `${'ABC'[seat]}${names}`,
    sighting: undefined,
    term: undefined,
    news: undefined,
    doing: { kind: 'Nothing' },
  };
  return withReplica({ ...world, names }, seat, replica);
}

export function withReplica(
  world: LeaseWorld,
  seat: number,
  replica: Replica | undefined,
): LeaseWorld {
  return { ...world, replicas: world.replicas.with(seat, replica) };
}

export function emptyLeaseWorld(seats: number, budget: LeaseBudget): LeaseWorld {
  const replicas = Array.from({ length: seats }, () => undefined);
  const empty = { record: undefined, ageMs: 0, replicas, late: [], budget, names: 0 };
  return replicas.reduce<LeaseWorld>((world, _, seat) => newReplica(world, seat), empty);
}
