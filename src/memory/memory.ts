/**
 * What the leader remembers beside the store: claims, sweeps, attempts, parking, and which keys
 * name which pool. Lost with the process, and nothing safe depends on it: what is forgotten is
 * judged from the start of the term, or looked at again.
 */

import { isDeepStrictEqual } from 'node:util';
import type { Identity, ResourceServer } from '../api/parse.ts';
import type { ResourceServerStatus } from '../api/resource-server.ts';
import { type Attempts, NO_ATTEMPTS } from '../core/attempts.ts';
import type { Selects } from '../core/claimants.ts';
import { type ClaimsIndex, createClaimsIndex, identityKey } from '../core/claims.ts';
import { isEmpty, leave, NOBODY, type Parking } from '../core/parking.ts';
import type { Observation } from '../core/view.ts';
import { type Census, createCensus } from './census.ts';
import { createSweeps, type Sweeps } from './sweeps.ts';

export interface Memory {
  readonly claims: ClaimsIndex;
  readonly sweeps: Sweeps;
  readonly census: Census;
  attemptsOf(identity: Identity): Attempts;
  setAttempts(identity: Identity, attempts: Attempts): void;
  parkingOf(userPoolId: string): Parking;
  setParking(userPoolId: string, parking: Parking): void;
  /** What a write of ours that is under way will make of an object; `undefined` when it ended. */
  expect(uid: string, touch: Touch | undefined): void;
  /** The object as somebody else's change would have found it: our own echo is no news. */
  echoed(before: ResourceServer, after: ResourceServer): ResourceServer;
  /** A climb that steps aside goes on later with what it saw: proof of absence takes two calls. */
  carry(uid: string, observation: Observation): void;
  /** What was carried for the object, once. */
  carried(uid: string): Observation | undefined;
  /** Whether this was not told of this object before: some warnings are told once. */
  isNews(uid: string, text: string): boolean;
  /** Counts the runs: 1, 2, and so on. */
  nextRun(): number;
  /** Keys whose resource names the pool, of those that the label selector takes. */
  keysOf(userPoolId: string): Iterable<string>;
  /** Pools that have such keys. */
  pools(): Iterable<string>;
  /**
   * Keeps the pools in step with the store; one that none of these keys names is forgotten.
   *
   * @returns keys that waited behind one that is gone
   */
  moved(before: ResourceServer | undefined, after: ResourceServer | undefined): readonly string[];
  /** The key waits in no line of the pool any more. @returns who probes now in its place */
  unpark(userPoolId: string, key: string): readonly string[];
}

/** What we write to an object: its status, or its finalizers. */
export type Touch =
  | { readonly status: ResourceServerStatus }
  | { readonly finalizers: readonly string[] };

/** @param selects whom the label selector takes; by default everybody */
export function createMemory(selects: Selects = () => true): Memory {
  return new LeaderMemory(selects);
}

class LeaderMemory implements Memory {
  readonly claims: ClaimsIndex;
  readonly sweeps = createSweeps();
  readonly census = createCensus();
  readonly #attempts = new Map<string, Attempts>();
  readonly #parking = new Map<string, Parking>();
  readonly #keys = new Map<string, Set<string>>();
  readonly #expected = new Map<string, Touch>();
  readonly #carried = new Map<string, Observation>();
  readonly #told = new Map<string, string>();
  readonly #selects: Selects;
  #runs = 0;

  constructor(selects: Selects) {
    this.#selects = selects;
    this.claims = createClaimsIndex(selects);
  }

  attemptsOf(identity: Identity): Attempts {
    return this.#attempts.get(identityKey(identity)) ?? NO_ATTEMPTS;
  }

  setAttempts(identity: Identity, attempts: Attempts): void {
    this.#attempts.set(identityKey(identity), attempts);
  }

  parkingOf(userPoolId: string): Parking {
    return this.#parking.get(userPoolId) ?? NOBODY;
  }

  setParking(userPoolId: string, parking: Parking): void {
    if (isEmpty(parking)) this.#parking.delete(userPoolId);
    else this.#parking.set(userPoolId, parking);
  }

  expect(uid: string, touch: Touch | undefined): void {
    if (touch === undefined) this.#expected.delete(uid);
    else this.#expected.set(uid, touch);
  }

  echoed(before: ResourceServer, after: ResourceServer): ResourceServer {
    const expected = this.#expected.get(after.uid);
    const { status, finalizers } = after;
    const isOurs = expected !== undefined && isDeepStrictEqual(expected, pick(after, expected));
    return isOurs ? { ...before, status, finalizers } : before;
  }

  carry(uid: string, observation: Observation): void {
    this.#carried.set(uid, observation);
  }

  carried(uid: string): Observation | undefined {
    const observation = this.#carried.get(uid);
    this.#carried.delete(uid);
    return observation;
  }

  isNews(uid: string, text: string): boolean {
    const isNews = this.#told.get(uid) !== text;
    this.#told.set(uid, text);
    return isNews;
  }

  nextRun(): number {
    this.#runs += 1;
    return this.#runs;
  }

  keysOf(userPoolId: string): Iterable<string> {
    return this.#keys.get(userPoolId) ?? [];
  }

  pools(): Iterable<string> {
    return this.#keys.keys();
  }

  unpark(userPoolId: string, key: string): readonly string[] {
    const { parking, wake } = leave(this.parkingOf(userPoolId), key);
    this.setParking(userPoolId, parking);
    return wake;
  }

  moved(before: ResourceServer | undefined, after: ResourceServer | undefined): readonly string[] {
    const [from, to] = [this.#poolOf(before), this.#poolOf(after)];
    if (after !== undefined && to !== undefined) this.#enter(to, after.key);
    if (before === undefined) return [];
    this.#forget(before, after);
    return from === undefined || from === to ? [] : this.#leave(before.key, from);
  }

  #poolOf(resource: ResourceServer | undefined): string | undefined {
    if (resource === undefined || !this.#selects(resource)) return undefined;
    return resource.identity?.userPoolId;
  }

  /** An attempt is remembered for as long as anybody names its identity. */
  #forget({ uid, identity }: ResourceServer, after: ResourceServer | undefined): void {
    if (uid !== after?.uid) {
      this.#told.delete(uid);
      this.#carried.delete(uid);
    }
    const isNamed = identity === undefined || this.claims.claimants(identity).length > 0;
    if (!isNamed) this.#attempts.delete(identityKey(identity));
  }

  #enter(userPoolId: string, key: string): void {
    const named = this.#keys.get(userPoolId) ?? new Set<string>();
    this.#keys.set(userPoolId, named.add(key));
    this.sweeps.open(userPoolId);
  }

  #leave(key: string, userPoolId: string): readonly string[] {
    const next = this.unpark(userPoolId, key);
    const named = this.#keys.get(userPoolId);
    named?.delete(key);
    if (named?.size !== 0) return next;
    this.#keys.delete(userPoolId);
    this.#parking.delete(userPoolId);
    this.sweeps.forget(userPoolId);
    return [];
  }
}

function pick({ status, finalizers }: ResourceServer, like: Touch): Touch {
  return 'status' in like ? { status } : { finalizers };
}
