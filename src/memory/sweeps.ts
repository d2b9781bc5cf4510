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
  /** `undefined`: it was not there. */
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

export interface Sweeps {
  stateOf(userPoolId: string): PoolSweep;
  /** What is remembered of the identity, as a sweep would say it. */
  observationOf(identity: Identity): Observation | undefined;
  /** A look of one climb, or the echo of its mutation. */
  note(identity: Identity, requestedAtMs: number, content: Content | undefined): void;
  /** Every page arrived. */
  complete(userPoolId: string, requestedAtMs: number, contents: ReadonlyMap<string, Content>): void;
  /** A List was denied, or found no pool: what was seen counts no more. */
  failed(userPoolId: string, state: PoolSweep): void;
  heldBy(userPoolId: string): number | undefined;
  sweptAtMs(userPoolId: string): number | undefined;
  forget(userPoolId: string): void;
}

export function createSweeps(): Sweeps {
  const pools = new Map<string, Pool>();
  const at = (userPoolId: string): Pool => {
    const known = pools.get(userPoolId) ?? emptyPool();
    pools.set(userPoolId, known);
    return known;
  };
  return {
    stateOf: (userPoolId) => pools.get(userPoolId)?.sweep ?? { kind: 'Awaited' },
    observationOf: ({ userPoolId, identifier }) => recall(pools.get(userPoolId), identifier),
    note: ({ userPoolId, identifier }, requestedAtMs, content) =>
      note(at(userPoolId), identifier, seenOf(requestedAtMs, content)),
    complete: (userPoolId, requestedAtMs, contents) => {
      const swept = new Map<string, Seen>();
      for (const [id, content] of contents) swept.set(id, seenOf(requestedAtMs, content));
      complete(at(userPoolId), requestedAtMs, swept);
    },
    failed: (userPoolId, state) => pools.set(userPoolId, { ...emptyPool(), sweep: state }),
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
  if (hash === undefined) return { kind: 'Absent', how: 'Swept', requestedAtMs, pool: 'Answers' };
  return { kind: 'Present', how: 'Swept', requestedAtMs, hash, managed };
}

function note(pool: Pool, identifier: string, seen: Seen): void {
  const before = recall(pool, identifier)?.kind ?? 'Absent';
  const after = seen.hash === undefined ? 'Absent' : 'Present';
  if (pool.held !== undefined && before !== after) pool.held += after === 'Present' ? 1 : -1;
  pool.seen.set(identifier, seen);
}

/** What was looked at while the sweep was under way is younger than the sweep, and stays. */
function complete(pool: Pool, requestedAtMs: number, swept: Map<string, Seen>): void {
  const younger = [...pool.seen].filter(([, seen]) => seen.requestedAtMs > requestedAtMs);
  pool.sweep = { kind: 'Complete' };
  pool.sweptAtMs = requestedAtMs;
  pool.held = swept.size;
  pool.seen = swept;
  for (const [identifier, seen] of younger) note(pool, identifier, seen);
}
