/** A ghost that sees the API server and Cognito at once and forgets nothing. */
import { isDeepStrictEqual } from 'node:util';
import { findCondition } from '../../src/api/conditions.ts';
import type { Identity } from '../../src/api/parse.ts';
import type { RemoteRecord, ResourceServerStatus } from '../../src/api/resource-server.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { Effect, SimulatedCognito } from './cognito.ts';
import { Looks } from './looks.ts';
import type { Moment } from './moment.ts';
import type { Change, Objects, StoredObject } from './objects.ts';
import { hasRival, identityOf, isRecorded, mayAdopt, wantedHash } from './records.ts';

/** What nobody else can know. */
export interface Ghost {
  /** Who made the server that is there: a stranger, or we for the resource of this uid. */
  makerOf(identity: Identity): string | undefined;
  /**
   * Somebody else changed the server while a Create or Delete for this resource had no settled
   * answer, or had made what its Create met: whose it is can be told by nobody who has not heard
   * the answer, so that it is neither deleted nor taken.
   */
  isMuddied(uid: string): boolean;
  /** People edited records or finalizers of a resource that names it: nothing is promised then. */
  isTampered(identity: Identity): boolean;
}

interface Seeing extends Ghost {
  see(effect: Effect): readonly string[];
  judge(change: Change): readonly string[];
  look(call: Call): void;
  /** A patch as it departs. */
  hear(patch: Patch): readonly string[];
}

type Call = Extract<Moment, { readonly kind: 'Cognito' }>;
type Patch = Pick<Extract<Moment, { readonly kind: 'Kubernetes' }>, 'by' | 'request'>;

/** Made what is there, and no uid looks like it. */
const STRANGER = 'a stranger';
/** So many contents of one server are remembered since we last changed it. */
const CONTENTS_MAX = 64;
const ABSENT = 'absent';

export function createGhost(seen: { objects: Objects; cognito: SimulatedCognito }): Seeing {
  const ghost = new AllSeeing(seen.objects, seen.cognito);
  return {
    makerOf: (identity) => ghost.makerOf(identity),
    isMuddied: (uid) => ghost.isMuddied(uid),
    isTampered: (identity) => ghost.isTampered(identity),
    see: (effect) => ghost.see(effect),
    judge: (change) => ghost.judge(change),
    look: (call) => ghost.look(call),
    hear: (patch) => ghost.hear(patch),
  };
}

class AllSeeing implements Seeing {
  readonly #objects: Objects;
  readonly #cognito: SimulatedCognito;
  readonly #looks: Looks;
  readonly #makers = new Map<string, string>();
  readonly #made = new Set<string>();
  /** Who came by each server lawfully: made it, adopted it, or was handed it, by uid. */
  readonly #owners = new Map<string, string>();
  readonly #muddied = new Set<string>();
  readonly #tampered = new Set<string>();
  /** What each server held, one after the other, since our last mutation of it. */
  readonly #contents = new Map<string, string[]>();
  /** What it held until then. */
  readonly #formerContents = new Map<string, readonly string[]>();
  /** What was asked for, by uid and generation. */
  readonly #wanted = new Map<string, string>();

  constructor(objects: Objects, cognito: SimulatedCognito) {
    this.#objects = objects;
    this.#cognito = cognito;
    this.#looks = new Looks(objects, cognito);
  }

  makerOf(identity: Identity): string | undefined {
    return this.#makers.get(keyOfServer(identity));
  }

  isMuddied(uid: string): boolean {
    return this.#muddied.has(uid);
  }

  isTampered(identity: Identity): boolean {
    return this.#tampered.has(keyOfServer(identity));
  }

  /* ------------------------------------------------------------- at Cognito */

