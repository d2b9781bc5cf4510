/**
 * The five operations on a validated input. Each is one synchronous step: it either takes effect
 * and succeeds, or changes nothing and fails.
 */
import type { Chance } from '../../../src/ports.ts';
import {
  type ApiError,
  alreadyExists,
  duplicateScope,
  managedByCognito,
  pageTokenUnusable,
  poolMissing,
  quotaReached,
  replicaRefuses,
  serverMissing,
} from './errors.ts';
import type { Input } from './input.ts';
import { type Operation, operationModels } from './model.ts';
import type { PageTokens } from './paging.ts';
import type { Pool, Store, StoredServer } from './store.ts';

export type Judgement =
  | { readonly kind: 'Success'; readonly output: Output; readonly effect: boolean }
  | { readonly kind: 'Failure'; readonly error: ApiError };

/** The JSON of an answer; undefined is an empty body. */
export type Output = Readonly<Record<string, unknown>> | undefined;

/** How Cognito answers where its answer is not documented; each is a switch of the sandbox. */
export interface Manners {
  readonly shuffleScopes: boolean;
  readonly omitEmptyScopes: 'absent' | 'null' | 'empty';
  readonly defaultPageSize: number;
  readonly duplicateScopes: 'accept' | 'reject';
}

export interface World {
  readonly store: Store;
  readonly tokens: PageTokens;
  readonly chance: Chance;
  readonly manners: Manners;
}

interface Request {
  readonly world: World;
  readonly pool: Pool;
  readonly input: Input;
}

const failure = (error: ApiError): Judgement => ({ kind: 'Failure', error });

/** The account of the caller, and the Region it signed for. */
export interface Endpoint {
  readonly accountId: string;
  readonly region: string;
}

export function operate(
  world: World,
  operation: Operation,
  input: Input,
  endpoint: Endpoint,
): Judgement {
  const pool = world.store.find(input.pool);
  if (pool === undefined || !isSeenFrom(endpoint, pool)) return failure(poolMissing(input.pool));
  if (isRefusedByReplica(pool, operation)) return failure(replicaRefuses(pool.id));
  return operations[operation]({ world, pool, input });
}

/** A pool of another account or Region answers like one that does not exist. */
const isSeenFrom = ({ accountId, region }: Endpoint, pool: Pool): boolean =>
  pool.accountId === accountId && pool.region === region;

const isRefusedByReplica = ({ replica }: Pool, operation: Operation): boolean =>
  replica === 'refuses-everything' ||
  (replica === 'refuses-mutations' && operationModels[operation].category === 'update');

const operations: Readonly<Record<Operation, (request: Request) => Judgement>> = {
  CreateResourceServer(request) {
    const { pool, input } = request;
    const { identifier, name, scopes } = input;
    const refusal = refusalOfContent(request);
    if (refusal !== undefined) return failure(refusal);
    if (pool.get(identifier) !== undefined) return failure(alreadyExists(pool.id, identifier));
    if (pool.size >= pool.serversMax) return failure(quotaReached(pool.id, pool.serversMax));
    const server = { identifier, name, scopes };
    pool.put(server);
    return echoed(request, server, true);
  },

  DescribeResourceServer(request) {
    const { pool, input } = request;
    const server = pool.get(input.identifier);
    if (server === undefined) return failure(serverMissing(input.identifier));
    return echoed(request, server, false);
  },

  /** A full replace: scopes that are left out are gone. */
  UpdateResourceServer(request) {
    const { pool, input } = request;
    const { identifier, name, scopes } = input;
    const refusal = refusalOfContent(request) ?? refusalOfChange(request);
    if (refusal !== undefined) return failure(refusal);
    const server = { identifier, name, scopes };
    pool.put(server);
    return echoed(request, server, true);
  },

  DeleteResourceServer(request) {
    const refusal = refusalOfChange(request);
    if (refusal !== undefined) return failure(refusal);
    request.pool.delete(request.input.identifier);
    return { kind: 'Success', output: undefined, effect: true };
  },

  ListResourceServers(request) {
    const { world, pool, input } = request;
    const { maxResults, nextToken } = input;
    const listing = { pool: pool.id, maxResults };
    const after = nextToken === undefined ? '' : world.tokens.open(listing, nextToken);
    if (after === undefined) return failure(pageTokenUnusable());
    const page = pool.page(maxResults ?? world.manners.defaultPageSize, after);
    const output = {
      ResourceServers: page.servers.map((server) => shown(request, server)),
      ...(page.position !== undefined && { NextToken: world.tokens.issue(listing, page.position) }),
    };
    return { kind: 'Success', output, effect: false };
  },
};

function refusalOfContent({ world, input }: Request): ApiError | undefined {
  if (world.manners.duplicateScopes === 'accept') return undefined;
  const names = new Set<string>();
  for (const { name } of input.scopes) {
    if (names.has(name)) return duplicateScope(name);
    names.add(name);
  }
  return undefined;
}

function refusalOfChange({ pool, input }: Request): ApiError | undefined {
  const server = pool.get(input.identifier);
  if (server === undefined) return serverMissing(input.identifier);
  return server.managedBy === undefined ? undefined : managedByCognito(server.identifier);
}

const echoed = (request: Request, server: StoredServer, effect: boolean): Judgement => ({
  kind: 'Success',
  output: { ResourceServer: shown(request, server) },
  effect,
});

const shown = ({ world, pool }: Request, server: StoredServer): Output => ({
  UserPoolId: pool.id,
  Identifier: server.identifier,
  Name: server.name,
  ...scopesShown(world, server),
  ...(server.managedBy !== undefined && { ManagedBy: server.managedBy }),
});

const noScopesShown: Readonly<Record<Manners['omitEmptyScopes'], Output>> = {
  absent: {},
  null: { Scopes: null },
  empty: { Scopes: [] },
};

function scopesShown({ manners, chance }: World, { scopes }: StoredServer): Output {
  if (scopes.length === 0) return noScopesShown[manners.omitEmptyScopes];
  const shownScopes = scopes.map((scope) => ({
    ScopeName: scope.name,
    ScopeDescription: scope.description,
  }));
  return { Scopes: manners.shuffleScopes ? shuffledBy(chance, shownScopes) : shownScopes };
}

const shuffledBy = <T>(chance: Chance, items: readonly T[]): readonly T[] =>
  items
    .map((item) => ({ item, rank: chance.roll() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
