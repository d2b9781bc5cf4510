/**
 * `unknown` -> what the house calls a resource. Total over arbitrary JSON: whatever cannot be
 * read becomes a problem with its field, and never more than that one field's meaning is lost. The
 * identity is read apart from the scopes, so that a bad scope list never blocks a deletion.
 *
 * Trusts nothing: a stored object may be older than the schema, or edited by hand.
 */
import { isWithin, LIMITS, type Limit, SCOPES_MAX } from './limits.ts';
import { PAUSED_ANNOTATION, RESERVED_PREFIX, SYNC_ANNOTATION } from './names.ts';
import { parsePolicies } from './parse-policies.ts';
import { parseStatus } from './parse-status.ts';
import type { Problem } from './problem.ts';
import { field, isText, listOf, type Unknowns, unknowns } from './read.ts';
import type {
  AdoptionPolicy,
  DeletionPolicy,
  ManagementPolicy,
  PendingRecord,
  RemoteRecord,
  ResourceServerStatus,
} from './resource-server.ts';

/** What Cognito knows a resource server by. */
export interface Identity {
  readonly userPoolId: string;
  readonly identifier: string;
}

export interface Scope {
  readonly name: string;
  readonly description: string;
}

/** The complete value that Cognito is to hold. */
export interface Desired {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface ResourceServer {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** RFC 3339, seconds; orders claims and nothing else. */
  readonly createdAt: string;
  /** It has a deletionTimestamp. */
  readonly leaving: boolean;
  readonly finalizers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly paused: boolean;
  /** The pause annotation's value when it is neither `true` nor absent. */
  readonly oddPause: string | undefined;
  readonly syncRequest: string | undefined;
  /** Of the spec, else of the record we wrote: what a deletion needs. */
  readonly identity: Identity | undefined;
  /** Spec and record name different servers: one of them was tampered with. */
  readonly disputed: boolean;
  readonly desired: Desired | undefined;
  /** Unreadable counts as `Retain`, `Never`, `Observe`: whatever touches nothing. */
  readonly deletionPolicy: DeletionPolicy;
  readonly adoptionPolicy: AdoptionPolicy;
  readonly managementPolicy: ManagementPolicy;
  readonly problems: readonly Problem[];
  /** Records written for this very uid; another object's records are no records. */
  readonly remote: RemoteRecord | undefined;
  readonly pending: PendingRecord | undefined;
  /** As stored, less what is not shaped as the schema says. */
  readonly status: ResourceServerStatus;
}

export type Parsed =
  | { readonly kind: 'Readable'; readonly resource: ResourceServer }
  | { readonly kind: 'Unreadable'; readonly why: string };

export function parse(raw: unknown): Parsed {
  const metadata = unknowns(field(unknowns(raw), 'metadata'));
  const name = field(metadata, 'name');
  const uid = field(metadata, 'uid');
  if (!isText(name) || !isText(uid)) {
    return { kind: 'Unreadable', why: '`metadata.name` and `metadata.uid` must be set' };
  }
  const problems: Problem[] = [];
  const spec = unknowns(field(unknowns(raw), 'spec'));
  const status = parseStatus(field(unknowns(raw), 'status'));
  const ours = status.recordUID === uid;
  const remote = ours ? status.remote : undefined;
  const named = parseIdentity(spec, problems);
  const disputed = isDisputed(named, remote, problems);
  const desired = parseDesired(spec, name, problems);
  const policies = parsePolicies(spec, problems);
  const resource: ResourceServer = {
    ...parseMetadata(metadata, name, uid),
    identity: remote === undefined ? named : identityOf(remote),
    disputed,
    desired,
    ...policies,
    problems,
    remote,
    pending: ours ? status.pending : undefined,
    status,
  };
  return { kind: 'Readable', resource };
}

function parseMetadata(metadata: Unknowns, name: string, uid: string) {
  const namespace = textOr(field(metadata, 'namespace'), '');
  const annotations = unknowns(field(metadata, 'annotations'));
  const pause = field(annotations, PAUSED_ANNOTATION);
  const sync = field(annotations, SYNC_ANNOTATION);
  const generation = field(metadata, 'generation');
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    uid,
    resourceVersion: textOr(field(metadata, 'resourceVersion'), ''),
    generation: typeof generation === 'number' ? generation : 0,
    createdAt: textOr(field(metadata, 'creationTimestamp'), ''),
    leaving: isText(field(metadata, 'deletionTimestamp')),
    finalizers: listOf(field(metadata, 'finalizers')).filter(isText),
    labels: textsOf(unknowns(field(metadata, 'labels'))),
    paused: pause === 'true',
    oddPause: typeof pause === 'string' && pause !== 'true' ? pause : undefined,
    syncRequest: isText(sync) ? sync : undefined,
  };
}

