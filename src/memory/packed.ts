/**
 * A resource as it is kept: one short text, and what the store asks for. There may be tens of
 * thousands, and next to none of them is looked at.
 *
 * Promises: `unpack(pack(resource))` equals `resource`.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ResourceServer } from '../api/parse.ts';
import { isUnknowns } from '../api/read.ts';
import { scopeIdentifiersOf } from '../core/status.ts';
import { expand, shorten } from './shorthand.ts';

export interface Packed {
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly text: string;
}

/** What follows from the rest is not kept twice. */
interface Kept extends Omit<ResourceServer, 'key' | 'uid' | 'resourceVersion'> {
  /** The records are those of the status. */
  readonly ours: boolean;
  /** The status names the scopes that the spec names. */
  readonly scoped: boolean;
}

export function pack(resource: ResourceServer): Packed {
  const { key, uid, resourceVersion, remote, pending, ...rest } = resource;
  const { status, identity } = rest;
  const { scopeIdentifiers, ...unscoped } = status;
  const ours = remote === status.remote && pending === status.pending;
  const scoped = isDeepStrictEqual(scopeIdentifiers, scopesOf(rest));
  const kept = { ...rest, status: scoped ? unscoped : status, ours, scoped };
  const json = JSON.stringify(ours ? kept : { ...kept, remote, pending });
  const often = [identity?.identifier ?? '', identity?.userPoolId ?? '', uid];
  return { key, uid, resourceVersion, text: shorten(json, often) };
}

/** @throws when `text` is none that `pack` made: a bug */
export function unpack({ key, uid, resourceVersion, text }: Packed): ResourceServer {
  const kept: unknown = JSON.parse(expand(text));
  if (!isKept(kept)) throw new Error(`what is kept of ${key} is no resource`);
  const { ours, scoped, ...rest } = kept;
  const scopeIdentifiers = scoped ? scopesOf(rest) : undefined;
  const status = scopeIdentifiers ? { ...rest.status, scopeIdentifiers } : rest.status;
  const { remote, pending } = ours ? status : rest;
  return { key, uid, resourceVersion, ...rest, status, remote, pending };
}

function isKept(value: unknown): value is Kept {
  return isUnknowns(value) && typeof value['ours'] === 'boolean';
}

function scopesOf({ identity, desired }: Pick<ResourceServer, 'identity' | 'desired'>) {
  return identity && desired && scopeIdentifiersOf(identity, desired);
}
