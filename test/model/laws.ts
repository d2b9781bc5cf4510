/**
 * What must never happen, judged by what only the model knows: who made the resource server, and
 * when somebody at the console acted. What a documented window excuses is told apart, by name.
 */
import { findCondition } from '../../src/api/conditions.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { Records } from '../../src/core/view.ts';
import {
  type Climbing,
  type CognitoCall,
  KEYS,
  type KubernetesWrite,
  type Slot,
  SOMEBODY,
  type Window,
  type World,
} from './world.ts';

export interface Violation {
  readonly law: keyof typeof LAWS;
  /** The documented window that leaves this open; without one it is a bug. */
  readonly window: Window | undefined;
}

export const LAWS = {
  theft: 'a mutation changed a resource server that is not of the resource it was made for',
  leak: 'nobody is left to delete what we made',
  disowned: 'what we made was taken for somebody else’s',
  mistaken: 'what somebody else made was taken for ours',
  haste: 'a record was cleared whose request may still land',
  lie: 'Ready=True while Cognito holds something else or is being changed',
  double: 'two resources hold a record of one resource server',
  stray: 'a write meant for one object reached another',
  status: 'a status breaks its contract',
} as const;

function broken(law: Violation['law'], window?: Window): Violation {
  return { law, window };
}

/** After a request that outlived `lateMs` nothing is promised. */
export function excused(violation: Violation | undefined, world: World): Violation | undefined {
  if (violation === undefined || violation.window !== undefined || !world.overdue) return violation;
  return broken(violation.law, 'W3');
}

/* -------------------------------------------------------------------- Cognito */

/** An Update or a Delete reaches what is there: it must be of the resource it was made for. */
export function theftOf(world: World, call: CognitoCall): Violation | undefined {
  const { slot } = world;
  if (slot === undefined || slot.owner === call.uid) return undefined;
  const isNews = slot.owner === SOMEBODY && isDisturbedSince(world, call.seenAtMs);
  return broken('theft', isNews ? 'W2' : undefined);
}

/** A Create makes a server for an object that is gone: nobody will ever delete it. */
export function orphanOf(world: World, call: CognitoCall): Violation | undefined {
  const isThere = KEYS.some((key) => world.objects[key]?.uid === call.uid);
  return isThere ? undefined : broken('leak');
}

export function isDisturbedSince({ disturbedAtMs }: World, momentMs: number): boolean {
  return disturbedAtMs !== undefined && disturbedAtMs > momentMs;
}

/* ----------------------------------------------------------- objects that go */

/** The object is gone: what it had to delete must be gone too. */
export function leakOf({ slot }: World, gone: ResourceServer): Violation | undefined {
  if (slot === undefined || slot.owner !== gone.uid || !isItsDuty(slot, gone)) return undefined;
  return broken('leak', gone.pending?.operation === 'Delete' ? slot.excuse : undefined);
}

function isItsDuty({ made }: Slot, gone: ResourceServer): boolean {
  if (gone.managementPolicy === 'Observe' || gone.deletionPolicy === 'Retain') return false;
  return made || gone.deletionPolicy === 'Delete';
}

/* -------------------------------------------------------------------- records */

/** The pending record goes and no other stays: then what it made is nobody's. */
function disownmentOf(
  { slot }: World,
  before: ResourceServer,
  { remote, pending }: ResourceServerStatus,
): Violation | undefined {
  if (before.pending === undefined || remote !== undefined || pending !== undefined) {
    return undefined;
  }
  if (slot === undefined || slot.owner !== before.uid || !slot.made) return undefined;
  return broken('disowned', before.pending.operation === 'Create' ? slot.excuse : undefined);
}

/** A record says "created" of what somebody else made, or that what they made anew is ours. */
function mistakeOf(
  world: World,
  write: KubernetesWrite,
  { uid, remote, pending }: ResourceServer,
): Violation | undefined {
  const { slot } = world;
  const after = write.change.kind === 'Status' ? write.change.status : undefined;
  if (slot === undefined || slot.owner === uid || after?.remote === undefined) return undefined;
  if (after.remote.from !== undefined) return undefined;
  const isCreated = remote === undefined && after.remote.origin === 'Created';
  const isKept = pending?.operation === 'Delete' && after.pending?.startTime !== pending.startTime;
  if (!isCreated && !isKept) return undefined;
  const isNews = slot.owner === SOMEBODY && isDisturbedSince(world, write.seenAtMs);
  return broken('mistaken', isNews ? 'W2' : undefined);
}

/** The pending record goes, or gives way to another, while its request is still on its way. */
function hasteOf(
  { calls }: World,
  before: ResourceServer,
  { pending }: ResourceServerStatus,
): Violation | undefined {
  if (before.pending === undefined || pending?.startTime === before.pending.startTime) {
    return undefined;
  }
  const call = calls.find(({ uid }) => uid === before.uid);
  return call && broken('haste', call.overdue ? 'W3' : undefined);
}

/**
 * A look tells what became of our request: what was seen must be its doing, and it must not be on
 * its way still. Where somebody wrote what looks the same that is W4, and W2 after a Delete. W4 is
 * as wide as that for an Update, too: one that lands after all undoes what came after it.
 */
