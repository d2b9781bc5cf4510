/**
 * What the leader remembers beside the store: claims, sweeps, attempts, parking, and which keys
 * name which pool. Lost with the process, and nothing safe depends on it: what is forgotten is
 * judged from the start of the term, or looked at again.
 */
import type { Identity, ResourceServer } from '../api/parse.ts';
import { type Attempts, NO_ATTEMPTS } from '../core/attempts.ts';
import { type ClaimsIndex, createClaimsIndex, identityKey } from '../core/claims.ts';
import { isEmpty, NOBODY, type Parking } from '../core/parking.ts';
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
  /** Keys whose resource names the pool. */
  keysOf(userPoolId: string): Iterable<string>;
  /** Pools that a resource names. */
  pools(): Iterable<string>;
  /** Keeps the pools in step with the store; a pool that nobody names is forgotten. */
  moved(before: ResourceServer | undefined, after: ResourceServer | undefined): void;
}

export function createMemory(): Memory {
  const attempts = new Map<string, Attempts>();
  const parking = new Map<string, Parking>();
  const keys = new Map<string, Set<string>>();
  const sweeps = createSweeps();
  const claims = createClaimsIndex();
  const leave = ({ key, identity }: ResourceServer) => {
    if (identity === undefined) return;
    const { userPoolId } = identity;
    const named = keys.get(userPoolId);
    named?.delete(key);
    if (claims.claimants(identity).length === 0) attempts.delete(identityKey(identity));
    if (named?.size !== 0) return;
    keys.delete(userPoolId);
    parking.delete(userPoolId);
    sweeps.forget(userPoolId);
  };
  return {
    claims,
    sweeps,
    census: createCensus(),
    attemptsOf: (identity) => attempts.get(identityKey(identity)) ?? NO_ATTEMPTS,
    setAttempts: (identity, next) => attempts.set(identityKey(identity), next),
    parkingOf: (userPoolId) => parking.get(userPoolId) ?? NOBODY,
    setParking: (userPoolId, next) => {
      if (isEmpty(next)) parking.delete(userPoolId);
      else parking.set(userPoolId, next);
    },
    keysOf: (userPoolId) => keys.get(userPoolId) ?? [],
    pools: () => keys.keys(),
    moved: (before, after) => {
      if (after?.identity) enter(keys, after.identity.userPoolId, after.key);
      const stays = before?.identity?.userPoolId === after?.identity?.userPoolId;
      if (before !== undefined && !stays) leave(before);
    },
  };
}

function enter(keys: Map<string, Set<string>>, userPoolId: string, key: string): void {
  const named = keys.get(userPoolId) ?? new Set<string>();
  named.add(key);
  keys.set(userPoolId, named);
}
