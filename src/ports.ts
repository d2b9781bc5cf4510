/**
 * The whole outside on one page. Every effect, every clock and every chance enters through here;
 * production and simulation implement the same interfaces and pass the same contract suites.
 *
 * Ports never throw for what the outside does: a failure is a value. A throw means a bug.
 */
import type { Desired, Identity } from './api/parse.ts';
import type {
  CognitoFailure,
  Failure,
  KubernetesFailure,
  NotSent,
  Withheld,
} from './core/failure.ts';
import type { LeaseRecord } from './core/lease.ts';
import type { Content } from './core/view.ts';

export type Answer<T, F extends Failure = Failure> =
  | { readonly kind: 'Answered'; readonly value: T }
  | { readonly kind: 'Failed'; readonly failure: F };

/**
 * Asked in the last synchronous step before a request leaves (for Cognito: after it was signed).
 * `undefined` lets it go; a reason withholds it, and the port answers `NotSent`.
 */
export type Guard = () => Withheld | undefined;

export interface Call {
  /** Aborted before sending: `NotSent`. Aborted after: the request is unanswered. */
  readonly signal: AbortSignal;
  readonly guard: Guard;
}

/* ---------------------------------------------------------------- Kubernetes */

/** `namespace/name`. */
export type Key = string;

export interface ListRequest {
  /** Objects a page, at least 1. */
  readonly limit: number;
  readonly continueToken: string | undefined;
}

export interface ListPage {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
}

export interface WatchRequest {
  /** Empty with `sendInitialEvents`: from now. */
  readonly resourceVersion: string;
  /** WatchList: the state first, then a bookmark with `initialEventsEnd`, then changes. */
  readonly sendInitialEvents: boolean;
  /** After this the server ends the stream cleanly. */
  readonly timeoutSeconds: number;
}

export type Frame =
  | { readonly kind: 'Added' | 'Modified' | 'Deleted'; readonly object: unknown }
  | {
      readonly kind: 'Bookmark';
      readonly resourceVersion: string;
      readonly initialEventsEnd: boolean;
    }
  /** A Status, by HTTP or in the stream: the stream ends after it. 410 is `Expired`. */
  | {
      readonly kind: 'Error';
      readonly status: number;
      readonly reason: string;
      readonly message: string;
      readonly retryAfterMs: number | undefined;
    }
  /** No connection, a reset, a line that is no frame: the stream ends after it. */
  | { readonly kind: 'Broken'; readonly message: string };

/** What a reflector reads: the resources of one namespace, or of all. */
export interface Feed {
  list(request: ListRequest, signal: AbortSignal): Promise<Answer<ListPage, KubernetesFailure>>;
  /** Ends cleanly without a last frame when the server or the signal ends it. Never throws. */
  watch(request: WatchRequest, signal: AbortSignal): AsyncIterable<Frame>;
}

/** The ResourceServers of the cluster. Merge patches; the caller puts `resourceVersion` in. */
export interface Cluster {
  /** @param namespace one namespace, or `undefined` for all */
  feed(namespace: string | undefined): Feed;
  read(key: Key, signal: AbortSignal): Promise<Answer<unknown, KubernetesFailure>>;
  patchObject(key: Key, patch: object, call: Call): Promise<Answer<unknown, KubernetesFailure>>;
  patchStatus(key: Key, patch: object, call: Call): Promise<Answer<unknown, KubernetesFailure>>;
  /** OpenAPI v3 of our group and version: which fields the API server knows. */
  schema(signal: AbortSignal): Promise<Answer<unknown, KubernetesFailure>>;
}

/** The one Lease that the replicas share. */
export interface Leases {
  read(signal: AbortSignal): Promise<Answer<LeaseRecord | undefined, KubernetesFailure>>;
  create(lease: LeaseRecord, signal: AbortSignal): Promise<Answer<LeaseRecord, KubernetesFailure>>;
  /** Guarded by `lease.resourceVersion`. */
  update(lease: LeaseRecord, signal: AbortSignal): Promise<Answer<LeaseRecord, KubernetesFailure>>;
  /** Each change of the Lease; ends when the server, the network or the signal ends it. */
  watch(signal: AbortSignal): AsyncIterable<LeaseRecord>;
}

