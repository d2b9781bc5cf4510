/**
 * When a world is good: who holds the identity is Ready and Cognito holds its wish, the others are
 * not Ready, who leaves is gone, and nothing of ours is left over. What only people can change, a
 * pause or somebody else's server, may stand as long as status says so.
 */
import { findCondition } from '../../src/api/conditions.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import { claimsKnown } from './mind.ts';
import type { Play } from './play.ts';
import {
  HASHES,
  IDENTITY,
  KEYS,
  type Key,
  type Slot,
  SOMEBODY,
  type World,
  wishOf,
} from './world.ts';

/** What is not as it should be, in words. */
export function wrongIn(world: World, { rules }: Play): string | undefined {
  const holder = claimsKnown(world.mind, rules).holder(IDENTITY);
  const wrong = KEYS.map((key) => {
    const resource = world.objects[key];
    if (isUnderWay(world, key)) return `${key}: is under way`;
    if (resource === undefined) return undefined;
    if (resource.leaving) return wrongInDeath(world, resource);
    return wrongInLife(world, resource, holder?.uid);
  });
  return wrong.find((each) => each !== undefined) ?? leftOver(world);
}

function isUnderWay({ mind, objects }: World, key: Key): boolean {
  const isBehind = mind.cache[key]?.resourceVersion !== objects[key]?.resourceVersion;
  return isBehind || mind.climbs[key] !== undefined;
}

/* ---------------------------------------------------------------------- leaving */

function wrongInDeath(world: World, resource: ResourceServer): string | undefined {
  if (isBlocked(resource)) {
    return isExcused(world, resource) ? undefined : `${resource.key}: deletion is blocked`;
  }
  const others = KEYS.map((key) => world.objects[key]).filter((each) => each !== resource);
  const waits = others.some((each) => each?.leaving && isBlocked(each));
  return waits ? undefined : `${resource.key}: is still there`;
}

function isBlocked(resource: ResourceServer): boolean {
  return resource.paused || reasonOf(resource) === 'DeletionBlocked';
}

/** A blocked deletion needs its cause: a pause, or other content where our Create has no answer. */
function isExcused({ slot }: World, { paused, pending, uid }: ResourceServer): boolean {
  if (paused) return true;
  if (pending?.operation !== 'Create' || slot === undefined) return false;
  const isTheirs = slot.owner === SOMEBODY || (slot.owner === uid && slot.excuse !== undefined);
  return isTheirs && HASHES[slot.wish] !== pending.hash;
}

/* ----------------------------------------------------------------------- living */

function wrongInLife(
  { slot }: World,
  resource: ResourceServer,
  holder: string | undefined,
): string | undefined {
  const { key, paused, managementPolicy, pending } = resource;
  if (paused) return undefined;
  if (pending !== undefined) return `${key}: a record is pending`;
  const isReady = isReadyNow(resource);
  const isEqual = slot?.wish === wishOf(resource.desired);
  if (managementPolicy === 'Observe') {
    return isReady === isEqual ? undefined : `${key}: Ready is ${isReady}, equal is ${isEqual}`;
  }
  if (holder === undefined) return `${key}: nobody holds the identity`;
  if (holder !== resource.uid) return wrongInWaiting(resource);
  if (isReady) return isEqual ? undefined : `${key}: Ready, and Cognito holds something else`;
  return isRefused(resource, slot) ? undefined : `${key}: holds the identity and is not Ready`;
}

function wrongInWaiting(resource: ResourceServer): string | undefined {
  const isTold = reasonOf(resource) === 'IdentityTaken';
  return isTold ? undefined : `${resource.key}: does not say that another holds the identity`;
}

function isReadyNow({ status, generation }: ResourceServer): boolean {
  const ready = findCondition(status.conditions, 'Ready');
  return ready?.status === 'True' && ready.observedGeneration === generation;
}

function reasonOf({ status }: ResourceServer): string | undefined {
  return findCondition(status.conditions, 'Ready')?.reason;
}

/** Somebody else's server that the policy does not let us adopt. */
function isRefused(resource: ResourceServer, slot: Slot | undefined): boolean {
  if (reasonOf(resource) !== 'AlreadyExists' || slot === undefined) return false;
  const isForeign = slot.owner !== resource.uid || slot.excuse !== undefined;
  const { adoptionPolicy, desired } = resource;
  const isEqual = slot.wish === wishOf(desired);
  return isForeign && (adoptionPolicy === 'Never' || (adoptionPolicy === 'IfMatching' && !isEqual));
}

/** What we made needs somebody who has a record of it. */
function leftOver({ slot, objects }: World): string | undefined {
  if (slot === undefined || slot.owner === SOMEBODY || !slot.made) return undefined;
  const owner = Object.values(objects).find(({ uid }) => uid === slot.owner);
  const record = owner?.remote ?? owner?.pending;
  if (owner === undefined || record !== undefined || slot.excuse !== undefined) return undefined;
  return `${owner.key}: made a server that it has no record of`;
}
