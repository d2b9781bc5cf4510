/**
 * What the leader knows, and how it comes to know it: the shipped rules for claims, attempts,
 * wake-ups and sweeps on data that can be copied. Imitates `memory/`, the store's `wrote`, and
 * `apply` of `leading.ts`.
 */
import { findCondition } from '../../src/api/conditions.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import { NO_ATTEMPTS } from '../../src/core/attempts.ts';
import { type ClaimsIndex, createClaimsIndex } from '../../src/core/claims.ts';
import { type Deserving, trigger, triggerKnown } from '../../src/core/trigger.ts';
import type { Rules } from './rules.ts';
import {
  type Climbing,
  IDENTITY,
  KEYS,
  type Key,
  type Mind,
  type Rival,
  type World,
  withKey,
} from './world.ts';

/** A new leader: it has listed everything and remembers nothing. */
export function awake(termAtMs: number, cache: Mind['cache']): Mind {
  const known = KEYS.filter((key) => cache[key] !== undefined);
  return {
    termAtMs,
    cache,
    climbs: {},
    attempts: NO_ATTEMPTS,
    seen: undefined,
    pool: { kind: 'Awaited' },
    sweeping: undefined,
    assumed: [],
    carried: {},
    unansweredAtMs: undefined,
    confirmedAtMs: undefined,
    due: known.filter((key) => !isAtRest(cache[key])),
    deserving: {},
    awaiting: known.filter((key) => isAtRest(cache[key])),
  };
}

/** As in `leading.ts`: what says that all is well waits for the first sweep. */
function isAtRest(resource: ResourceServer | undefined): boolean {
  if (resource === undefined) return false;
  const { status, leaving, paused, pending, generation } = resource;
  if (leaving || paused || pending !== undefined) return false;
  if (status.observedGeneration !== generation) return false;
  return findCondition(status.conditions, 'Ready')?.reason === 'Synced';
}

export function thinking(world: World, mind: Partial<Mind>): World {
  return { ...world, mind: { ...world.mind, ...mind } };
}

export function withClimb(world: World, key: Key, climbing: Climbing | undefined): World {
  return thinking(world, { climbs: withKey(world.mind.climbs, key, climbing) });
}

export function together(some: readonly Key[], more: readonly string[]): readonly Key[] {
  return KEYS.filter((key) => some.includes(key) || more.includes(key));
}

/* --------------------------------------------------------------------- claims */

export function claimsOf(mind: Mind, rules: Rules): ClaimsIndex {
  const claims = createClaimsIndex();
  for (const key of KEYS) {
    const resource = mind.cache[key];
    if (resource === undefined) continue;
    claims.put(undefined, resource);
    if (rules.counts(resource.uid, mind.assumed)) claims.assume(resource);
  }
  if (mind.unansweredAtMs !== undefined) claims.unanswered(IDENTITY, mind.unansweredAtMs);
  if (mind.confirmedAtMs !== undefined) claims.confirm(IDENTITY, mind.confirmedAtMs);
  return claims;
}

/** The same, to be asked and not changed: minds that know the same share it. */
export function claimsKnown(mind: Mind, rules: Rules): ClaimsIndex {
  const { cache, assumed, unansweredAtMs, confirmedAtMs } = mind;
  const known = CLAIMS.get(cache);
  const isSame =
    known?.rules === rules &&
    known.mind.assumed === assumed &&
    known.mind.unansweredAtMs === unansweredAtMs &&
    known.mind.confirmedAtMs === confirmedAtMs;
  if (isSame) return known.claims;
  const claims = claimsOf(mind, rules);
  CLAIMS.set(cache, { mind, rules, claims });
  return claims;
}

/** Pure: what it holds follows from what it is of. */
const CLAIMS = new WeakMap<Mind['cache'], KnownClaims>();

interface KnownClaims {
  readonly mind: Mind;
  readonly rules: Rules;
  readonly claims: ClaimsIndex;
}

