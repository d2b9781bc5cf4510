/** The API server and Cognito in the tiny world: what becomes of a request when it arrives. */
import { FINALIZER } from '../../src/api/names.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { Records } from '../../src/core/view.ts';
import {
  excused,
  leakOf,
  misgiftOf,
  orphanOf,
  seizureOf,
  theftOf,
  type Violation,
  wrongOf,
} from './laws.ts';
import type { Rules } from './rules.ts';
import {
  type CognitoCall,
  KEYS,
  type Key,
  type KubernetesWrite,
  type Slot,
  SOMEBODY,
  type World,
  withKey,
} from './world.ts';

/* ----------------------------------------------------------------- API server */

export interface Taken {
  readonly world: World;
  readonly answer: 'Done' | 'Conflict' | 'Gone';
  readonly violation: Violation | undefined;
}

/** A guarded write arrives: it is taken whole, or nothing happens. */
export function arrive(world: World, rules: Rules, write: KubernetesWrite): Taken {
  const live = world.objects[write.key];
  if (live === undefined) return { world, answer: 'Gone', violation: undefined };
  if (!rules.fits(write, live)) return { world, answer: 'Conflict', violation: undefined };
  const { world: after, violation: loss } = stored(world, applied(live, write));
  const seizure = isAdoption(write, live)
    ? seizureOf(world, write, live)
    : misgiftOf(world, write, live);
  const violation = wrongOf(world, write, live) ?? seizure ?? loss;
  const kept = known(inherited(adopted(after, write, live), write, live), write);
  const done = { ...kept, overdue: kept.overdue || write.overdue };
  return { world: done, answer: 'Done', violation: excused(violation, done) };
}

function applied(live: ResourceServer, { change }: KubernetesWrite): ResourceServer {
  if (change.kind === 'Finalizers') return { ...live, finalizers: change.finalizers };
  return withStatus(live, change.status);
}

/** As `api/parse.ts` reads it: records written for another uid are no records. */
export function withStatus(live: ResourceServer, status: ResourceServerStatus): ResourceServer {
  const isOwn = status.recordUID === live.uid;
  const { remote, pending } = status;
  return {
    ...live,
    status,
    remote: isOwn ? remote : undefined,
    pending: isOwn ? pending : undefined,
  };
}

/** Stores a change under the next resourceVersion; what leaves without a finalizer is gone. */
export function stored(world: World, object: ResourceServer): Omit<Taken, 'answer'> {
  const version = world.version + 1;
  const isGone = object.leaving && !object.finalizers.includes(FINALIZER);
  const after = isGone ? undefined : { ...object, resourceVersion: String(version) };
  const next = { ...world, version, objects: withKey(world.objects, object.key as Key, after) };
  return { world: next, violation: isGone ? excused(leakOf(world, object), world) : undefined };
}

/* ------------------------------------------------------------------- adoption */

function isAdoption({ change }: KubernetesWrite, live: ResourceServer): boolean {
  if (change.kind !== 'Status' || live.remote !== undefined) return false;
  const { remote } = change.status;
  return remote?.origin === 'Adopted' && remote.from === undefined;
}

/** Adoption is deliberate: from now on the server is the adopter's. */
function adopted(world: World, write: KubernetesWrite, live: ResourceServer): World {
  const { slot } = world;
  if (!isAdoption(write, live) || slot === undefined || slot.owner === live.uid) return world;
  return { ...world, slot: { ...slot, owner: live.uid, made: false, excuse: undefined } };
}

/** What its giver owned is its heir's from now on. */
function inherited(world: World, { change }: KubernetesWrite, live: ResourceServer): World {
  const { slot } = world;
  const from = change.kind === 'Status' ? change.status.remote?.from : undefined;
  const isGift = from !== undefined && live.remote?.from !== from;
  if (!isGift || slot?.owner !== from) return world;
  return { ...world, slot: { ...slot, owner: live.uid } };
}

/** It is recorded as ours, and nothing of ours is without an answer: nobody loses track of it. */
function known(world: World, { uid, change }: KubernetesWrite): World {
  const { slot } = world;
  if (slot?.excuse === undefined || slot.owner !== uid || change.kind !== 'Status') return world;
  const { remote, pending } = change.status;
  if (remote === undefined || pending !== undefined) return world;
  return { ...world, slot: { ...slot, excuse: undefined } };
}

/* -------------------------------------------------------------------- Cognito */

export interface Landed {
  readonly world: World;
  readonly answer: 'Done' | 'Exists' | 'Missing';
  readonly violation: Violation | undefined;
}

/** A Create, Update or Delete reaches Cognito. */
export function land(world: World, call: CognitoCall): Landed {
  if (world.blind) return { world, answer: 'Missing', violation: undefined };
  const { slot } = world;
  if (call.operation === 'Create') {
    if (slot !== undefined) return { world, answer: 'Exists', violation: undefined };
    const made: Slot = { wish: call.wish, owner: call.uid, made: true, excuse: undefined };
    return landed(world, call, made, orphanOf(world, call));
  }
  if (slot === undefined) return { world, answer: 'Missing', violation: undefined };
  const after =
    call.operation === 'Delete' ? undefined : { ...slot, wish: call.wish, excuse: undefined };
  return landed(world, call, after, theftOf(world, call));
}

function landed(
  world: World,
  call: CognitoCall,
  slot: Slot | undefined,
  violation: Violation | undefined,
): Landed {
  const overdue = world.overdue || call.overdue;
  const after = { ...world, overdue, slot };
  return { world: after, answer: 'Done', violation: excused(violation, after) };
}

/** Whose a server is that somebody makes: a record names it, written or not, but for a Delete's. */
export function makerOf({ objects, mind }: World): string {
  const keeper = KEYS.find((key) => {
    const climbing = mind.climbs[key];
    const isSame = climbing?.resource.uid === objects[key]?.uid;
    return keeps(objects[key]) || (isSame && keeps(climbing?.records));
  });
  return (keeper && objects[keeper]?.uid) ?? SOMEBODY;
}

function keeps(records: Records | undefined): boolean {
  return records?.remote !== undefined && records.pending?.operation !== 'Delete';
}
