/**
 * The rules that the model plays by: the shipped ones, and single ones taken away. What
 * `reconcile/` decides by itself, beside `core/`, is written down here a second time.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ResourceServer } from '../../src/api/parse.ts';
import { type Attempts, isValid, proven } from '../../src/core/attempts.ts';
import { decide } from '../../src/core/decide.ts';
import type { Observation, View } from '../../src/core/view.ts';
import type { Assumed, KubernetesWrite, Page, World } from './world.ts';

export interface Rules {
  /** What a climb sees. */
  readonly view: (view: View) => View;
  readonly decide: typeof decide;
  readonly isValid: (observation: Observation, attempts: Attempts) => boolean;
  /** What is remembered when a look tells that a mutation landed. */
  readonly proven: typeof proven;
  /** Whether a record that is being sent counts as one. */
  readonly counts: (uid: string, assumed: readonly Assumed[]) => boolean;
  /** Whether it is too late to send a record: the last synchronous step. */
  readonly withholds: (last: LastLook) => boolean;
  /** Whether the API server takes a write. */
  readonly fits: (write: KubernetesWrite, live: ResourceServer) => boolean;
  /** Whether what came of a climb belongs onto the object that is there now. */
  readonly isOurs: (live: ResourceServer, decidedOn: ResourceServer) => boolean;
  /** Whether records reach the API server. */
  readonly records: boolean;
  /** Whether a record that was not taken wakes whoever holds the identity then. */
  readonly wakes: boolean;
  /** Whether a new leader lists anew. */
  readonly relists: boolean;
  /** What the first page of a List holds. */
  readonly page: (world: World) => Page;
}

export interface LastLook {
  readonly holder: string | undefined;
  readonly uid: string;
  readonly isFresh: boolean;
}

export const SHIPPED: Rules = {
  view: (view) => view,
  decide,
  isValid,
  proven,
  counts: (uid, assumed) => assumed.some((each) => each.uid === uid),
  withholds: ({ holder, uid, isFresh }) => (holder !== undefined && holder !== uid) || !isFresh,
  fits: (write, live) => live.resourceVersion === write.version,
  isOurs: (live, { uid, pending }) =>
    live.uid === uid && (live.pending === undefined || isDeepStrictEqual(live.pending, pending)),
  records: true,
  wakes: true,
  relists: true,
  page: firstPage,
};

/** In a pool of several pages the first one may hold others only. */
export function crowdedPage({ blind }: World): Page {
  return blind ? 'NoPool' : 'Empty';
}

function firstPage({ blind, slot }: World): Page {
  return blind ? 'NoPool' : (slot?.wish ?? 'Empty');
}
