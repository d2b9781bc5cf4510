/**
 * Whether a world that was left in peace came to rest truthfully: what each resource says is so,
 * each identity is held that can be, and nobody waits for what does not come.
 */
import { findCondition } from '../../src/api/conditions.ts';
import { SYNC_ANNOTATION } from '../../src/api/names.ts';
import { hashOf } from '../../src/core/drift.ts';
import { keyOf, type StoredObject } from './objects.ts';
import { BAD_SCOPE } from './plan.ts';
import { identityOf, isRecorded, mayAdopt, wantedHash } from './records.ts';
import type { World } from './world.ts';

export function verdictOn(world: World): readonly string[] {
  const findings = world.objects.all().flatMap((object) => {
    const isLeaving = object.metadata.deletionTimestamp !== undefined;
    const wrong = isLeaving ? wrongAtDeath(world, object) : wrongInLife(world, object);
    return wrong.map((each) => `${keyOf(object)} ${each}: ${said(object)}`);
  });
  const throttled = world.cognito.throttled > 0 ? ['the operator ran into the rates'] : [];
  return [...findings, ...throttled];
}

function readyOf({ status }: StoredObject) {
  return findCondition(status.conditions, 'Ready');
}

function said(object: StoredObject): string {
  const ready = readyOf(object);
  return ready === undefined ? 'nothing' : `${ready.status}/${ready.reason}, ${ready.message}`;
}

/** Nobody can tell whose a muddied server is, and Cognito keeps its own: to block is right. */
function wrongAtDeath({ ghost, cognito }: World, object: StoredObject): readonly string[] {
  const isBlocked = readyOf(object)?.reason === 'DeletionBlocked';
  const isManaged = cognito.get(object.spec)?.managedBy !== undefined;
  const isUntellable = ghost.isMuddied(object.metadata.uid) || ghost.isTampered(object.spec);
  return isBlocked && (isUntellable || isManaged) ? [] : ['is never let go'];
}

function wrongInLife(world: World, object: StoredObject): readonly string[] {
  const { status, metadata } = object;
  const wrong: string[] = [];
  const must = (isSo: boolean, sentence: string): void => {
    if (!isSo) wrong.push(sentence);
  };
  must(status.observedGeneration === metadata.generation, 'never acted on its generation');
  const isInvalid = readyOf(object)?.reason === 'InvalidSpec';
  must(status.pending === undefined || isInvalid, 'keeps a pending record');
  must(isTrue(world, object), 'does not say what is so');
  const sync = metadata.annotations?.[SYNC_ANNOTATION];
  const looks = ['Synced', 'Drifted'].includes(readyOf(object)?.reason ?? '');
  must(!looks || sync === undefined || status.lastHandledSyncRequest === sync, 'never looked');
  return wrong;
}

/** Each reason that may stand for ever, and what must be so where it stands. */
function isTrue(world: World, object: StoredObject): boolean {
  const { spec } = object;
  const ready = readyOf(object);
  const there = world.cognito.get(spec);
  const isEqual = there !== undefined && hashOf(there) === wantedHash(object);
  const isBad = spec.scopes?.some(({ name }) => name === BAD_SCOPE.name) === true;
  switch (ready?.reason) {
    case 'Synced':
      return ready.status === 'True' && isEqual && !isBad;
    case 'Drifted':
      return spec.managementPolicy === 'Observe' && !isEqual;
    case 'AlreadyExists':
      return there !== undefined && !isRecorded(object) && !mayAdopt(object, there);
    case 'IdentityTaken':
      return rivals(world, object).some((each) => holds(each) && !isRecorded(object));
    case 'InvalidSpec':
      return isBad;
    case 'ManagedByCognito':
      return there?.managedBy !== undefined;
    case 'QuotaExceeded':
      return there === undefined && world.cognito.isFull(spec.userPoolId);
    default:
      return false;
  }
}

function rivals({ objects }: World, object: StoredObject): readonly StoredObject[] {
  return objects.all().filter((each) => each !== object && identityOf(each) === identityOf(object));
}

/** It has a record; or it is alive and enforces, and tells why it has none. */
function holds(object: StoredObject): boolean {
  if (isRecorded(object)) return true;
  const { metadata, spec } = object;
  const isAlive = metadata.deletionTimestamp === undefined && spec.managementPolicy === 'Enforce';
  return isAlive && readyOf(object)?.reason !== 'IdentityTaken';
}
