/**
 * Builders for tests. Each step returns a new builder, so that a half-built one may be shared.
 *
 *   aResourceServer().named('x').finalized().deleting().withRemote().raw()
 *   aView(aResourceServer().finalized()).sweptAbsent().claimedBy(aHolder()).view()
 *
 * A resource is finished, living, enforced and without records until a step says otherwise; a
 * view knows nothing of Cognito and holds its identity alone.
 */
import { FINALIZER, PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';
import { type Desired, parse, type ResourceServer } from '../../src/api/parse.ts';
import type {
  AdoptionPolicy,
  Condition,
  DeletionPolicy,
  PendingOperation,
  PendingRecord,
  RemoteRecord,
  ScopeSpec,
} from '../../src/api/resource-server.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { CognitoFailure, Rejected } from '../../src/core/failure.ts';
import { described } from '../../src/core/learn.ts';
import {
  type Climb,
  type Content,
  FIRST_STEP,
  type Holder,
  NO_SUCCESSION,
  type Observation,
  type Operation,
  type Stop,
  type View,
} from '../../src/core/view.ts';

export type Json = Readonly<Record<string, unknown>>;

export const POOL = 'eu-west-1_AbCdEfGhI';
export const IDENTIFIER = 'https://weather.example.com';
export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const SCOPE: ScopeSpec = { name: 'forecast.read', description: 'Read forecasts' };
/** What Cognito holds when it holds what the default spec says. */
export const CONTENT: Content = { name: 'Weather API', scopes: [SCOPE] };
/** Something else under the same identifier. */
export const FOREIGN: Content = { name: 'Climate API', scopes: [] };
/** The moment, on the monotonic clock, at which views are made. */
export const NOW_MS = 1_000_000;
export const LATE_MS = 30_000;

/* -------------------------------------------------------------------- resources */

interface Parts {
  readonly metadata: Json;
  readonly spec: Json;
  readonly status: Json;
  readonly remote: Partial<RemoteRecord> | undefined;
  readonly pending: (Partial<PendingRecord> & Pick<PendingRecord, 'operation'>) | undefined;
  readonly recordUid: string | undefined;
}

export interface ResourceServerBuilder {
  named(name: string): ResourceServerBuilder;
  inNamespace(namespace: string): ResourceServerBuilder;
  withUid(uid: string): ResourceServerBuilder;
  createdAt(timestamp: string): ResourceServerBuilder;
  atGeneration(generation: number): ResourceServerBuilder;
  atVersion(resourceVersion: string): ResourceServerBuilder;
  labelled(labels: Json): ResourceServerBuilder;
  annotated(annotations: Json): ResourceServerBuilder;
  paused(): ResourceServerBuilder;
  syncRequested(value: string): ResourceServerBuilder;
  finalized(): ResourceServerBuilder;
  deleting(): ResourceServerBuilder;
  inPool(userPoolId: string): ResourceServerBuilder;
  identifiedAs(identifier: string): ResourceServerBuilder;
  calling(name: string): ResourceServerBuilder;
  withScopes(scopes: readonly ScopeSpec[]): ResourceServerBuilder;
  deletedBy(policy: DeletionPolicy): ResourceServerBuilder;
  adoptedBy(policy: AdoptionPolicy): ResourceServerBuilder;
  observing(): ResourceServerBuilder;
  /** What this very object owns: by default created, as its spec says. */
  withRemote(remote?: Partial<RemoteRecord>): ResourceServerBuilder;
  /** What is under way: by default to what its spec says. */
  withPending(operation: PendingOperation, record?: Partial<PendingRecord>): ResourceServerBuilder;
  /** Records of another object, as after a restore from a backup. */
  recordedFor(uid: string): ResourceServerBuilder;
  withConditions(...conditions: readonly Condition[]): ResourceServerBuilder;
  /** Ready as it stands when all is well. */
  ready(): ResourceServerBuilder;
  /** Fields laid over the rest; `undefined` takes one away. */
  metadata(fields: Json): ResourceServerBuilder;
  spec(fields: Json): ResourceServerBuilder;
  status(fields: Json): ResourceServerBuilder;
  /** As Kubernetes serves it. */
  raw(): Json;
  parsed(): ResourceServer;
}

const PLAIN: Parts = {
  metadata: {
    name: 'weather-api',
    namespace: 'identity',
    uid: 'uid-of-weather-api',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: {
    userPoolId: POOL,
    identifier: IDENTIFIER,
    name: CONTENT.name,
    scopes: CONTENT.scopes,
    deletionPolicy: 'DeleteIfCreated',
    adoptionPolicy: 'IfMatching',
    managementPolicy: 'Enforce',
  },
  status: { observedGeneration: -1 },
  remote: undefined,
  pending: undefined,
  recordUid: undefined,
};

export function aResourceServer(): ResourceServerBuilder {
  return resourceOf(PLAIN);
}

function resourceOf(parts: Parts): ResourceServerBuilder {
  const metadata = (fields: Json) =>
    resourceOf({ ...parts, metadata: { ...parts.metadata, ...fields } });
  const spec = (fields: Json) => resourceOf({ ...parts, spec: { ...parts.spec, ...fields } });
  const status = (fields: Json) => resourceOf({ ...parts, status: { ...parts.status, ...fields } });
  const annotated = (annotations: Json) =>
    metadata({ annotations: { ...(parts.metadata['annotations'] as Json), ...annotations } });
  return {
    named: (name) => metadata({ name, uid: `uid-of-${name}` }),
    inNamespace: (namespace) => metadata({ namespace }),
    withUid: (uid) => metadata({ uid }),
    createdAt: (creationTimestamp) => metadata({ creationTimestamp }),
    atGeneration: (generation) => metadata({ generation }),
    atVersion: (resourceVersion) => metadata({ resourceVersion }),
    labelled: (labels) => metadata({ labels }),
    annotated,
    paused: () => annotated({ [PAUSED_ANNOTATION]: 'true' }),
    syncRequested: (value) => annotated({ [SYNC_ANNOTATION]: value }),
    finalized: () => metadata({ finalizers: [FINALIZER] }),
    deleting: () => metadata({ deletionTimestamp: '2026-01-02T00:00:00Z' }),
    inPool: (userPoolId) => spec({ userPoolId }),
    identifiedAs: (identifier) => spec({ identifier }),
    calling: (name) => spec({ name }),
    withScopes: (scopes) => spec({ scopes }),
    deletedBy: (deletionPolicy) => spec({ deletionPolicy }),
    adoptedBy: (adoptionPolicy) => spec({ adoptionPolicy }),
    observing: () => spec({ managementPolicy: 'Observe' }),
    withRemote: (remote = {}) => resourceOf({ ...parts, remote }),
    withPending: (operation, record) => resourceOf({ ...parts, pending: { ...record, operation } }),
    recordedFor: (recordUid) => resourceOf({ ...parts, recordUid }),
    withConditions: (...conditions) => status({ conditions }),
    ready: () => status(readyStatus(parts)),
    metadata,
    spec,
    status,
    raw: () => rawOf(parts),
    parsed: () => parsed(rawOf(parts)),
  };
}

function readyStatus({ metadata, spec }: Parts): Json {
  const { generation } = metadata;
  const scopes = (spec['scopes'] ?? []) as readonly ScopeSpec[];
  const ready = {
    type: 'Ready',
    status: 'True',
    observedGeneration: generation,
    lastTransitionTime: '2026-01-01T00:00:05Z',
    reason: 'Synced',
    message: 'Amazon Cognito holds what `spec` says',
  };
  const scopeIdentifiers = scopes.map(({ name }) => `${String(spec['identifier'])}/${name}`).sort();
  const scopeCount = scopeIdentifiers.length;
  return { observedGeneration: generation, conditions: [ready], scopeCount, scopeIdentifiers };
}

function rawOf(parts: Parts): Json {
  const { metadata, spec, remote, pending, recordUid } = parts;
  const hash = hashOf(specContent(parts));
  const { userPoolId, identifier } = spec;
  const startTime = '2026-01-01T00:00:01.000Z';
  const status = {
    ...parts.status,
    recordUID: remote || pending ? (recordUid ?? metadata['uid']) : undefined,
    remote: remote && { userPoolId, identifier, origin: 'Created', hash, ...remote },
    pending: pending && { hash, startTime, instance: 'instance-1', ...pending },
  };
  return JSON.parse(
    JSON.stringify({
      apiVersion: 'cognito-operator.io/v1',
      kind: 'ResourceServer',
      metadata,
      spec,
      status,
    }),
  ) as Json;
}

function specContent({ metadata, spec }: Parts): Desired {
  const { name = metadata['name'], scopes = [] } = spec;
  const readable = Array.isArray(scopes) ? scopes.filter((each) => each !== null) : [];
  return { name, scopes: readable } as Desired;
}

export function parsed(raw: unknown): ResourceServer {
  const result = parse(raw);
  if (result.kind === 'Readable') return result.resource;
  throw new Error(result.why);
}

/* ------------------------------------------------------------------------ views */

export interface ViewBuilder {
  /** A Describe of this climb found this; without an argument, what the spec says. */
  described(content?: Content, requestedAtMs?: number): ViewBuilder;
  /** A Describe of this climb found nothing; whether the pool is there is asked apart. */
  missing(pool?: 'Unasked' | 'Answers' | 'Missing', requestedAtMs?: number): ViewBuilder;
  swept(content?: Content): ViewBuilder;
  sweptAbsent(): ViewBuilder;
  claimedBy(holder: Holder): ViewBuilder;
  /** Ours, but others name the identity too and may have late records until `fromMs`. */
  unconfirmed(fromMs: number): ViewBuilder;
  /** Somebody has a record for the identity. */
  recorded(): ViewBuilder;
  pendingElsewhere(): ViewBuilder;
  awaitingSweep(): ViewBuilder;
  sweepDenied(): ViewBuilder;
  sweepFoundNoPool(failure: CognitoFailure): ViewBuilder;
  at(nowMs: number): ViewBuilder;
  /** The pending record may land until then. */
  lateUntil(ms: number): ViewBuilder;
  waitingFor(ms: number): ViewBuilder;
  withAccount(account: string): ViewBuilder;
  notConverging(): ViewBuilder;
  closedFor(operation: Operation, failure: CognitoFailure): ViewBuilder;
  rejected(failure: Rejected): ViewBuilder;
  stopped(stop: Stop): ViewBuilder;
  climbed(climb: Partial<Climb>): ViewBuilder;
  with(fields: Partial<View>): ViewBuilder;
  view(): View;
}

/** @param of a builder, or what one has parsed */
export function aView(of: ResourceServerBuilder | ResourceServer = aResourceServer()): ViewBuilder {
  const resource = 'parsed' in of ? of.parsed() : of;
  const { remote, pending } = resource;
  return viewOf({
    resource,
    records: { remote, pending },
    observation: undefined,
    claim: { kind: 'Ours', confirm: 'Confirmed', recorded: (remote ?? pending) !== undefined },
    succession: NO_SUCCESSION,
    pendingElsewhere: false,
    sweep: { kind: 'Complete' },
    nowMs: NOW_MS,
    lateUntilMs: pending === undefined ? Number.NEGATIVE_INFINITY : NOW_MS,
    waitedMs: 0,
    held: undefined,
    account: undefined,
    converges: true,
    closed: {},
    climb: FIRST_STEP,
  });
}

function viewOf(view: View): ViewBuilder {
  const but = (fields: Partial<View>) => viewOf({ ...view, ...fields });
  const climbed = (climb: Partial<Climb>) => but({ climb: { ...view.climb, ...climb } });
  const looked = (observation: Observation) =>
    but({ observation, climb: { ...view.climb, looked: true } });
  const wanted = (): Content => view.resource.desired ?? CONTENT;
  return {
    described: (content = wanted(), requestedAtMs = view.nowMs) =>
      looked(described(content, requestedAtMs)),
    missing: (pool = 'Unasked', requestedAtMs = view.nowMs) =>
      looked({ kind: 'Absent', how: 'Described', requestedAtMs, pool }),
    swept: (content = wanted()) => but({ observation: sweptPresent(content, view.nowMs) }),
    sweptAbsent: () =>
      but({
        observation: { kind: 'Absent', how: 'Swept', requestedAtMs: view.nowMs, pool: 'Answers' },
      }),
    claimedBy: (holder) => but({ claim: { kind: 'Theirs', holder } }),
    unconfirmed: (fromMs) =>
      but({ claim: { kind: 'Ours', confirm: { fromMs }, recorded: isRecorded(view) } }),
    recorded: () => but({ claim: { kind: 'Ours', confirm: 'Confirmed', recorded: true } }),
    pendingElsewhere: () => but({ pendingElsewhere: true }),
    awaitingSweep: () => but({ sweep: { kind: 'Awaited' } }),
    sweepDenied: () => but({ sweep: { kind: 'Denied' } }),
    sweepFoundNoPool: (failure) => but({ sweep: { kind: 'PoolMissing', failure } }),
    at: (nowMs) => but({ nowMs }),
    lateUntil: (lateUntilMs) => but({ lateUntilMs }),
    waitingFor: (waitedMs) => but({ waitedMs }),
    withAccount: (account) => but({ account }),
    notConverging: () => but({ converges: false }),
    closedFor: (operation, failure) => but({ closed: { ...view.closed, [operation]: failure } }),
    rejected: (rejected) => climbed({ rejected }),
    stopped: (stop) => climbed({ stop }),
    climbed,
    with: but,
    view: () => view,
  };
}

function sweptPresent(content: Content, requestedAtMs: number): Observation {
  const managed = content.managedBy !== undefined;
  return { kind: 'Present', how: 'Swept', requestedAtMs, hash: hashOf(content), managed };
}

function isRecorded({ records }: View): boolean {
  return records.remote !== undefined || records.pending !== undefined;
}

export function aHolder(fields: Partial<Holder> = {}): Holder {
  return { key: 'identity/elder', namespace: 'identity', leaving: false, ...fields };
}
