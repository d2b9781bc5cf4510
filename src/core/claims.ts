/**
 * Whose an identity is, among all resources that the store knows: an index of who names it.
 *
 * Promises: exact for what the store knows and for what this leader is writing. Trusts: nobody
 * else writes records, but for a former leader's last requests; `confirm` waits those out.
 */
import type { Identity, ResourceServer } from '../api/parse.ts';
import {
  type Claimant,
  claimantOf,
  giverOf,
  heirOf,
  holderOf,
  receiverOf,
  type Selects,
} from './claimants.ts';
import type { Claim, Heir, Holder, Succession } from './view.ts';

/** One string an identity: a pool id has no slash. */
export function identityKey({ userPoolId, identifier }: Identity): string {
  return `${userPoolId}/${identifier}`;
}

/** There is one for each identity: lists are small, and what is rarely there is shared. */
interface Named {
  /** Next to always one. */
  claimants: readonly Claimant[];
  /** UID whose record is being sent, or was sent without an answer -> the version it is for. */
  assumed: ReadonlyMap<string, string>;
  /** When the objects were last read live together, and the last write that may still land. */
  confirmedAtMs: number;
  unansweredAtMs: number;
}

export interface ClaimsIndex {
  /** What the watch says: the object before and after; `undefined` when it is not there. */
  put(before: ResourceServer | undefined, after: ResourceServer | undefined): void;
  /** A record of it is being sent: it counts from now on, until `know` or its end. */
  assume(resource: ResourceServer): void;
  /** The write was answered, or the object was read live after it: what is stored counts again. */
  know(resource: ResourceServer): void;
  /** That write was not answered: it may still land. */
  unanswered(identity: Identity, nowMs: number): void;
  /** All objects that name it were read live, beginning at this moment. */
  confirm(identity: Identity, requestedAtMs: number): void;
  claimants(identity: Identity | undefined): readonly Claimant[];
  holder(identity: Identity | undefined): Claimant | undefined;
  /** To whom its holder, which leaves, can hand over. */
  heir(identity: Identity | undefined): Heir | undefined;
  successionOf(resource: ResourceServer, identity: Identity): Succession;
  claimOf(resource: ResourceServer, identity: Identity, late: LateTimes): Claim;
  isPendingElsewhere(resource: ResourceServer, identity: Identity): boolean;
}

export interface LateTimes {
  readonly termStartedAtMs: number;
  readonly lateMs: number;
}

/** @param selects whom anybody works on: a server is handed over to no other */
export function createClaimsIndex(selects?: Selects): ClaimsIndex {
  const index = new Map<string, Named>();
  const at = (identity: Identity | undefined) => identity && index.get(identityKey(identity));
  return {
    put: (before, after) => {
      if (after?.identity) add(index, after.identity, claimantOf(after, selects));
      if (after !== undefined) dropOvertaken(at(after.identity), after);
      if (before !== undefined && !isSamePlace(before, after)) remove(index, before);
    },
    assume: ({ identity, uid, resourceVersion }) => {
      const named = at(identity);
      if (named) named.assumed = new Map(named.assumed).set(uid, resourceVersion);
    },
    know: ({ identity, uid }) => assumeNot(at(identity), uid),
    unanswered: (identity, nowMs) => {
      const named = at(identity);
      if (named) named.unansweredAtMs = nowMs;
    },
    confirm: (identity, requestedAtMs) => {
      const named = at(identity);
      if (named) named.confirmedAtMs = requestedAtMs;
    },
    claimants: (identity) => claimantsOf(at(identity)),
    holder: (identity) => holderOf(claimantsOf(at(identity))),
    heir: (identity) => heirAt(claimantsOf(at(identity))),
    successionOf: (resource, identity) => successionAt(claimantsOf(at(identity)), resource),
    claimOf: (resource, identity, late) => judge(at(identity), resource, late),
    isPendingElsewhere: (resource, identity) =>
      claimantsOf(at(identity)).some((each) => each.pending && each.uid !== resource.uid),
  };
}

