/** A ghost that sees the API server and Cognito at once and forgets nothing. */
import { isDeepStrictEqual } from 'node:util';
import { findCondition } from '../../src/api/conditions.ts';
import type { Identity } from '../../src/api/parse.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { Effect, SimulatedCognito } from './cognito.ts';
import type { Change, Objects, StoredObject } from './objects.ts';
import { hasRival, identityOf, isRecorded, wantedHash } from './records.ts';
import type { KubernetesRequest } from './requests.ts';

/** What nobody else can know. */
export interface Ghost {
  /** Who made the server that is there: a stranger, or we for the resource of this uid. */
  makerOf(identity: Identity): string | undefined;
  /**
   * Somebody else changed the server while a Create or Delete for this resource had no settled
   * answer: whose it is can be told by nobody, so that it is neither deleted nor taken.
   */
  isMuddied(uid: string): boolean;
  /** People edited records or finalizers of a resource that names it: nothing is promised then. */
  isTampered(identity: Identity): boolean;
}

interface Seeing extends Ghost {
  see(effect: Effect): readonly string[];
  judge(change: Change): readonly string[];
  /** A patch as it departs. */
  hear(request: KubernetesRequest): readonly string[];
}

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
    hear: (request) => ghost.hear(request),
  };
}

class AllSeeing implements Seeing {
  readonly #objects: Objects;
  readonly #cognito: SimulatedCognito;
  readonly #makers = new Map<string, string>();
  readonly #made = new Set<string>();
  readonly #muddied = new Set<string>();
  readonly #tampered = new Set<string>();
  /** What each server held, one after the other, since our last mutation of it. */
  readonly #contents = new Map<string, string[]>();
  /** What was asked for, by uid and generation. */
  readonly #wanted = new Map<string, string>();

  constructor(objects: Objects, cognito: SimulatedCognito) {
    this.#objects = objects;
    this.#cognito = cognito;
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
    if (author === undefined)
      return this.#tampered.has(server) ? [] : ['took effect without a record'];
    if (operation === 'Create') this.#made.add(author.metadata.uid);
    return authors.length > 1 ? ['took effect under two records'] : lawsOfEffect(effect, author);
  }

  #remember(server: string, { by, after }: Effect): void {
    const content = after === undefined ? ABSENT : hashOf(after);
    const known = this.#contents.get(server) ?? [ABSENT];
    if (by === 'Us') this.#contents.set(server, [content]);
    else this.#contents.set(server, [...known.slice(-CONTENTS_MAX), content]);
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
    this.#passOn(object);
    const isCreated = (each: StoredObject | undefined) => each?.status.remote?.origin === 'Created';
    const isClaimed = isCreated(object) && !isCreated(before);
    if (!isClaimed || this.#made.has(uid) || this.#muddied.has(uid)) return [];
    return ['says that it created what it did not'];
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
  #passOn({ metadata, spec, status }: StoredObject): void {
    const giver = (status.remote as { readonly from?: string } | undefined)?.from;
    if (giver === undefined) return;
    if (this.#made.has(giver)) this.#made.add(metadata.uid);
    if (this.#muddied.has(giver)) this.#muddied.add(metadata.uid);
    if (this.makerOf(spec) === giver) this.#makers.set(keyOfServer(spec), metadata.uid);
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

  /** Whoever says Synced has seen what was asked for, since we last changed it. */
  hear({ verb, key, patch }: KubernetesRequest): readonly string[] {
    if (verb !== 'patchStatus') return [];
    const { status } = patch as { readonly status?: Partial<ResourceServerStatus> };
    const ready = findCondition(status?.conditions, 'Ready');
    const object = this.#objects.get(key);
    if (ready?.status !== 'True' || ready.reason !== 'Synced' || object === undefined) return [];
    const { uid } = object.metadata;
    const wanted = this.#wanted.get(`${uid}/${ready.observedGeneration}`);
    const seen = this.#contents.get(identityOf(object)) ?? [ABSENT];
    const isTrue = wanted === undefined || seen.includes(wanted);
    return isTrue ? [] : ['says Synced, and what was asked for was not there'];
  }
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
