/**
 * The tiny world that is searched: one identity, one or two resources that name it, one leader
 * after the other, one resource server, and everything that can go wrong a bounded number of times.
 *
 * Objects are kept as the parser reads them. Time only matters by order and by whether `LATE_MS`
 * lies between two moments; `codec.ts` takes worlds that differ in nothing else for one.
 */
import type { Desired, ResourceServer } from '../../src/api/parse.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { Leaving } from '../../src/core/action.ts';
import type { Attempts } from '../../src/core/attempts.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type {
  Climb,
  MutatingOperation,
  Observation,
  PoolSweep,
  Records,
} from '../../src/core/view.ts';
import type { Budget } from './budget.ts';

export const LATE_MS = 1_000;
/** More than `LATE_MS` passes at once. */
export const LAPSE_MS = 1_000_000;

export const IDENTITY = { userPoolId: 'eu-west-1_A', identifier: 'api' };

export type Key = 'n/a' | 'n/b';
export const KEYS: readonly Key[] = ['n/a', 'n/b'];
export type PerKey<T> = Readonly<Partial<Record<Key, T>>>;

export function withKey<T>(all: PerKey<T>, key: Key, value: T | undefined): PerKey<T> {
  const { [key]: _, ...others }: PerKey<T> = all;
  return value === undefined ? others : { ...others, [key]: value };
}

/** Two wishes of the users, and what somebody else writes at the console. */
export type Wish = 'one' | 'two' | 'foreign';

export const CONTENTS: Readonly<Record<Wish, Desired>> = {
  one: { name: 'one', scopes: [] },
  two: { name: 'two', scopes: [] },
  foreign: { name: 'foreign', scopes: [] },
};

export const HASHES: Readonly<Record<Wish, string>> = {
  one: hashOf(CONTENTS.one),
  two: hashOf(CONTENTS.two),
  foreign: hashOf(CONTENTS.foreign),
};

export function wishOf(desired: Desired | undefined): Wish {
  if (desired?.name === 'one') return 'one';
  return desired?.name === 'two' ? 'two' : 'foreign';
}

/** The documented windows: what no protocol can close on this API. */
export type Window = 'W1' | 'W2' | 'W3' | 'W4';

/** The resource server, and what only the model knows of it. */
export interface Slot {
  readonly wish: Wish;
  /** The uid whose request made it or that adopted it, or `SOMEBODY`. */
  readonly owner: string;
  /** By a request of its owner, not adopted. */
  readonly made: boolean;
  /** Why we may lose track of it: somebody wrote it while our Create or Delete had no answer. */
  readonly excuse: Window | undefined;
}

/** Whoever works at the console. */
export const SOMEBODY = 'somebody';

/** A mutation of Cognito on its way. */
export interface CognitoCall {
  readonly operation: MutatingOperation;
  readonly uid: string;
  readonly wish: Wish;
  /** How old the evidence is that it stands on. */
  readonly seenAtMs: number;
  readonly overdue: boolean;
}

/** A write to Kubernetes on its way; `version` guards it. */
export interface KubernetesWrite {
  readonly key: Key;
  readonly uid: string;
  readonly version: string;
  readonly change:
    | { readonly kind: 'Finalizers'; readonly finalizers: readonly string[] }
    | { readonly kind: 'Status'; readonly status: ResourceServerStatus };
  /** What was wanted, and how old the evidence is that it stands on. */
  readonly wish: Wish;
  readonly seenAtMs: number;
  readonly overdue: boolean;
}