function isSamePlace(before: ResourceServer, after: ResourceServer | undefined): boolean {
  if (before.identity === undefined || after?.identity === undefined) return false;
  const moved = identityKey(before.identity) !== identityKey(after.identity);
  return !moved && before.uid === after.uid;
}

const NOTHING_ASSUMED: ReadonlyMap<string, string> = new Map();

function assumeNot(named: Named | undefined, uid: string): void {
  if (!named?.assumed.has(uid)) return;
  const others = [...named.assumed].filter(([each]) => each !== uid);
  named.assumed = others.length === 0 ? NOTHING_ASSUMED : new Map(others);
}

function add(index: Map<string, Named>, identity: Identity, claimant: Claimant): void {
  const id = identityKey(identity);
  const named = index.get(id) ?? {
    claimants: [],
    assumed: NOTHING_ASSUMED,
    confirmedAtMs: Number.NEGATIVE_INFINITY,
    unansweredAtMs: Number.NEGATIVE_INFINITY,
  };
  named.claimants = withClaimant(named.claimants, claimant);
  index.set(id, named);
}

function withClaimant(claimants: readonly Claimant[], one: Claimant): readonly Claimant[] {
  // Not spread: that leaves room for sixteen more.
  if (!claimants.some(({ uid }) => uid === one.uid)) return claimants.concat([one]);
  return claimants.map((each) => (each.uid === one.uid ? one : each));
}

/** The write was guarded by a version that is past: it did not land and can land no more. */
function dropOvertaken(named: Named | undefined, { uid, resourceVersion }: ResourceServer): void {
  if (named?.assumed.get(uid) !== resourceVersion) assumeNot(named, uid);
}

function remove(index: Map<string, Named>, { identity, uid }: ResourceServer): void {
  if (identity === undefined) return;
  const id = identityKey(identity);
  const named = index.get(id);
  if (named === undefined) return;
  named.claimants = named.claimants.filter((each) => each.uid !== uid);
  assumeNot(named, uid);
  if (named.claimants.length === 0) index.delete(id);
}

function claimantsOf(named: Named | undefined): readonly Claimant[] {
  if (named === undefined) return [];
  const { claimants, assumed } = named;
  if (assumed.size === 0) return claimants;
  return claimants.map((each) => (assumed.has(each.uid) ? { ...each, recorded: true } : each));
}

function judge(named: Named | undefined, resource: ResourceServer, late: LateTimes): Claim {
  const all = claimantsOf(named);
  const holder = giverOf(all, kinOf(resource)) ?? holderOf(all);
  if (holder !== undefined && holder.uid !== resource.uid) {
    return { kind: 'Theirs', holder: asHolder(holder) };
  }
  const recorded = all.some((each) => each.recorded);
  return { kind: 'Ours', confirm: confirmation(named, late), recorded };
}

function kinOf({ uid, namespace, remote }: ResourceServer) {
  return { uid, namespace, from: remote?.from };
}

function asHolder({ key, namespace, leaving }: Claimant): Holder {
  return { key, namespace, leaving };
}

function heirAt(claimants: readonly Claimant[]): Heir | undefined {
  const holder = holderOf(claimants);
  return holder?.leaving ? heirOf(claimants, holder) : undefined;
}

function successionAt(claimants: readonly Claimant[], resource: ResourceServer): Succession {
  const heir = resource.leaving ? heirOf(claimants, resource) : undefined;
  const giver = giverOf(claimants, kinOf(resource));
  return {
    heir: heir && { key: heir.key, uid: heir.uid },
    receiver: receiverOf(claimants, resource)?.key,
    giver: giver && asHolder(giver),
  };
}

function confirmation(named: Named | undefined, { termStartedAtMs, lateMs }: LateTimes) {
  if (named === undefined || named.claimants.length < 2) return 'Confirmed';
  const fromMs = Math.max(termStartedAtMs, named.unansweredAtMs) + lateMs;
  return named.confirmedAtMs >= fromMs ? 'Confirmed' : { fromMs };
}