  see(effect: Effect): readonly string[] {
    const { by, operation, pool, identifier } = effect;
    const server = `${pool}/${identifier}`;
    this.#remember(server, effect);
    const recorded = this.#objects.all().filter((each) => identityOf(each) === server);
    const authors = recorded.filter(({ status }) => status.pending?.operation === operation);
    const [author] = authors;
    if (operation === 'Delete') this.#makers.delete(server);
    if (operation === 'Create') this.#makers.set(server, author?.metadata.uid ?? STRANGER);
    if (by === 'Stranger') {
      if (operation === 'Create') this.#makers.set(server, STRANGER);
      for (const each of recorded) this.#muddy(each);
      return [];
    }
    const isTampered = this.#tampered.has(server);
    if (author === undefined) return isTampered ? [] : ['took effect without a record'];
    const { uid } = author.metadata;
    if (operation === 'Create') {
      this.#made.add(uid);
      this.#owners.set(server, uid);
    }
    if (authors.length > 1) return ['took effect under two records'];
    const isTheft = this.#owners.get(server) !== uid && !isTampered;
    const laws = lawsOfEffect(effect, author);
    return isTheft ? [...laws, 'took effect on what is not its own'] : laws;
  }

  #remember(server: string, { by, after }: Effect): void {
    const content = after === undefined ? ABSENT : hashOf(after);
    const known = this.#contents.get(server) ?? [ABSENT];
    if (by === 'Us') {
      this.#formerContents.set(server, known);
      this.#contents.set(server, [content]);
    } else this.#contents.set(server, [...known.slice(-CONTENTS_MAX), content]);
  }

  #muddy({ metadata, status }: StoredObject): void {
    const { operation } = status.pending ?? {};
    if (operation === 'Create' || operation === 'Delete') this.#muddied.add(metadata.uid);
  }

  /* ------------------------------------------------------ at the API server */

  judge(change: Change): readonly string[] {
    const { kind, by, before, object } = change;
    const { uid, generation } = object.metadata;
    if (before?.metadata.generation !== generation)
      this.#wanted.set(`${uid}/${generation}`, wantedHash(object));
    if (by === 'People') return this.#excuse(change);
    if (kind === 'Deleted') return this.#isLost(object) ? ['left its resource server behind'] : [];
    this.#looks.judge(change);
    return this.#passOn(object);
  }

  /** Who edits records, or takes finalizers away, gets what is left. */
  #excuse({ before, object }: Change): readonly string[] {
    if (before === undefined) {
      if (isRecorded(object)) this.#tampered.add(identityOf(object));
      return [];
    }
    const isHeld = (each: StoredObject) => (each.metadata.finalizers ?? []).length > 0;
    const isStripped = isHeld(before) && !isHeld(object);
    if (!isStripped && isDeepStrictEqual(recordsOf(before), recordsOf(object))) return [];
    this.#tampered.add(identityOf(object));
    this.#muddied.add(object.metadata.uid);
    return [];
  }

  /** What one resource hands over to its rival is the rival's from then on. */
  #passOn(object: StoredObject): readonly string[] {
    const { metadata, spec, status } = object;
    const { uid } = metadata;
    const server = identityOf(object);
    const giver = status.remote?.from;
    if (status.remote?.origin === 'Adopted' && giver === undefined) this.#owners.set(server, uid);
    if (!hasRecords(status)) this.#forget(server, uid);
    if (giver === undefined) return [];
    if (this.#made.has(giver)) this.#made.add(uid);
    if (this.#muddied.has(giver)) this.#muddied.add(uid);
    if (this.makerOf(spec) === giver) this.#makers.set(server, uid);
    const owner = this.#owners.get(server);
    if (owner === giver) this.#owners.set(server, uid);
    const isTrue = owner === giver || owner === uid || this.#tampered.has(server);
    return isTrue ? [] : ["was handed over what was not its giver's"];
  }

  /** Without a record it has nothing: what it had may be made, or taken, by anybody. */
  #forget(server: string, uid: string): void {
    this.#made.delete(uid);
    if (this.#owners.get(server) === uid) this.#owners.delete(server);
  }

  /** Made for this very resource, which was to delete it, and nobody has taken it over. */
  #isLost(object: StoredObject): boolean {
    const { uid } = object.metadata;
    const isThere = this.#cognito.get(object.spec) !== undefined;
    const isOurs = this.makerOf(object.spec) === uid && !this.#muddied.has(uid);
    const isKept =
      object.spec.deletionPolicy === 'Retain' || object.spec.managementPolicy === 'Observe';
    const isExcused = this.isTampered(object.spec);
    return isThere && isOurs && !isKept && !isExcused && !hasRival(object, this.#objects);
  }

  look(call: Call): void {
    this.#looks.see(call);
    const { operation, pool, identifier } = call.request;
    if (operation !== 'Create' || call.stage.kind !== 'Landed') return;
    const met = this.#cognito.get({ userPoolId: pool, identifier });
    if (call.stage.failure === undefined || met === undefined) return;
    const server = `${pool}/${identifier}`;
    for (const each of this.#objects.all()) if (identityOf(each) === server) this.#muddy(each);
  }

  hear({ by, request }: Patch): readonly string[] {
    const { verb, key, patch } = request;
    const object = this.#objects.get(key);
    if (verb !== 'patchStatus' || object === undefined) return [];
    const { metadata, status = {} } = patch as Partial<StoredObject>;
    const isStale = metadata?.resourceVersion !== object.metadata.resourceVersion;
    const claims = isStale ? [] : this.#lawsOfClaim(by, object, status.remote);
    return [...claims, ...this.#lawsOfReady(object, status)];
  }

  /** Whoever says that a server is its own made it, or was shown what it may take. */
  #lawsOfClaim(by: string, object: StoredObject, remote: RemoteRecord | undefined) {
    const { metadata, status } = object;
    // A patch names what it takes away, as null.
    const isNew = remote && !remote.from && remote.origin !== status.remote?.origin;
    if (!isNew || this.isTampered(object.spec)) return [];
    const shown = this.#looks.shownTo(by, metadata.uid);
    if (remote.origin === 'Adopted') {
      const found = shown.filter(({ managedBy }) => managedBy === undefined);
      const isAllowed = found.some((each) => mayAdopt(object, each));
      return isAllowed ? [] : ['adopts what its policy does not let it adopt'];
    }
    // W4: what somebody else made, equal to what a Create without an answer asked for.
    const { operation, hash } = status.pending ?? {};
    const isLikeIt = operation === 'Create' && shown.some((each) => hashOf(each) === hash);
    if (isLikeIt) this.#owners.set(identityOf(object), metadata.uid);
    const isTrue = isLikeIt || this.#made.has(metadata.uid);
    return isTrue ? [] : ['says that it created what it did not'];
  }

  /**
   * Whoever says Synced has seen what was asked for, since we last changed it. Who only observes
   * may have seen it before that: another acts while its status is on the way, and wakes it.
   */
  #lawsOfReady(object: StoredObject, { conditions }: Partial<ResourceServerStatus>) {
    const ready = findCondition(conditions, 'Ready');
    if (ready?.status !== 'True' || ready.reason !== 'Synced') return [];
    const { uid } = object.metadata;
    const wanted = this.#wanted.get(`${uid}/${ready.observedGeneration}`);
    const server = identityOf(object);
    const seen = this.#contents.get(server) ?? [ABSENT];
    const isOnlooker = object.spec.managementPolicy === 'Observe';
    const before = isOnlooker ? (this.#formerContents.get(server) ?? [ABSENT]) : [];
    const isTrue = wanted === undefined || [...seen, ...before].includes(wanted);
    return isTrue ? [] : ['says Synced, and what was asked for was not there'];
  }
}

function hasRecords({ remote, pending }: ResourceServerStatus): boolean {
  return (remote ?? pending) !== undefined;
}

function keyOfServer({ userPoolId, identifier }: Identity): string {
  return `${userPoolId}/${identifier}`;
}

function recordsOf({ status }: StoredObject) {
  const { recordUID, remote, pending } = status;
  return { recordUID, remote, pending };
}

function lawsOfEffect({ operation, before, after }: Effect, { status }: StoredObject) {
  const laws: string[] = [];
  if (before?.managedBy !== undefined) laws.push('touched what Cognito manages');
  const isPlanned = operation === 'Delete' || (after && hashOf(after) === status.pending?.hash);
  if (!isPlanned) laws.push('wrote something else than its record says');
  return laws;
}
