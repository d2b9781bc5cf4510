/**
 * Somebody in the AWS console: changes what Cognito holds beside the API, without rate quotas and
 * without the quota of servers. Contents are held to the API's constraints; a mistake throws.
 */
import { refusalOf } from './constraints.ts';
import { operationModels } from './model.ts';
import type { Scope, Store, StoredServer } from './store.ts';

export interface ConsoleServer {
  readonly identifier: string;
  readonly name: string;
  readonly scopes?: readonly Scope[];
}

export interface CognitoConsole {
  /** Throws when the server exists. */
  create(pool: string, server: ConsoleServer): void;
  /** Creates or replaces; a mark of Cognito's own management is taken off. */
  put(pool: string, server: ConsoleServer): void;
  /** Whether there was one. */
  delete(pool: string, identifier: string): boolean;
  get(pool: string, identifier: string): StoredServer | undefined;
  list(pool: string): readonly StoredServer[];
  /** Throws when the server does not exist. */
  setManagedBy(pool: string, identifier: string, owner: 'COGNITO' | undefined): void;
}

export function createConsole(store: Store): CognitoConsole {
  return {
    create(id, server) {
      const pool = store.pool(id);
      if (pool.get(server.identifier) !== undefined)
        throw new Error(`${server.identifier} already exists in ${id}`);
      pool.put(valid(id, server));
    },
    put: (id, server) => store.pool(id).put(valid(id, server)),
    delete: (id, identifier) => store.pool(id).delete(identifier),
    get: (id, identifier) => store.pool(id).get(identifier),
    list: (id) => store.pool(id).servers(),
    setManagedBy(id, identifier, owner) {
      const pool = store.pool(id);
      const server = pool.get(identifier);
      if (server === undefined) throw new Error(`${id} holds no resource server ${identifier}`);
      const { managedBy: _, ...unmarked } = server;
      pool.put(owner === undefined ? unmarked : { ...unmarked, managedBy: owner });
    },
  };
}

function valid(pool: string, { identifier, name, scopes = [] }: ConsoleServer): StoredServer {
  const refusal = refusalOf(operationModels.CreateResourceServer.input, {
    UserPoolId: pool,
    Identifier: identifier,
    Name: name,
    Scopes: scopes.map((scope) => ({
      ScopeName: scope.name,
      ScopeDescription: scope.description,
    })),
  });
  if (refusal !== undefined) throw new Error(refusal.message);
  return { identifier, name, scopes };
}
