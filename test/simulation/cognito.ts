/**
 * Cognito as the operator's port sees it: the embedded service's own store, operations, validation
 * and rates, without a wire between, and the adapter's own reading of what it answers.
 */
import type { Read } from '../../src/adapters/cognito/answer.ts';
import { failureOf, garbled } from '../../src/adapters/cognito/failure.ts';
import type { Desired, Identity } from '../../src/api/parse.ts';
import type { CognitoFailure } from '../../src/core/failure.ts';
import type { Operation } from '../../src/core/view.ts';
import { type Answer, answered, type Chance, type Clock, failed } from '../../src/ports.ts';
import { refusalOf } from '../sandbox/cognito/constraints.ts';
import { type ApiError, tooManyRequests } from '../sandbox/cognito/errors.ts';
import { inputOf } from '../sandbox/cognito/input.ts';
import { operationModels } from '../sandbox/cognito/model.ts';
import { operate, type World } from '../sandbox/cognito/operations.ts';
import { createPageTokens } from '../sandbox/cognito/paging.ts';
import { AccountRates, defaultRates, type Rates } from '../sandbox/cognito/rates.ts';
import { type ServerContent, Store, type StoredServer } from '../sandbox/cognito/store.ts';

export interface CognitoRequest {
  readonly operation: Operation;
  readonly pool: string;
  /** Empty for a List. */
  readonly identifier: string;
  readonly desired: Desired | undefined;
  readonly nextToken: string | undefined;
}

const MUTATIONS: ReadonlySet<Operation> = new Set(['Create', 'Update', 'Delete']);

/** The stricter reading of the per-pool rate, which is the one the operator keeps to. */
export const STRICT_RATES: Rates = { ...defaultRates, mode: 'per-category' };

/** A request as it arrives. */
export interface Arrival extends CognitoRequest {
  /** Of the caller; the account of the pools by default. */
  readonly account?: string;
  /** Nobody waits for it any more: no promise about the rates is for it. */
  readonly isLate?: boolean;
  readonly garble?: Garble | undefined;
}

/** What becomes of an answer on its way. */
export type Garble = (output: unknown, request: CognitoRequest) => unknown;

/** A server was made, changed or deleted: told in the step in which it happens. */
export interface Effect {
  readonly by: 'Us' | 'Stranger';
  readonly operation: 'Create' | 'Update' | 'Delete';
  readonly pool: string;
  readonly identifier: string;
  readonly before: StoredServer | undefined;
  readonly after: StoredServer | undefined;
}

export interface CognitoSettings {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly account: string;
  readonly pools: readonly string[];
  readonly rates: Rates | 'off';
  readonly serversPerPool: number;
  /** Cognito promises no order of scopes; by default there is none. */
  readonly shuffleScopes?: boolean;
  /** Of a List, however many it asks for. */
  readonly pageSize?: number;
}

export class SimulatedCognito {
  readonly #world: World;
  readonly #rates: AccountRates;
  readonly #clock: Clock;
  readonly #account: string;
  readonly #pageSize: number;
  readonly #pools: readonly string[];
  readonly #tell = new Set<(effect: Effect) => void>();
  /** Calls that Cognito itself refused for their rate. */
  throttled = 0;
  #requests = 0;

  constructor(settings: CognitoSettings) {
    const { clock, chance, account, pools, rates, serversPerPool, shuffleScopes = true } = settings;
    const store = new Store({ serversPerPool, listOrder: 'hashed' });
    const manners = {
      shuffleScopes,
      omitEmptyScopes: 'absent',
      defaultPageSize: 50,
      duplicateScopes: 'accept',
    } as const;
    this.#world = { store, tokens: createPageTokens(), chance, manners };
    this.#rates = new AccountRates(rates, 'sliding');
    this.#clock = clock;
    this.#account = account;
    this.#pageSize = settings.pageSize ?? 50;
    this.#pools = pools;
    for (const pool of pools) this.addPool(pool);
  }

  onEffect(tell: (effect: Effect) => void): void {
    this.#tell.add(tell);
  }

  /* ------------------------------------------------------------- the console */

  addPool(pool: string): void {
    this.#world.store.addPool(pool, this.#account);
  }

  /** With all that it holds. */
  removePool(pool: string): void {
    for (const { identifier } of this.servers(pool)) this.drop({ userPoolId: pool, identifier });
    this.#world.store.removePool(pool);
  }

  has(pool: string): boolean {
    return this.#world.store.find(pool) !== undefined;
  }

  /** The quota of each pool from now on. */
  setQuota(servers: number): void {
    for (const pool of this.#pools) {
      const there = this.#world.store.find(pool);
      if (there !== undefined) there.serversMax = servers;
    }
  }

  isFull(pool: string): boolean {
    const there = this.#world.store.find(pool);
    return there !== undefined && there.size >= there.serversMax;
  }

