/**
 * What must hold in every moment, whatever happens: judged on each write of the operator and each
 * effect on Cognito, by a ghost that sees both sides and forgets nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import { findCondition } from '../../src/api/conditions.ts';
import { FINALIZER, PAUSED_ANNOTATION } from '../../src/api/names.ts';
import type { Identity } from '../../src/api/parse.ts';
import type { PendingRecord, RemoteRecord } from '../../src/api/resource-server.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { Effect, SimulatedCognito } from './cognito.ts';
import { type Change, keyOf, type Objects, type StoredObject } from './objects.ts';

export interface Judged {
  readonly objects: Objects;
  readonly cognito: SimulatedCognito;
  readonly broken: string[];
}

/** What nobody else can know. */
export interface Ghost {
  /** Who made the server that is there: a stranger, or we for the resource of this uid. */
  makerOf(identity: Identity): string | undefined;
  /**
   * Somebody else changed the server while a Create or Delete for this resource had no settled
   * answer: whose it is can be told by nobody, so that it is neither deleted nor taken.
   */
  isMuddied(uid: string): boolean;
}

export function watchLaws({ objects, cognito, broken }: Judged): Ghost {
  const ghost = new Witness(objects, cognito);
  cognito.onEffect((effect) => {
    for (const law of ghost.see(effect)) {
      broken.push(`${effect.operation} of ${effect.pool}/${effect.identifier} ${law}`);
    }
  });
  objects.onChange((change) => {
    if (change.by === 'People') return;
    for (const law of [...lawsOfWrite(change, objects), ...ghost.judge(change)]) {
      broken.push(`${keyOf(change.object)} ${law}`);
    }
  });
  return ghost;
}

/* ----------------------------------------------------------------- the objects */

function lawsOfWrite({ before, object }: Change, objects: Objects): readonly string[] {
  if (isDeepStrictEqual(before?.status, object.status)) return [];
  const laws: string[] = [];
  const { pending } = object.status;
  const isReady = findCondition(object.status.conditions, 'Ready')?.status === 'True';
  if (isReady && pending !== undefined) laws.push('is Ready beside a pending record');
  if (isReady && isLeaving(object)) laws.push('is Ready beside a deletionTimestamp');
  const isNew = pending !== undefined && !isDeepStrictEqual(before?.status.pending, pending);
  return isNew ? [...laws, ...lawsOfRecord(object, pending, objects)] : laws;
}

/** Written for a version of the object, so that what it says is what was decided on. */
function lawsOfRecord(object: StoredObject, pending: PendingRecord, objects: Objects) {
  const { metadata, spec, status } = object;
  const laws: string[] = [];
  const must = (holds: boolean, law: string): void => {
    if (!holds) laws.push(`has a pending ${pending.operation} ${law}`);
  };
  must(metadata.finalizers?.includes(FINALIZER) === true, 'without the finalizer');
  must(status.recordUID === metadata.uid, 'that names another object');
  must(metadata.annotations?.[PAUSED_ANNOTATION] !== 'true', 'while it is paused');
  must(spec.managementPolicy === 'Enforce', 'while it only observes');
  must(isLeaving(object) === (pending.operation === 'Delete'), 'at the wrong end of its life');
  must(pending.operation === 'Create' || status.remote !== undefined, 'of what is not its own');
  must(pending.operation !== 'Delete' || isDuty(object, status.remote), 'against its policy');
  must(!hasRival(object, objects), 'beside another record of its identity');
  return laws;
}

function isDuty({ spec }: StoredObject, remote: RemoteRecord | undefined): boolean {
  if (spec.deletionPolicy === 'Delete') return true;
  return spec.deletionPolicy === 'DeleteIfCreated' && remote?.origin === 'Created';
}

function hasRival(object: StoredObject, objects: Objects): boolean {
  return objects.all().some((each) => isSameServer(each, object) && isRecorded(each));
}

