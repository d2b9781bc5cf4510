/**
 * A resource as it is kept: one short text, and what the store asks for. There may be tens of
 * thousands, and next to all of them are next to never looked at.
 *
 * `unpack(pack(resource))` equals `resource`. What all resources say alike is one character each:
 * JSON escapes control characters, so none stands for itself.
 */
import type { ResourceServer } from '../api/parse.ts';

export interface Packed {
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly text: string;
}

export function pack(resource: ResourceServer): Packed {
  const { key, uid, resourceVersion, remote, pending, ...rest } = resource;
  const { status, identity } = rest;
  // Records are those of the status, or none: they are not kept twice.
  const ours = remote === status.remote && pending === status.pending;
  const json = JSON.stringify(ours ? { ...rest, ours } : { ...rest, ours, remote, pending });
  const own = [identity?.identifier ?? '', identity?.userPoolId ?? '', uid];
  return { key, uid, resourceVersion, text: shorten(json, own) };
}

interface Kept extends Omit<ResourceServer, 'key' | 'uid' | 'resourceVersion'> {
  readonly ours: boolean;
}

export function unpack({ key, uid, resourceVersion, text }: Packed): ResourceServer {
  const { ours, ...rest } = JSON.parse(expand(text)) as Kept;
  const { remote, pending } = ours ? rest.status : rest;
  return { key, uid, resourceVersion, ...rest, remote, pending };
}
