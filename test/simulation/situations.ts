/** Situations that more than one moment makes: told from what came before. */
import { findCondition } from '../../src/api/conditions.ts';
import type { Moment, Witness } from './moment.ts';
import { type Change, keyOf, type StoredObject } from './objects.ts';
import { identityOf, isLeaving, isRecorded, wantedHash } from './records.ts';

export const SITUATIONS = [
  'an unanswered Create landed late',
  'an unanswered Update landed late',
  'an unanswered Delete landed late',
  'a Create took effect and its answer was lost',
  'an Update took effect and its answer was lost',
  'a Delete took effect and its answer was lost',
  'a Create took effect while its resource was leaving',
  'a 409 on a status write then settled',
  'a 409 met a finalizer write',
  'the write of a record landed and its answer was lost',
  'the write of a record landed after its sender gave up',
  'a record of a former process was resolved',
  'an identity changed hands',
  'an identity passed to another namespace',
  'a resource was made again while its server was there',
  'a process was killed between a record and its call',
  'a process was killed with a mutation on its way',
  'a process was frozen between a record and its call',
  'a process was frozen and another led before it thawed',
  'a process was thawed and found that it leads no longer',
  'a process took the Lease from one that was killed',
  'a released Lease was taken within a second',
  'the Lease was created again while somebody led',
  'the Lease named a stranger',
  'a renewal met a 409',
  'a parked key was woken by a freed slot',
  'a drift made at the console was corrected',
  'a server was taken away at the console and made anew',
  'an adoption was refused under IfMatching',
  'an adoption was refused under Never',
  'what differs was adopted under Always',
  'a blocked deletion went on',
  'a sweep of several pages ended',
  'a sweep began anew after a page of it failed',
  'a list of the API server began anew after 410 between its pages',
  'a hand-made Ready was corrected',
  'a wiped status was written anew',
] as const;

export type Situation = (typeof SITUATIONS)[number];

type Count = (situation: Situation) => void;
type Of<K extends Moment['kind']> = Extract<Moment, { readonly kind: K }>;

export function createSituations(count: Count): Witness {
  const seen = new Seen(count);
  return (moment, atMs) => {
    switch (moment.kind) {
      case 'Cognito':
        return seen.call(moment);
      case 'Kubernetes':
        return seen.write(moment);
      case 'Change':
        return seen.change(moment.change);
      case 'Effect':
        return seen.effect(moment, atMs);
      case 'Lease':
        return seen.lease(moment, atMs);
      case 'Process':
        return seen.passage(moment);
      case 'Fault':
        if (moment.name === 'UsurpLease' || moment.name === 'usurped')
          count('the Lease named a stranger');
        return;
      case 'Event':
      case 'Line':
      case 'Count':
        return;
    }
  };
}

/** What each process has under way. */
class PerProcess<T> {
  readonly #all = new Map<string, Set<T>>();

  add(by: string, each: T): void {
    this.#all.set(by, (this.#all.get(by) ?? new Set()).add(each));
  }

  delete(by: string, each: T): void {
    this.#all.get(by)?.delete(each);
  }

  has(by: string): boolean {
    return (this.#all.get(by)?.size ?? 0) > 0;
  }
}

const FREED_MS = 60_000;
const AT_ONCE_MS = 1_000;

class Seen {
  readonly #count: Count;
  readonly #landed = new WeakSet<object>();
  /** Servers with a record whose one call is still to depart. */
  readonly #recorded = new PerProcess<string>();
  readonly #calling = new PerProcess<object>();
  /** The record that was last written for each key, and the server that the key names. */
  readonly #records = new Map<string, string | undefined>();
  readonly #servers = new Map<string, string>();
  readonly #conflicted = new Set<string>();
  /** Who holds each identity: its key. */
  readonly #holders = new Map<string, string>();
  readonly #drifted = new Set<string>();
  readonly #taken = new Set<string>();
  readonly #forged = new Set<string>();
  readonly #wiped = new Set<string>();
  readonly #parked = new Map<string, StoredObject>();
  readonly #freedAtMs = new Map<string, number>();
  readonly #failedSweeps = new Set<string>();
  readonly #frozen = new Map<string, string>();
  /** Servers whose resource leaves under a pending Create. */
  readonly #leaving = new Set<string>();
  #leader = '';
  #leaderWasKilled = false;
  #releasedAtMs = Number.NEGATIVE_INFINITY;
  #listFailed = false;

  constructor(count: Count) {
    this.#count = count;
  }

  /* ------------------------------------------------------------- requests */