function isSameServer(one: StoredObject, other: StoredObject): boolean {
  const isOther = one.metadata.uid !== other.metadata.uid;
  return isOther && identityOf(one) === identityOf(other);
}

/** A record of its own, of an object that did not let go. */
export function isRecorded({ metadata, status }: StoredObject): boolean {
  const { recordUID, remote, pending } = status;
  const isHeld = metadata.finalizers?.includes(FINALIZER) === true;
  return isHeld && recordUID === metadata.uid && (remote ?? pending) !== undefined;
}

function isLeaving({ metadata }: StoredObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function identityOf({ spec }: StoredObject): string {
  return `${spec.userPoolId}/${spec.identifier}`;
}

/* ------------------------------------------------------------------- the ghost */

/** Made what is there, and no uid looks like it. */
const STRANGER = 'a stranger';

class Witness implements Ghost {
  readonly #objects: Objects;
  readonly #cognito: SimulatedCognito;
  readonly #makers = new Map<string, string>();
  readonly #made = new Set<string>();
  readonly #muddied = new Set<string>();

  constructor(objects: Objects, cognito: SimulatedCognito) {
    this.#objects = objects;
    this.#cognito = cognito;
  }

  makerOf(identity: Identity): string | undefined {
    return this.#makers.get(`${identity.userPoolId}/${identity.identifier}`);
  }

  isMuddied(uid: string): boolean {
    return this.#muddied.has(uid);
  }

  see(effect: Effect): readonly string[] {
    const { by, operation, pool, identifier } = effect;
    const identity = `${pool}/${identifier}`;
    const recorded = this.#objects.all().filter((each) => identityOf(each) === identity);
    const authors = recorded.filter(({ status }) => status.pending?.operation === operation);
    const [author] = authors;
    if (operation === 'Delete') this.#makers.delete(identity);
    if (operation === 'Create') this.#makers.set(identity, author?.metadata.uid ?? STRANGER);
    if (by === 'Stranger') {
      if (operation === 'Create') this.#makers.set(identity, STRANGER);
      for (const each of recorded) this.#muddy(each);
      return [];
    }
    if (author === undefined) return ['took effect without a record'];
    if (operation === 'Create') this.#made.add(author.metadata.uid);
    return authors.length > 1 ? ['took effect under two records'] : lawsOfEffect(effect, author);
  }

  #muddy({ metadata, status }: StoredObject): void {
    const { operation } = status.pending ?? {};
    if (operation === 'Create' || operation === 'Delete') this.#muddied.add(metadata.uid);
  }

  judge({ kind, before, object }: Change): readonly string[] {
    const { uid } = object.metadata;
    if (kind === 'Deleted') return this.#isLost(object) ? ['left its resource server behind'] : [];
    const isCreated = (each: StoredObject | undefined) => each?.status.remote?.origin === 'Created';
    const isClaimed = isCreated(object) && !isCreated(before);
    if (!isClaimed || this.#made.has(uid) || this.#muddied.has(uid)) return [];
    return ['says that it created what it did not'];
  }

  /** Made for this very resource, which was to delete it, and nobody has taken it over. */
  #isLost(object: StoredObject): boolean {
    const { uid } = object.metadata;
    const isThere = this.#cognito.get(object.spec) !== undefined;
    const isOurs = this.makerOf(object.spec) === uid && !this.#muddied.has(uid);
    const isKept =
      object.spec.deletionPolicy === 'Retain' || object.spec.managementPolicy === 'Observe';
    return isThere && isOurs && !isKept && !hasRival(object, this.#objects);
  }
}

function lawsOfEffect({ operation, before, after }: Effect, { status }: StoredObject) {
  const laws: string[] = [];
  if (before?.managedBy !== undefined) laws.push('touched what Cognito manages');
  const isPlanned = operation === 'Delete' || (after && hashOf(after) === status.pending?.hash);
  if (!isPlanned) laws.push('wrote something else than its record says');
  return laws;
}
