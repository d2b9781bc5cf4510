/**
 * The nouns of a reconcile. How a view of them grows is in `learn.ts`.
 *
 * A view is everything one decision may look at: the resource, the records of what we own, what
 * was seen in Cognito, and what other resources mean for it. It is data; nothing in it changes.
 */
import type { Desired, ResourceServer } from '../api/parse.ts';
import type { PendingOperation, PendingRecord, RemoteRecord } from '../api/resource-server.ts';
import type { CognitoFailure, KubernetesFailure, Rejected } from './failure.ts';

/** What Cognito holds under an identity. */
export interface Content extends Desired {
  /** Set when Cognito itself manages the server. */
  readonly managedBy?: string;
}

/** What changes Cognito. A hand-over changes whose the server is, and no server. */
export type MutatingOperation = Exclude<PendingOperation, 'HandOver'>;

export type Operation = 'List' | 'Describe' | MutatingOperation;

/**
 * What was seen in Cognito, and when it was asked for (monotonic, before the request left).
 * Described: by a Describe of this climb, or the echo of its own mutation. Swept: remembered from
 * a complete sweep or an earlier climb; it knows the hash and not the content.
 */
export type Observation =
  | {
      readonly kind: 'Present';
      readonly how: 'Described';
      readonly requestedAtMs: number;
      readonly hash: string;
      readonly content: Content;
    }
  | {
      readonly kind: 'Present';
      readonly how: 'Swept';
      readonly requestedAtMs: number;
      readonly hash: string;
      readonly managed: boolean;
    }
  | {
      readonly kind: 'Absent';
      readonly how: 'Described' | 'Swept';
      readonly requestedAtMs: number;
      readonly pool: PoolSeen;
    };

export type Present = Extract<Observation, { kind: 'Present' }>;

/** Whether a List of the pool answered after a NotFound, which alone is no proof. */
export type PoolSeen = 'Unasked' | 'Answers' | 'Missing';

/** What we own and what is under way, as this climb knows it: ahead of what is stored. */
export interface Records {
  readonly remote: RemoteRecord | undefined;
  readonly pending: PendingRecord | undefined;
}

/** Whose the identity is, among all resources that name it. */
export type Claim =
  | {
      readonly kind: 'Ours';
      /** Others name it too: records wait until this moment, and for a live read after it. */
      readonly confirm: 'Confirmed' | { readonly fromMs: number };
      /** Somebody, this resource included, has a record for the identity. */
      readonly recorded: boolean;
    }
  | { readonly kind: 'Theirs'; readonly holder: Holder };

export interface Holder {
  readonly key: string;
  readonly namespace: string;
  readonly leaving: boolean;
}

/** Who has the server after whom: see `hand-over.ts`. */
export interface Succession {
  /** Of the same namespace, it waits for the identity, and can hold it at once. */
  readonly heir: Heir | undefined;
  /** The key whose record says that it has the server from this resource. */
  readonly receiver: string | undefined;
  /** From whom this resource has the server, for as long as that one is there. */
  readonly giver: Holder | undefined;
}

export interface Heir {
  readonly key: string;
  readonly uid: string;
}

/** What is known of the whole pool in this term. */
export type PoolSweep =
  | { readonly kind: 'Awaited' }
  | { readonly kind: 'Complete' }
  /** List is not allowed: every key describes for itself. */
  | { readonly kind: 'Denied' }
  | { readonly kind: 'PoolMissing'; readonly failure: CognitoFailure };

/** What a climb did outside, for events and metrics. */
export type Effect =
  | 'Created'
  | 'Updated'
  | 'DriftCorrected'
  | 'Adopted'
  | 'Deleted'
  | { readonly kind: 'Retained'; readonly because: string }
  /** To the resource of this key. */
  | { readonly kind: 'HandedOver'; readonly to: string }
  /** By an edit of the spec: app clients may still use them. */
  | { readonly kind: 'ScopesRemoved'; readonly names: readonly string[] };

/** What ended a climb before its ladder was done. */
export type Stop =
  | { readonly kind: 'CallFailed'; readonly failure: CognitoFailure; readonly during: Operation }
  | {
      readonly kind: 'WriteFailed';
      readonly of: 'Finalizer' | 'Record' | 'Rival' | 'Heir';
      readonly failure: KubernetesFailure;
    }
  | { readonly kind: 'NoPlace'; readonly mutation: boolean };

export interface View {
  /** As last read or written. */
  readonly resource: ResourceServer;
  readonly records: Records;
  /** Valid: asked for after the end of the last mutation of the identity, whoever made it. */
  readonly observation: Observation | undefined;
  readonly claim: Claim;
  readonly succession: Succession;
  /** Another resource has a mutation of the identity under way: what is seen settles nothing. */
  readonly pendingElsewhere: boolean;
  readonly sweep: PoolSweep;
  /** Servers in the pool, as far as we know. */
  readonly held: number | undefined;
  /** Monotonic now, and until when the pending record may still land. */
  readonly nowMs: number;
  readonly lateUntilMs: number;
  /** How long this key has waited for the gate without a call that went through. */
  readonly waitedMs: number;
  /** The caller's account, where known. */
  readonly account: string | undefined;
  /** Whether one more Update with the desired hash is allowed: see `attempts.ts`. */
  readonly converges: boolean;
  /** Operations on the pool that failed for another key, which probes for all. */
  readonly closed: Readonly<Partial<Record<Operation, CognitoFailure>>>;
  readonly climb: Climb;
}

/** What this climb did so far. */
export interface Climb {
  /** The pending record is stored and its one call was not made yet. */
  readonly armed: boolean;
  /** Ready's reason before this climb wrote its first record; `undefined` while it wrote none. */
  readonly saidBefore: string | undefined;
  /** A Describe was answered. */
  readonly looked: boolean;
  /** Our Delete was answered with success. */
  readonly deleted: boolean;
  readonly finalizerRemoved: boolean;
  readonly accountAsked: boolean;
  /** Cognito refused our Create; a Describe tells whether the server was there already. */
  readonly rejected: Rejected | undefined;
  readonly effects: readonly Effect[];
  readonly stop: Stop | undefined;
}

export const NO_SUCCESSION: Succession = {
  heir: undefined,
  receiver: undefined,
  giver: undefined,
};

export const FIRST_STEP: Climb = {
  armed: false,
  saidBefore: undefined,
  looked: false,
  deleted: false,
  finalizerRemoved: false,
  accountAsked: false,
  rejected: undefined,
  effects: [],
  stop: undefined,
};

export function isMutation(operation: Operation): operation is MutatingOperation {
  return operation !== 'List' && operation !== 'Describe';
}
