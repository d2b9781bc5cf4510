/**
 * A resource as it is kept: one short text, and what the store asks for. There may be tens of
 * thousands, and next to none of them is looked at.
 *
 * Promises: `unpack(pack(resource))` equals `resource`.
 */
import type { ResourceServer } from '../api/parse.ts';
import { isUnknowns } from '../api/read.ts';
import { expand, shorten } from './shorthand.ts';

export interface Packed {
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly text: string;
}

/** Records are those of the status, or none at all: they are not kept twice. */
interface Kept extends Omit<ResourceServer, 'key' | 'uid' | 'resourceVersion'> {
  readonly ours: boolean;
}

export function pack(resource: ResourceServer): Packed {
  const { key, uid, resourceVersion, remote, pending, ...rest } = resource;
  const { status, identity } = rest;
  const ours = remote === status.remote && pending === status.pending;
  const json = JSON.stringify(ours ? { ...rest, ours } : { ...rest, ours, remote, pending });
  const often = [identity?.identifier ?? '', identity?.userPoolId ?? '', uid];
  return { key, uid, resourceVersion, text: shorten(json, often) };
}

/** @throws when `text` is none that `pack` made: a bug */
export function unpack({ key, uid, resourceVersion, text }: Packed): ResourceServer {
  const kept: unknown = JSON.parse(expand(text));
  if (!isKept(kept)) throw new Error(`what is kept of ${key} is no resource`);
  const { ours, ...rest } = kept;
  const { remote, pending } = ours ? rest.status : rest;
  return { key, uid, resourceVersion, ...rest, remote, pending };
}

function isKept(value: unknown): value is Kept {
  return isUnknowns(value) && typeof value['ours'] === 'boolean';
}
