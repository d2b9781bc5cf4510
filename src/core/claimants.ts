/**
 * Who holds an identity, and who comes next, among all resources that name it: those with a record
 * of their own come first, then the oldest. It is judged from the resources alone, so that every
 * replica and every restart judges alike.
 */
import { FINALIZER } from '../api/names.ts';
import type { ResourceServer } from '../api/parse.ts';

/** What a resource means for the identity it names. */
export interface Claimant {
  readonly key: string;
  readonly namespace: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly recorded: boolean;
  readonly pending: boolean;
  readonly leaving: boolean;
  readonly finalizerIsSet: boolean;
  /** Living, valid, enforcing and not paused: it may begin to hold. */
  readonly eligible: boolean;
  /** The label selector takes it: somebody works on it. */
  readonly selected: boolean;
  /** The uid of who handed the server over to it. */
  readonly from: string | undefined;
}

/** Whether the label selector takes a resource. */
export type Selects = (resource: ResourceServer) => boolean;

export function claimantOf(resource: ResourceServer, selects: Selects = () => true): Claimant {
  const { key, namespace, uid, createdAt, leaving, paused, problems, remote, pending } = resource;
  return {
    key,
    namespace,
    uid,
    createdAt,
    recorded: remote !== undefined || pending !== undefined,
    pending: pending !== undefined && pending.operation !== 'HandOver',
    leaving,
    finalizerIsSet: resource.finalizers.includes(FINALIZER),
    eligible:
      !leaving && !paused && problems.length === 0 && resource.managementPolicy === 'Enforce',
    selected: selects(resource),
    from: remote?.from,
  };
}

/** The oldest with a record, until it is gone or lets go; else the oldest that may begin. */
export function holderOf(claimants: readonly Claimant[]): Claimant | undefined {
  const free = claimants.filter((each) => isThere(each) && !giverOf(claimants, each));
  const recorded = free.filter((each) => each.recorded);
  const candidates = recorded.length > 0 ? recorded : free.filter((each) => each.eligible);
  return oldestOf(candidates);
}

/** Without our finalizer, who leaves does nothing more. */
function isThere({ leaving, finalizerIsSet }: Claimant): boolean {
  return !leaving || finalizerIsSet;
}

type Kin = Pick<Claimant, 'uid' | 'namespace'>;

/** Who handed over and is still there: until it is gone, what it gave is its own. */
export function giverOf(
  claimants: readonly Claimant[],
  receiver: Kin & Pick<Claimant, 'from'>,
): Claimant | undefined {
  const { from } = receiver;
  if (from === undefined) return undefined;
  const isGiver = (each: Claimant) => each.uid === from && each.leaving && isThere(each);
  return claimants.find((each) => isGiver(each) && areKin(each, receiver));
}

/** Whose record says that it has the server from this one. */
export function receiverOf(claimants: readonly Claimant[], giver: Kin): Claimant | undefined {
  return claimants.find((each) => each.from === giver.uid && areKin(each, giver));
}

/** Nothing is handed over from one namespace to another. */
function areKin(one: Kin, other: Kin): boolean {
  return one.namespace === other.namespace && one.uid !== other.uid;
}

/** The oldest of the same namespace that could hold at once, and that cannot go without us. */
export function heirOf(claimants: readonly Claimant[], giver: Kin): Claimant | undefined {
  const waiting = claimants.filter((each) => each.eligible && each.finalizerIsSet && each.selected);
  return oldestOf(waiting.filter((each) => !each.recorded && areKin(each, giver)));
}

function oldestOf(claimants: readonly Claimant[]): Claimant | undefined {
  return claimants.reduce<Claimant | undefined>(olderOf, undefined);
}

function olderOf(one: Claimant | undefined, other: Claimant): Claimant {
  if (one === undefined) return other;
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? one : other;
  return one.uid < other.uid ? one : other;
}
