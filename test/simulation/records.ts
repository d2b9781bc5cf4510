/** What the records of an object say, read without the operator's help. */
import { FINALIZER } from '../../src/api/names.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { ServerContent } from '../sandbox/cognito/store.ts';
import type { Objects, StoredObject } from './objects.ts';

/** A record of its own, of an object that did not let go: that leaves, and is not held. */
export function isRecorded(object: StoredObject): boolean {
  const { metadata, status } = object;
  const { recordUID, remote, pending } = status;
  const isHeld = !isLeaving(object) || metadata.finalizers?.includes(FINALIZER) === true;
  return isHeld && recordUID === metadata.uid && (remote ?? pending) !== undefined;
}

export function isLeaving({ metadata }: StoredObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function identityOf({ spec }: StoredObject): string {
  return `${spec.userPoolId}/${spec.identifier}`;
}

/** Another object that names the same server and has a record of it. */
export function hasRival(object: StoredObject, objects: Objects): boolean {
  return objects.all().some((each) => isSameServer(each, object) && isRecorded(each));
}

function isSameServer(one: StoredObject, other: StoredObject): boolean {
  const isOther = one.metadata.uid !== other.metadata.uid;
  return isOther && identityOf(one) === identityOf(other);
}

/** Whether its policy lets it take what it finds and has no record of. */
export function mayAdopt(object: StoredObject, found: ServerContent): boolean {
  const { adoptionPolicy } = object.spec;
  if (adoptionPolicy === 'IfMatching') return hashOf(found) === wantedHash(object);
  return adoptionPolicy === 'Always';
}

export function wantedHash({ metadata, spec }: StoredObject): string {
  return hashOf({ name: spec.name ?? metadata.name, scopes: spec.scopes ?? [] });
}