/** The record of this object counts from now on. */
export function assume(mind: Mind, { uid, resourceVersion: version }: ResourceServer): Mind {
  return { ...mind, assumed: [...without(mind, uid), { uid, version }] };
}

/** As `learnStored`: the record was taken or not, and what is stored counts again. */
export function stored(mind: Mind, rules: Rules, by: Key, resource: ResourceServer): Mind {
  const woken = rules.wakes ? keysOf(triggerKnown(claimsOf(mind, rules), resource)) : [];
  return { ...deserved(mind, by, woken), assumed: without(mind, resource.uid) };
}

function deserved(mind: Mind, by: Key, woken: readonly string[]): Mind {
  const deserving = together(mind.deserving[by] ?? [], woken);
  if (deserving.length === 0) return mind;
  return { ...mind, deserving: withKey(mind.deserving, by, deserving) };
}

function without({ assumed }: Mind, uid: string) {
  return assumed.filter((each) => each.uid !== uid);
}

function keysOf(deserving: readonly Deserving[]): readonly string[] {
  return deserving.map(({ key }) => key);
}

/* ------------------------------------------------------------------ the store */

/**
 * The leader learns what the API server holds, by the watch, a live read or the answer of a write.
 *
 * @param by the key whose run learned it: it queues itself no more, and others when it ends
 */
export function told(world: World, rules: Rules, key: Key, by?: Key): World {
  const before = world.mind.cache[key];
  const after = world.objects[key];
  if (before?.resourceVersion === after?.resourceVersion) return world;
  const isOther = before !== undefined && after !== undefined && before.uid !== after.uid;
  const gone = isOther
    ? changed(world.mind, rules, key, undefined)
    : { mind: world.mind, woken: [] };
  const { mind, woken: more } = changed(gone.mind, rules, key, after);
  const woken = [...gone.woken, ...more];
  if (by === undefined) return { ...world, mind: { ...mind, due: dueIn(mind, woken) } };
  const others = after === undefined ? woken : woken.filter((each) => each !== by);
  return { ...world, mind: deserved(mind, by, others) };
}

/** A read or a write found the key empty: the object that was meant is gone, another is not. */
export function missed(world: World, rules: Rules, { key, uid }: Rival, by: Key): World {
  const isMeant = world.mind.cache[key]?.uid === uid;
  return isMeant ? told(world, rules, key, by) : world;
}

/** What is gone runs once more and does nothing: that run is left out. */
export function dueIn({ cache, due }: Mind, woken: readonly string[]): readonly Key[] {
  return together(due, woken).filter((key) => cache[key] !== undefined);
}

interface Changed {
  readonly mind: Mind;
  readonly woken: readonly string[];
}

function changed(mind: Mind, rules: Rules, key: Key, after: ResourceServer | undefined): Changed {
  const woken = keysOf(trigger(claimsOf(mind, rules), mind.cache[key], after));
  const known = { ...mind, cache: withKey(mind.cache, key, after) };
  return { mind: after === undefined ? forgotten(known, key) : overtaken(known, after), woken };
}

/** A record for a version that is past did not land and can land no more. */
function overtaken(mind: Mind, { uid, resourceVersion }: ResourceServer): Mind {
  const isCurrent = ({ version }: { readonly version: string }) => version === resourceVersion;
  return { ...mind, assumed: mind.assumed.filter((each) => each.uid !== uid || isCurrent(each)) };
}

/** With the last resource that names it, all that is remembered of the identity goes. */
function forgotten(mind: Mind, key: Key): Mind {
  const { termAtMs, cache, climbs, sweeping, awaiting, deserving } = mind;
  const due = dueIn(mind, []);
  if (Object.keys(cache).length === 0) {
    return { ...awake(termAtMs, {}), climbs, sweeping, awaiting, due, deserving };
  }
  const uids = Object.values(cache).map(({ uid }) => uid);
  const assumed = mind.assumed.filter(({ uid }) => uids.includes(uid));
  return { ...mind, due, assumed, carried: withKey(mind.carried, key, undefined) };
}
