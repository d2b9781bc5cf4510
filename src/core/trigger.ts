/**
 * (before, after) -> the keys that a change of the watch deserves: its own when there is something
 * to do, and its rivals' when an identity changes hands, or its holder begins to leave, can hand
 * over, or has begun or ended a call: who observes the same server sees something else then.
 *
 * The echo of our own status write deserves nothing: the store had it before the watch. A status
 * that is not the last one we wrote does: a hand-edited `Ready=True` must not stand.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Identity, ResourceServer } from '../api/parse.ts';
import type { ClaimsIndex } from './claims.ts';

export interface Deserving {
  readonly key: string;
  /** A deletion or an edit by the user goes first; a touched status can wait. */
  readonly urgency: 'Edit' | 'Touch';
  /** Any time within this: for many at once. Milliseconds. */
  readonly spreadMs?: number;
  /** Where it waited with a priority of its own. */
  readonly priority?: number;
}

/** What cannot be read names nothing, which nobody holds. */
type Named = Identity | undefined;

/** Applies the change to `claims` and says who is to run. */
export function trigger(
  claims: ClaimsIndex,
  before: ResourceServer | undefined,
  after: ResourceServer | undefined,
): readonly Deserving[] {
  const identities = [before?.identity, after?.identity];
  const self = (after ?? before)?.key;
  const rivals = handedOver(claims, identities, self, () => claims.put(before, after));
  const own = ownUrgency(before, after);
  return self !== undefined && own !== undefined
    ? [{ key: self, urgency: own }, ...rivals]
    : rivals;
}

/** A record of ours that did not land counts no more: whoever waited for it may hold now. */
export function triggerKnown(claims: ClaimsIndex, resource: ResourceServer): readonly Deserving[] {
  const { identity, key } = resource;
  return handedOver(claims, [identity], key, () => claims.know(resource));
}

/** Makes the change and names the rivals of each identity that means something else by it. */
function handedOver(
  claims: ClaimsIndex,
  identities: readonly Named[],
  self: string | undefined,
  change: () => void,
): readonly Deserving[] {
  const held = identities.map((identity) => holdOf(claims, identity));
  change();
  const changed = identities.filter((identity, at) => holdOf(claims, identity) !== held[at]);
  return rivalsOf(claims, changed, self);
}

function holdOf(claims: ClaimsIndex, identity: Named): string {
  const holder = claims.holder(identity);
  const heir = holder?.leaving ? claims.heir(identity) : undefined;
  return `${holder?.uid} ${holder?.leaving} ${holder?.pending} ${heir?.uid}`;
}

function rivalsOf(
  claims: ClaimsIndex,
  changed: readonly Named[],
  self: string | undefined,
): readonly Deserving[] {
  const keys = new Set(changed.flatMap((each) => claims.claimants(each).map(({ key }) => key)));
  return [...keys].filter((key) => key !== self).map((key) => ({ key, urgency: 'Edit' }));
}

function ownUrgency(
  before: ResourceServer | undefined,
  after: ResourceServer | undefined,
): Deserving['urgency'] | undefined {
  if (after === undefined || before === undefined) return 'Edit';
  if (before.uid !== after.uid || asks(before) !== asks(after)) return 'Edit';
  return isDeepStrictEqual(touchable(before), touchable(after)) ? undefined : 'Touch';
}

/** What somebody may have touched; labels may begin to select it. */
function touchable({ finalizers, labels, status }: ResourceServer) {
  return { finalizers, labels, status };
}

/** What a user changes when they want something: spec, deletion, pause, sync. */
function asks({ generation, leaving, paused, oddPause, syncRequest }: ResourceServer): string {
  return JSON.stringify([generation, leaving, paused, oddPause, syncRequest]);
}