  get({ userPoolId, identifier }: Identity): StoredServer | undefined {
    return this.#world.store.find(userPoolId)?.get(identifier);
  }

  servers(pool: string): readonly StoredServer[] {
    return this.#world.store.find(pool)?.servers() ?? [];
  }

  /** By hand, or by another tool: no rates, no rules. */
  put({ userPoolId, identifier }: Identity, content: ServerContent): void {
    const before = this.get({ userPoolId, identifier });
    this.#world.store.pool(userPoolId).put({ ...content, identifier });
    const operation = before === undefined ? 'Create' : 'Update';
    this.#publish('Stranger', { operation, pool: userPoolId, identifier, before });
  }

  drop({ userPoolId, identifier }: Identity): void {
    const before = this.get({ userPoolId, identifier });
    if (before === undefined) return;
    this.#world.store.pool(userPoolId).delete(identifier);
    this.#publish('Stranger', { operation: 'Delete', pool: userPoolId, identifier, before });
  }

  /** Cognito itself manages it from now on. */
  seize(identity: Identity): void {
    const server = this.get(identity);
    if (server === undefined) throw new Error(`there is no ${identity.identifier}`);
    this.#world.store.pool(identity.userPoolId).put({ ...server, managedBy: 'COGNITO' });
  }

  /* ---------------------------------------------------------------- the port */

  /** What Cognito answers, in the words of the house. */
  answer<T>(
    request: Arrival,
    read: (output: unknown, requestId: string) => Read<T>,
  ): Answer<T, CognitoFailure> {
    this.#requests += 1;
    const requestId = `request-${this.#requests}`;
    const judgement = this.#judge(request);
    if ('error' in judgement) return failed(worded(judgement.error, request.operation, requestId));
    const { garble = (output: unknown) => output } = request;
    const value = read(garble(judgement.output, request), requestId);
    if (value.kind === 'Readable') return answered(value.value);
    if (request.garble === undefined) throw new Error(`Cognito garbles: ${value.why}`);
    return failed(failureOf(garbled(value.why, requestId), request.operation, NO_SECRETS));
  }

  #judge(request: Arrival): { readonly error: ApiError } | { readonly output: unknown } {
    const { pool, identifier } = request;
    const operation = namesOf[request.operation];
    const region = pool.slice(0, pool.lastIndexOf('_'));
    const { account = this.#account, isLate = false } = request;
    const call = { operation, account: `${account} ${region}`, pool };
    if (!isLate && !this.#rates.admit(call, this.#clock.monotonicMs())) {
      this.throttled += 1;
      return { error: tooManyRequests() };
    }
    const json = jsonOf(request, this.#pageSize);
    const refusal = refusalOf(operationModels[operation].input, json);
    if (refusal !== undefined) return { error: refusal };
    const before = this.get({ userPoolId: pool, identifier });
    const endpoint = { accountId: account, region };
    const judgement = operate(this.#world, operation, inputOf(json), endpoint);
    if (judgement.kind === 'Failure') return { error: judgement.error };
    if (judgement.effect && isMutation(request.operation))
      this.#publish('Us', { operation: request.operation, pool, identifier, before });
    return { output: judgement.output };
  }

  #publish(by: Effect['by'], what: Omit<Effect, 'by' | 'after'>): void {
    const after = this.get({ userPoolId: what.pool, identifier: what.identifier });
    for (const tell of this.#tell) tell({ ...what, by, after });
  }
}

const namesOf = {
  List: 'ListResourceServers',
  Describe: 'DescribeResourceServer',
  Create: 'CreateResourceServer',
  Update: 'UpdateResourceServer',
  Delete: 'DeleteResourceServer',
} as const;

export function isMutation(operation: Operation): operation is Effect['operation'] {
  return MUTATIONS.has(operation);
}

/** A failure of Cognito's by the name of its error. */
export function cognitoFails(name: string, operation: Operation): CognitoFailure {
  return worded({ name, message: `${name} it is`, status: 400 }, operation, 'request-of-fate');
}

const NO_SECRETS = { strike: (text: string) => text };

/** Read as the SDK would have thrown it. */
function worded(api: ApiError, operation: Operation, requestId: string): CognitoFailure {
  const error = Object.assign(new Error(api.message), { name: api.name });
  return failureOf({ kind: 'Raised', phase: 'Answered', error, requestId }, operation, NO_SECRETS);
}

function jsonOf(
  { operation, pool, identifier, desired, nextToken }: CognitoRequest,
  pageSize: number,
) {
  const json = { UserPoolId: pool };
  if (operation === 'List') {
    return {
      ...json,
      MaxResults: pageSize,
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  }
  const named = { ...json, Identifier: identifier };
  if (desired === undefined) return named;
  const Scopes = desired.scopes.map(({ name, description }) => ({
    ScopeName: name,
    ScopeDescription: description,
  }));
  return { ...named, Name: desired.name, Scopes };
}