/** What a climb waits for, between two steps. */
export type Doing =
  /** The answer of a Describe, which has looked already. */
  | { readonly kind: 'Looking'; readonly found: Wish | undefined; readonly askedAtMs: number }
  /** The answer of a List, which has looked already: whether the pool is there at all. */
  | { readonly kind: 'Listing'; readonly page: Page; readonly askedAtMs: number }
  | {
      readonly kind: 'ReadingRivals';
      readonly rivals: readonly Rival[];
      readonly askedAtMs: number;
    }
  | { readonly kind: 'Calling'; readonly call: CognitoCall }
  /** Credentials and a place, before the last look at who holds the identity. */
  | { readonly kind: 'Preparing'; readonly write: KubernetesWrite; readonly as: Recorded }
  | { readonly kind: 'Recording'; readonly write: KubernetesWrite; readonly as: Recorded }
  | { readonly kind: 'AddingFinalizer'; readonly write: KubernetesWrite }
  | {
      readonly kind: 'RemovingFinalizer';
      readonly write: KubernetesWrite;
      readonly leaves: Leaving;
    }
  /** The heir’s record, which its giver writes. */
  | { readonly kind: 'HandingOver'; readonly write: KubernetesWrite }
  | {
      readonly kind: 'Settling';
      readonly write: KubernetesWrite;
      readonly outcome: Outcome;
      /** Writes still allowed after a conflict; `undefined` before the first. */
      readonly tries: number | undefined;
    };

/** What stands on the first page of the pool, or that no pool is seen. */
export type Page = Wish | 'Empty' | 'NoPool';

export type DoingOf<K extends Doing['kind']> = Extract<Doing, { kind: K }>;

/** An object as it was known when it was to be read. */
export interface Rival {
  readonly key: Key;
  readonly uid: string;
}

/** What a written record teaches. */
export type Recorded = 'PendingRecorded' | 'AdoptionRecorded';

/** One climb under way: its view, less what is gathered anew at each step. */
export interface Climbing {
  readonly resource: ResourceServer;
  readonly records: Records;
  readonly observation: Observation | undefined;
  readonly climb: Climb;
  readonly doing: Doing | undefined;
}

/** What the leader knows; lost with it. */
export interface Mind {
  readonly termAtMs: number;
  readonly cache: PerKey<ResourceServer>;
  readonly climbs: PerKey<Climbing>;
  readonly attempts: Attempts;
  /** What is remembered of the identity, as a sweep would say it. */
  readonly seen: Observation | undefined;
  readonly pool: PoolSweep;
  readonly sweeping: Sweeping | undefined;
  readonly assumed: readonly Assumed[];
  /** Half a proof of absence, kept by a climb that found no place for the other half. */
  readonly carried: PerKey<Carried>;
  readonly unansweredAtMs: number | undefined;
  readonly confirmedAtMs: number | undefined;
  /** Keys of the work queue that run sooner or later, and those that wait for the sweep. */
  readonly due: readonly Key[];
  /** Keys that a run under way gives a reason to run, when it ends. */
  readonly deserving: PerKey<readonly Key[]>;
  readonly awaiting: readonly Key[];
}

/** A record that is being sent, or was sent without an answer, and the version it is for. */
export interface Assumed {
  readonly uid: string;
  readonly version: string;
}

export interface Carried {
  readonly uid: string;
  readonly observation: Observation;
}

/** A sweep that has looked and is not complete. */
export interface Sweeping {
  readonly askedAtMs: number;
  readonly found: Wish | undefined;
  readonly poolAnswers: boolean;
}

export interface World {
  readonly nowMs: number;
  readonly objects: PerKey<ResourceServer>;
  readonly slot: Slot | undefined;
  /** Late requests: their sender is gone or gave up. */
  readonly calls: readonly CognitoCall[];
  readonly writes: readonly KubernetesWrite[];
  readonly mind: Mind;
  readonly budget: Budget;
  /** Counters: resourceVersions, objects made, records made. */
  readonly version: number;
  readonly births: number;
  readonly records: number;
  /** The pool cannot be seen: wrong credentials, say. */
  readonly blind: boolean;
  /** When somebody at the console last acted. */
  readonly disturbedAtMs: number | undefined;
  /** A request of ours landed later than `lateMs`. */
  readonly overdue: boolean;
}
