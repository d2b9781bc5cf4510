/** `unknown` -> what a resource server holds, or a sentence about what is wrong with the answer. */
import type { Identity, Scope } from '../../api/parse.ts';
import { field, isText, isUnknowns, unknowns } from '../../api/read.ts';
import type { Content } from '../../core/view.ts';
import type { ListedServer, ServersPage } from '../../ports.ts';

export type Read<T> =
  | { readonly kind: 'Readable'; readonly value: T }
  | { readonly kind: 'Garbled'; readonly why: string };

/** The echo of a Describe or a mutation, which must name what was asked for. */
export function readServer(output: unknown, identity: Identity): Read<Content> {
  const server = readListed(field(unknowns(output), 'ResourceServer'), identity.userPoolId);
  if (server.kind === 'Garbled') return server;
  return server.value.identifier === identity.identifier
    ? { kind: 'Readable', value: server.value.content }
    : garbled('the answer names another identifier');
}

export function readPage(output: unknown, userPoolId: string): Read<ServersPage> {
  const listed = field(unknowns(output), 'ResourceServers');
  const nextToken = field(unknowns(output), 'NextToken');
  if (!Array.isArray(listed)) return garbled('the answer has no list of resource servers');
  if (nextToken !== undefined && !isText(nextToken)) return garbled('the page token is no text');
  const servers: ListedServer[] = [];
  for (const each of listed) {
    const server = readListed(each, userPoolId);
    if (server.kind === 'Garbled') return server;
    servers.push(server.value);
  }
  return { kind: 'Readable', value: { servers, nextToken } };
}

/**
 * A Delete answers with an empty body, so its request id is all that shows who answered: a portal
 * that says 200 to whatever passes must not become the proof that a resource server is gone.
 */
export function readNothing(_: unknown, requestId: string | undefined): Read<undefined> {
  return requestId === undefined
    ? garbled('the answer has no request id')
    : { kind: 'Readable', value: undefined };
}

function readListed(raw: unknown, userPoolId: string): Read<ListedServer> {
  if (!isUnknowns(raw)) return garbled('the answer has no resource server');
  const { UserPoolId, Identifier, Name, ManagedBy } = raw;
  if (UserPoolId !== userPoolId) return garbled('the answer names another user pool');
  if (!isText(Identifier)) return garbled('the answer has no identifier');
  if (typeof Name !== 'string') return garbled('the answer has no name');
  const scopes = readScopes(field(raw, 'Scopes'));
  if (scopes === undefined) return garbled('the answer has unreadable scopes');
  const managed = isText(ManagedBy) ? { managedBy: ManagedBy } : {};
  const content = { name: Name, scopes, ...managed };
  return { kind: 'Readable', value: { identifier: Identifier, content } };
}

/** Absent means none: Cognito leaves an empty list out. */
function readScopes(raw: unknown): readonly Scope[] | undefined {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) return undefined;
  const scopes = raw.flatMap(readScope);
  return scopes.length === raw.length ? scopes : undefined;
}

function readScope(raw: unknown): readonly Scope[] {
  const name = field(unknowns(raw), 'ScopeName');
  const description = field(unknowns(raw), 'ScopeDescription');
  return isText(name) && typeof description === 'string' ? [{ name, description }] : [];
}

function garbled(why: string): Read<never> {
  return { kind: 'Garbled', why };
}