  call({ by, request, stage }: Of<'Cognito'>): void {
    const { operation } = request;
    if (operation === 'List') return this.#list(request.pool, request.nextToken, stage);
    if (operation === 'Describe') return;
    if (stage.kind === 'Departed' || stage.kind === 'Withheld')
      this.#recorded.delete(by, `${request.pool}/${request.identifier}`);
    if (stage.kind === 'Departed') this.#calling.add(by, request);
    if (stage.kind === 'Answered' || stage.kind === 'Unanswered') this.#calling.delete(by, request);
    if (stage.kind === 'Landed' && stage.failure === undefined) {
      this.#landed.add(request);
      if (stage.late) this.#count(`an unanswered ${operation} landed late`);
    }
    if (stage.kind !== 'Unanswered' || !this.#landed.has(request)) return;
    const article = operation === 'Update' ? 'an' : 'a';
    this.#count(`${article} ${operation} took effect and its answer was lost` as Situation);
  }

  #list(pool: string, token: string | undefined, stage: Of<'Cognito'>['stage']): void {
    if (stage.kind === 'Departed' && token === undefined && this.#failedSweeps.delete(pool))
      this.#count('a sweep began anew after a page of it failed');
    if (stage.kind !== 'Answered' || token === undefined) return;
    if (stage.failure === undefined) this.#count('a sweep of several pages ended');
    else this.#failedSweeps.add(pool);
  }

  write({ by, request, stage }: Of<'Kubernetes'>): void {
    if (request.verb === 'list') return this.#page(request.key, stage);
    if (request.verb === 'read') return;
    const isRecord = JSON.stringify(request.patch).includes('"operation"');
    const isStatus = request.verb === 'patchStatus';
    // Whoever writes the status again makes no call on what it wrote before.
    if (stage.kind === 'Departed' && isStatus)
      this.#recorded.delete(by, this.#servers.get(request.key) ?? '');
    if (stage.kind === 'Answered') {
      const isConflict = stage.failure?.kind === 'Conflict';
      if (isConflict && !isStatus) this.#count('a 409 met a finalizer write');
      if (isConflict && isStatus) this.#conflicted.add(request.key);
      if (stage.failure === undefined && isStatus && this.#conflicted.delete(request.key))
        this.#count('a 409 on a status write then settled');
      if (stage.failure === undefined && isStatus) this.#record(by, request);
    }
    if (!isRecord) return;
    if (stage.kind === 'Landed' && stage.failure === undefined) {
      this.#landed.add(request);
      if (stage.late) this.#count('the write of a record landed after its sender gave up');
    }
    if (stage.kind === 'Unanswered' && this.#landed.has(request))
      this.#count('the write of a record landed and its answer was lost');
  }

  /** A record that is only kept is followed by no call, nor is a hand-over. */
  #record(by: string, { key, patch }: Of<'Kubernetes'>['request']): void {
    const { pending } = (patch as Partial<StoredObject>).status ?? {};
    const record = pending && `${pending.instance} ${pending.startTime}`;
    const isNew = record !== this.#records.get(key);
    this.#records.set(key, record);
    const server = this.#servers.get(key);
    if (!isNew || !pending || pending.operation === 'HandOver' || server === undefined) return;
    this.#recorded.add(by, server);
  }

  #page(token: string, stage: Of<'Kubernetes'>['stage']): void {
    if (stage.kind === 'Departed' && token === '' && this.#listFailed) {
      this.#listFailed = false;
      this.#count('a list of the API server began anew after 410 between its pages');
    }
    if (stage.kind !== 'Answered' || stage.failure?.kind !== 'KubernetesFailed') return;
    if (token !== '' && stage.failure.status === 410) this.#listFailed = true;
  }

  /* -------------------------------------------------------------- effects */

  effect({ effect }: Of<'Effect'>, atMs: number): void {
    const { by, operation, pool, identifier } = effect;
    const server = `${pool}/${identifier}`;
    if (by === 'Stranger') {
      if (operation === 'Update') this.#drifted.add(server);
      if (operation === 'Delete') this.#taken.add(server);
      if (operation === 'Delete') this.#freedAtMs.set(pool, atMs);
      return;
    }
    if (operation === 'Update' && this.#drifted.delete(server))
      this.#count('a drift made at the console was corrected');
    if (operation === 'Delete') this.#freedAtMs.set(pool, atMs);
    if (operation !== 'Create') return;
    if (this.#taken.delete(server))
      this.#count('a server was taken away at the console and made anew');
    const isFreed = atMs - (this.#freedAtMs.get(pool) ?? Number.NEGATIVE_INFINITY) < FREED_MS;
    if (this.#parked.delete(server) && isFreed)
      this.#count('a parked key was woken by a freed slot');
    if (this.#leaving.has(server))
      this.#count('a Create took effect while its resource was leaving');
  }

  /* -------------------------------------------------------------- objects */

  change({ by, kind, before, object }: Change): void {
    const server = identityOf(object);
    if (isLeaving(object) && kind !== 'Deleted' && object.status.pending?.operation === 'Create')
      this.#leaving.add(server);
    else this.#leaving.delete(server);
    this.#hold(server, object, kind);
    this.#servers.set(keyOf(object), server);
    if (by === 'People') return this.#byHand(kind, before, object);
    const key = keyOf(object);
    const ready = findCondition(object.status.conditions, 'Ready');
    const readyBefore = findCondition(before?.status.conditions, 'Ready');
    if (ready?.reason === 'QuotaExceeded') this.#parked.set(server, object);
    const { adoptionPolicy } = object.spec;
    if (ready?.reason === 'AlreadyExists' && readyBefore?.reason !== 'AlreadyExists')
      if (adoptionPolicy !== 'Always')
        this.#count(`an adoption was refused under ${adoptionPolicy}`);
    const { remote } = object.status;
    const isFound = remote?.from === undefined && before?.status.remote === undefined;
    if (remote?.origin === 'Adopted' && isFound && remote.hash !== wantedHash(object))
      this.#count('what differs was adopted under Always');
    if (readyBefore?.reason === 'DeletionBlocked' && ready?.reason !== 'DeletionBlocked')
      this.#count('a blocked deletion went on');
    if (kind === 'Deleted' && ready?.reason === 'DeletionBlocked')
      this.#count('a blocked deletion went on');
    if (this.#forged.delete(key)) this.#count('a hand-made Ready was corrected');
    if (this.#wiped.delete(key)) this.#count('a wiped status was written anew');
    const [was, is] = [before?.status.pending, object.status.pending];
    if (was !== undefined && is === undefined && was.instance !== this.#leader)
      this.#count('a record of a former process was resolved');
  }

  #hold(server: string, object: StoredObject, kind: Change['kind']): void {
    const key = keyOf(object);
    const holder = this.#holders.get(server);
    if (kind === 'Deleted' || !isRecorded(object)) return;
    this.#holders.set(server, key);
    if (holder === undefined || holder === key) return;
    this.#count('an identity changed hands');
    if (holder.split('/')[0] !== object.metadata.namespace)
      this.#count('an identity passed to another namespace');
  }

  #byHand(kind: Change['kind'], before: StoredObject | undefined, object: StoredObject): void {
    const key = keyOf(object);
    if (kind === 'Added' && this.#holders.has(identityOf(object)))
      this.#count('a resource was made again while its server was there');
    if (before === undefined || before.status === object.status) return;
    const [ready] = object.status.conditions ?? [];
    if (ready?.message === 'by hand') this.#forged.add(key);
    else this.#wiped.add(key);
  }

  /* ------------------------------------------------------- Lease and process */

  lease({ by, request, stage }: Of<'Lease'>, atMs: number): void {
    if (request.verb === 'update' && stage.kind === 'Answered' && by === this.#leader)
      if (stage.failure?.kind === 'Conflict') this.#count('a renewal met a 409');
    if (request.record === undefined) return;
    if (stage.kind !== 'Landed' || stage.failure !== undefined) return;
    if (request.record.holder === '') {
      this.#releasedAtMs = atMs;
      return;
    }
    if (request.verb === 'create' && this.#leader !== '')
      this.#count('the Lease was created again while somebody led');
    if (by === this.#leader) return;
    if (atMs - this.#releasedAtMs < AT_ONCE_MS)
      this.#count('a released Lease was taken within a second');
    if (this.#leaderWasKilled) this.#count('a process took the Lease from one that was killed');
    this.#leader = by;
    this.#leaderWasKilled = false;
  }

  passage({ by, passage, how }: Of<'Process'>): void {
    const isBetween = this.#recorded.has(by);
    if (passage === 'Killed') {
      if (isBetween) this.#count('a process was killed between a record and its call');
      if (this.#calling.has(by)) this.#count('a process was killed with a mutation on its way');
      this.#leaderWasKilled ||= by === this.#leader;
    }
    if (passage === 'Frozen') {
      if (isBetween) this.#count('a process was frozen between a record and its call');
      this.#frozen.set(by, this.#leader);
    }
    if (passage === 'Thawed' && this.#frozen.get(by) === by && this.#leader !== by)
      this.#count('a process was frozen and another led before it thawed');
    if (passage === 'Ended' && how === 'LostLease' && this.#frozen.has(by))
      this.#count('a process was thawed and found that it leads no longer');
  }
}
