/**
 * What is remembered of Cognito between climbs: for each pool the last complete sweep, and what
 * single looks said since. Identifier -> hash, not the objects.
 *
 * An entry is as old as the request that asked for it; whether it is still valid for an identity
 * is judged by `attempts.ts` where it is used.
 */
import type { Identity } from '../api/parse.ts';
import { hashOf } from '../core/drift.ts';
import type { Content, Observation, PoolSweep } from '../core/view.ts';

interface Seen {
  readonly requestedAtMs: number;
  /** `undefined`: it was not there; by a look of its own, which says nothing of the pool. */
  readonly hash: string | undefined;
  readonly managed: boolean;
}

interface Pool {
  sweep: PoolSweep;
  /** When the last complete sweep was asked for. */
  sweptAtMs: number | undefined;
  /** Servers it held then, less and more what we did since. */
  held: number | undefined;
  seen: Map<string, Seen>;
}

/** One server of a page. Only of those that resources name the content is worth its memory. */
export interface Listed extends Seen {
  readonly content?: Content;
}

/** @param requestedAtMs when its page was asked for */
export function listedAs(content: Content, requestedAtMs: number): Listed {
  return seenOf(requestedAtMs, content);
}

export interface Sweeps {
  /** Somebody names the pool: what is seen of it is kept from now on, until `forget`. */
  open(userPoolId: string): void;
  stateOf(userPoolId: string): PoolSweep;
  /** What is remembered of the identity, as a sweep would say it. */
  observationOf(identity: Identity): Observation | undefined;
  /** A look of one climb, or the echo of its mutation. */
  note(identity: Identity, requestedAtMs: number, content: Content | undefined): void;
  /** Every page arrived. */
  complete(userPoolId: string, requestedAtMs: number, contents: ReadonlyMap<string, Listed>): void;
  /** A List was denied, or found no pool: what was seen counts no more. */
  failed(userPoolId: string, state: PoolSweep): void;
  heldBy(userPoolId: string): number | undefined;
  sweptAtMs(userPoolId: string): number | undefined;
  forget(userPoolId: string): void;
}

export function createSweeps(): Sweeps {
  const pools = new Map<string, Pool>();
  return {
    open: (userPoolId) => {
      if (!pools.has(userPoolId)) pools.set(userPoolId, emptyPool());
    },
    stateOf: (userPoolId) => pools.get(userPoolId)?.sweep ?? { kind: 'Awaited' },
    observationOf: ({ userPoolId, identifier }) => recall(pools.get(userPoolId), identifier),
    note: ({ userPoolId, identifier }, requestedAtMs, content) => {
      const pool = pools.get(userPoolId);
      if (pool) note(pool, identifier, seenOf(requestedAtMs, content));
    },
    complete: (userPoolId, requestedAtMs, contents) => {
      const pool = pools.get(userPoolId);
      if (pool) complete(pool, requestedAtMs, contents);
    },
    failed: (userPoolId, sweep) => {
      if (pools.has(userPoolId)) pools.set(userPoolId, { ...emptyPool(), sweep });
    },
    heldBy: (userPoolId) => pools.get(userPoolId)?.held,
    sweptAtMs: (userPoolId) => pools.get(userPoolId)?.sweptAtMs,
    forget: (userPoolId) => pools.delete(userPoolId),
  };
}

function emptyPool(): Pool {
  return { sweep: { kind: 'Awaited' }, sweptAtMs: undefined, held: undefined, seen: new Map() };
}

function seenOf(requestedAtMs: number, content: Content | undefined): Seen {
  const managed = content?.managedBy !== undefined;
  return { requestedAtMs, hash: content && hashOf(content), managed };
}

function recall(pool: Pool | undefined, identifier: string): Observation | undefined {
  const seen = pool?.seen.get(identifier);
  if (seen !== undefined) return observationOf(seen);
  if (pool?.sweptAtMs === undefined) return undefined;
  return { kind: 'Absent', how: 'Swept', requestedAtMs: pool.sweptAtMs, pool: 'Answers' };
}

function observationOf({ requestedAtMs, hash, managed }: Seen): Observation {
  if (hash === undefined) return { kind: 'Absent', how: 'Swept', requestedAtMs, pool: 'Unasked' };
  return { kind: 'Present', how: 'Swept', requestedAtMs, hash, managed };
}

function note(pool: Pool, identifier: string, seen: Seen): void {
  const before = recall(pool, identifier)?.kind ?? 'Absent';
  const after = seen.hash === undefined ? 'Absent' : 'Present';
  if (pool.held !== undefined && before !== after) pool.held += after === 'Present' ? 1 : -1;
  pool.seen.set(identifier, seen);
}

/** What was looked at after its page was asked for is younger than the page, and stays. */
function complete(pool: Pool, requestedAtMs: number, listed: ReadonlyMap<string, Listed>): void {
  const before = [...pool.seen];
  pool.sweep = { kind: 'Complete' };
  pool.sweptAtMs = requestedAtMs;
  pool.held = listed.size;
  pool.seen = new Map();
  for (const [id, { content: _, ...seen }] of listed) pool.seen.set(id, seen);
  for (const [id, seen] of before) {
    const sinceMs = listed.get(id)?.requestedAtMs ?? requestedAtMs;
    if (seen.requestedAtMs > sinceMs) note(pool, id, seen);
  }
}