function parseIdentity(spec: Unknowns, problems: Problem[]): Identity | undefined {
  const userPoolId = textWithin(spec, 'userPoolId', LIMITS.userPoolId, problems);
  const identifier = textWithin(spec, 'identifier', LIMITS.identifier, problems);
  if (identifier?.startsWith(RESERVED_PREFIX)) {
    const message = `must not begin with \`${RESERVED_PREFIX}\`: Cognito keeps it for itself`;
    problems.push({ field: 'spec.identifier', message });
    return undefined;
  }
  if (userPoolId === undefined || identifier === undefined) return undefined;
  return { userPoolId, identifier };
}

/** The record wins: whatever became of the spec, it names the resource server that is ours. */
function identityOf({ userPoolId, identifier }: RemoteRecord): Identity {
  return { userPoolId, identifier };
}

function isDisputed(
  named: Identity | undefined,
  remote: RemoteRecord | undefined,
  problems: Problem[],
): boolean {
  if (named === undefined || remote === undefined) return false;
  const { userPoolId, identifier } = remote;
  if (named.userPoolId === userPoolId && named.identifier === identifier) return false;
  const message = 'must stay what it was: `status.remote` names another resource server';
  problems.push({ field: 'spec.identifier', message });
  return true;
}

function parseDesired(spec: Unknowns, fallback: string, problems: Problem[]): Desired | undefined {
  const before = problems.length;
  const absent = field(spec, 'name') === undefined;
  const named = absent ? { name: fallback } : spec;
  const name = textWithin(named, 'name', LIMITS.name, problems);
  const scopes = parseScopes(field(spec, 'scopes'), problems);
  if (name === undefined || problems.length > before) return undefined;
  return { name, scopes };
}

function parseScopes(raw: unknown, problems: Problem[]): readonly Scope[] {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw) || raw.length > SCOPES_MAX) {
    const message = `must be a list of at most ${SCOPES_MAX} scopes`;
    problems.push({ field: 'spec.scopes', message });
    return [];
  }
  const scopes = raw.flatMap((item, index) => parseScope(item, index, problems));
  if (new Set(scopes.map((scope) => scope.name)).size < scopes.length) {
    problems.push({ field: 'spec.scopes', message: 'must not name a scope twice' });
  }
  return scopes;
}

function parseScope(raw: unknown, index: number, problems: Problem[]): readonly Scope[] {
  const scope = unknowns(raw);
  const path = `scopes[${index}].`;
  const name = textWithin(scope, `${path}name`, LIMITS.scopeName, problems);
  const description = textWithin(scope, `${path}description`, LIMITS.scopeDescription, problems);
  return name !== undefined && description !== undefined ? [{ name, description }] : [];
}

/** @param path below `spec`; its last name is the field of `from` */
function textWithin(
  from: Unknowns,
  path: string,
  limit: Limit,
  problems: Problem[],
): string | undefined {
  const value = field(from, path.slice(path.lastIndexOf('.') + 1));
  if (isText(value) && isWithin(limit, value)) return value;
  const message = `must be 1 to ${limit.charsMax} characters that match ${limit.pattern.source}`;
  problems.push({ field: `spec.${path}`, message });
  return undefined;
}

function textOr(value: unknown, fallback: string): string {
  return isText(value) ? value : fallback;
}

function textsOf(from: Unknowns): Readonly<Record<string, string>> {
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(from))
    if (typeof value === 'string') texts.push([name, value]);
  return Object.fromEntries(texts);
}