export function misreadOf(
  world: World,
  { resource: { uid }, records: { pending }, observation }: Climbing,
  { remote }: Records,
): Violation | undefined {
  if (pending === undefined || remote === undefined) return undefined;
  const { slot, calls } = world;
  const { operation, hash } = pending;
  const isEqual = observation?.kind === 'Present' && observation.hash === hash;
  const isWhole = operation === 'Create' || operation === 'Delete';
  if (isWhole && slot !== undefined && slot.owner !== uid) {
    const isTheirs = isEqual && slot.owner === SOMEBODY;
    return broken('mistaken', isTheirs ? (operation === 'Create' ? 'W4' : 'W2') : undefined);
  }
  const call = calls.find((each) => each.uid === uid);
  if (call === undefined || operation === 'Delete') return undefined;
  if (call.overdue) return broken('haste', 'W3');
  const isTheirs = isEqual && isDisturbedSince(world, call.seenAtMs);
  return broken('haste', isTheirs ? 'W4' : undefined);
}

/** A record says "adopted": what another resource owns is not free, nor what the policy refuses. */
export function seizureOf(
  world: World,
  write: KubernetesWrite,
  { uid, adoptionPolicy }: ResourceServer,
): Violation | undefined {
  const { slot } = world;
  if (slot === undefined || slot.owner === uid) return undefined;
  const owner = KEYS.map((key) => world.objects[key]).find((each) => each?.uid === slot.owner);
  if (owner !== undefined && isRecorded(owner)) return broken('theft');
  const isAllowed = adoptionPolicy === 'Always' || slot.wish === write.wish;
  return isAllowed || isDisturbedSince(world, write.seenAtMs) ? undefined : broken('theft');
}

/** A hand-over arrives: who let go has nothing to give. */
export function misgiftOf(
  { objects }: World,
  { change }: KubernetesWrite,
  live: ResourceServer,
): Violation | undefined {
  const from = change.kind === 'Status' ? change.status.remote?.from : undefined;
  if (from === undefined || from === live.remote?.from) return undefined;
  const isThere = Object.values(objects).some(({ uid }) => uid === from);
  return isThere ? undefined : broken('theft');
}

function isRecorded({ remote, pending }: ResourceServer): boolean {
  return remote !== undefined || pending !== undefined;
}

/* --------------------------------------------------------------------- status */

/** Everything that is judged when a write is taken by the API server. */
export function wrongOf(
  world: World,
  write: KubernetesWrite,
  before: ResourceServer,
): Violation | undefined {
  if (before.uid !== write.uid) return broken('stray');
  if (write.change.kind === 'Finalizers') return undefined;
  const { status } = write.change;
  if (isMalformed(status, before)) return broken('status');
  if (saysReady(status, before.status) && isUntrue(world, write, before)) return broken('lie');
  if (isDouble(world, write, status)) return broken('double');
  const misjudged = disownmentOf(world, before, status) ?? mistakeOf(world, write, before);
  return misjudged ?? hasteOf(world, before, status);
}

function isReady({ conditions }: ResourceServerStatus): boolean {
  return findCondition(conditions, 'Ready')?.status === 'True';
}

/** What `status.md` forbids whatever happens. */
function isMalformed(status: ResourceServerStatus, before: ResourceServer): boolean {
  const { conditions, pending, observedGeneration = -1 } = status;
  const isOn = (type: 'Reconciling' | 'Stalled') =>
    findCondition(conditions, type)?.status === 'True';
  const isBoth = isOn('Reconciling') && isOn('Stalled');
  const isReadyInVain = isReady(status) && (pending !== undefined || before.leaving);
  const { observedGeneration: seen = -1 } = before.status;
  const isOutOfOrder = observedGeneration > before.generation || observedGeneration < seen;
  return isBoth || isReadyInVain || isOutOfOrder;
}

/** For who only observes, truth is judged when it is said: others may act before it is written. */
function isUntrue(world: World, write: KubernetesWrite, before: ResourceServer): boolean {
  if (before.managementPolicy === 'Observe') return false;
  return world.slot?.wish !== write.wish && !isDisturbedSince(world, write.seenAtMs);
}

/** Ready=True of a generation that it was not said of before. */
function saysReady(status: ResourceServerStatus, before: ResourceServerStatus): boolean {
  const [ready, known] = [status, before].map((each) => findCondition(each.conditions, 'Ready'));
  if (ready?.status !== 'True') return false;
  return known?.status !== 'True' || known.observedGeneration !== ready.observedGeneration;
}

/** About to say Ready=True: Cognito must hold it, and nothing of ours may still change it. */
export function lieOf(
  world: World,
  { change, wish, seenAtMs }: KubernetesWrite,
  before: ResourceServer,
): Violation | undefined {
  if (change.kind !== 'Status' || !saysReady(change.status, before.status)) return undefined;
  if (isDisturbedSince(world, seenAtMs)) return undefined;
  const changing = callsUnderWay(world).find((call) => changes(world, call));
  if (changing?.overdue) return broken('lie', 'W3');
  return world.slot?.wish !== wish || changing ? broken('lie') : undefined;
}

function callsUnderWay({ mind, calls }: World): readonly CognitoCall[] {
  const doings = KEYS.map((key) => mind.climbs[key]?.doing);
  return [...calls, ...doings.flatMap((each) => (each?.kind === 'Calling' ? [each.call] : []))];
}

function changes({ slot }: World, { operation, wish }: CognitoCall): boolean {
  if (operation === 'Create') return slot === undefined;
  return slot !== undefined && (operation === 'Delete' || slot.wish !== wish);
}

function isDouble(world: World, write: KubernetesWrite, status: ResourceServerStatus): boolean {
  if (status.remote === undefined && status.pending === undefined) return false;
  const others = KEYS.filter((key) => key !== write.key).map((key) => world.objects[key]);
  const held = others.filter((each) => each !== undefined && isRecorded(each));
  return held.some((each) => each?.uid !== status.remote?.from && each?.remote?.from !== write.uid);
}