/** A Kubernetes Event about one resource. */
export interface Notice {
  readonly key: Key;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  /** Of the run that has this to tell, as in the log. */
  readonly reconcileID: string;
}

/** Best effort: never awaited, never fails; repeats become a series. */
export interface Events {
  publish(notice: Notice): void;
  /** Sends what is still waiting, within `withinMs`. */
  flush(withinMs: number): Promise<void>;
}

/* ------------------------------------------------------------------- Cognito */

export interface ListedServer {
  readonly identifier: string;
  readonly content: Content;
}

export interface ServersPage {
  readonly servers: readonly ListedServer[];
  readonly nextToken: string | undefined;
}

/**
 * Resource servers of user pools. One attempt each, a deadline on each; `Unanswered` when it
 * passes. An echo that names another pool or identifier is `Unavailable` (garbled).
 */
export interface UserPools {
  list(
    userPoolId: string,
    nextToken: string | undefined,
    call: Call,
  ): Promise<Answer<ServersPage, CognitoFailure>>;
  describe(identity: Identity, call: Call): Promise<Answer<Content, CognitoFailure>>;
  create(
    identity: Identity,
    desired: Desired,
    call: Call,
  ): Promise<Answer<Content, CognitoFailure>>;
  update(
    identity: Identity,
    desired: Desired,
    call: Call,
  ): Promise<Answer<Content, CognitoFailure>>;
  delete(identity: Identity, call: Call): Promise<Answer<undefined, CognitoFailure>>;
}

/** Whose credentials we use: the 12 digits of the AWS account. */
export interface Account {
  /** From the setting or the credentials, else from STS in that Region. Asked lazily, cached. */
  caller(region: string, call: Call): Promise<Answer<string, CognitoFailure>>;
  /** What is known without asking. */
  known(): string | undefined;
  /** Resolves credentials before a place in the gate is taken; failing is `Denied`. */
  credentials(signal: AbortSignal): Promise<Answer<undefined, CognitoFailure>>;
}

/* ------------------------------------------------------------- clock and chance */

export interface Clock {
  /** Wall clock, milliseconds since 1970. For people: nothing is judged by it. */
  wallMs(): number;
  /** The same as RFC 3339 with three digits: `2026-01-31T12:00:00.000Z`. */
  timestamp(): string;
  /** Monotonic, milliseconds since some moment. What everything is judged by. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` or with `parent`; `cancel` frees its timer. */
  deadline(ms: number, parent: AbortSignal): { signal: AbortSignal; cancel: () => void };
}

export interface Chance {
  /** In [0, 1). */
  roll(): number;
  uuid(): string;
}

/* ----------------------------------------------------------------- telemetry */

export type Fields = Readonly<Record<string, unknown>>;

/** Constant messages; what varies is a field. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Names and labels are a closed table in `adapters/telemetry/metrics.ts`. */
export interface Metrics {
  count(name: string, labels: Readonly<Record<string, string>>, by?: number): void;
  observe(name: string, labels: Readonly<Record<string, string>>, value: number): void;
  set(name: string, labels: Readonly<Record<string, string>>, value: number): void;
}

/* --------------------------------------------------------------------- all of it */

export interface Ports {
  readonly cluster: Cluster;
  readonly leases: Leases;
  readonly events: Events;
  readonly userPools: UserPools;
  readonly account: Account;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function answered<T>(value: T): Answer<T, never> {
  return { kind: 'Answered', value };
}

export function failed<F extends Failure>(failure: F): Answer<never, F> {
  return { kind: 'Failed', failure };
}

export function withheld(reason: Withheld): Answer<never, NotSent> {
  return failed({ kind: 'NotSent', withheld: reason, message: `withheld: ${reason}` });
}
