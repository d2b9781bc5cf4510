/**
 * An embedded Amazon Cognito for tests, demo and sandbox: the five resource-server operations and
 * STS GetCallerIdentity, with the real wire, validation, errors and quotas, in memory, for this
 * machine alone. What it does not know it refuses with UnknownOperationException.
 *
 * One server stands for every Region: the Region a caller signed for is the endpoint it called.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createSystemClock } from '../../../src/adapters/system.ts';
import type { Clock } from '../../../src/ports.ts';
import { createSeededChance } from '../../support/seeded-chance.ts';
import { assertPrivate, LOOPBACK } from './address.ts';
import { Alarms } from './alarms.ts';
import { callOf } from './call.ts';
import { type CognitoConsole, type ConsoleServer, createConsole } from './console.ts';
import type { StatusStyle } from './errors.ts';
import { type Backend, Exchange } from './exchange.ts';
import { CognitoFaults } from './faults.ts';
import { createJudge } from './judge.ts';
import { type Latency, type LatencyMs, latencyBy } from './latency.ts';
import { CallLog, type Counts } from './log.ts';
import type { Manners } from './operations.ts';
import { createPageTokens } from './paging.ts';
import { AccountRates, defaultRates, type Rates } from './rates.ts';
import { type AcceptedKey, createGatekeeper } from './signature.ts';
import { type ListOrder, type Replica, Store } from './store.ts';
import type { WindowKind } from './window.ts';
import { answerTo } from './wire.ts';

export interface CognitoOptions {
  /** Ephemeral by default. */
  readonly port?: number;
  /** Of a bridge, for an operator that runs in a pod; loopback by default, and nothing else. */
  readonly address?: string;
  readonly accountId?: string;
  /** By default any access key that looks like one of AWS. */
  readonly credentials?: readonly AcceptedKey[];
  readonly pools?: readonly string[];
  readonly rates?: Rates | 'off';
  readonly window?: WindowKind;
  readonly serversPerPool?: number;
  readonly latencyMs?: LatencyMs;
  /** Of latencies and shuffled scopes. */
  readonly seed?: number;
  readonly shuffleScopes?: boolean;
  readonly omitEmptyScopes?: Manners['omitEmptyScopes'];
  readonly duplicateScopes?: Manners['duplicateScopes'];
  readonly listOrder?: ListOrder;
  readonly defaultPageSize?: number;
  readonly statusStyle?: StatusStyle;
  readonly clock?: Clock;
  /** How many calls the log keeps. */
  readonly logCallsMax?: number;
}

export interface EmbeddedCognito {
  readonly url: string;
  readonly port: number;
  readonly console: CognitoConsole;
  readonly faults: CognitoFaults;
  readonly log: CallLog;
  /** Landed calls by operation and outcome. */
  counts(): Counts;
  setQuota(pool: string, serversMax: number): void;
  setRates(rates: Rates | 'off'): void;
  /** The caller's credentials belong to this account from now on; it sees its own pools only. */
  setAccountId(accountId: string): void;
  addPool(id: string): void;
  removePool(id: string): void;
  /** The Region of the pool's id holds a replica; the primary is elsewhere. */
  setReplica(pool: string, replica: Replica): void;
  /** Puts many servers into a pool at once, whatever its quota. */
  load(pool: string, servers: Iterable<ConsoleServer>): void;
  close(): Promise<void>;
}

export async function startCognito(options: CognitoOptions = {}): Promise<EmbeddedCognito> {
  const parts = partsOf(options);
  const { faults, backend, console } = parts;
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    void serve(parts, message, response);
  });
  const { address = LOOPBACK } = options;
  const port = await listen(server, options.port ?? 0, address);

  return {
    url: `http://${address}:${port}`,
    port,
    console,
    faults,
    log: backend.log,
    counts: () => backend.log.counts(),
    ...controlsOf(parts),
    async close() {
      backend.alarms.cancelAll();
      faults.clear();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Controls = Pick<
  EmbeddedCognito,
  'setQuota' | 'setRates' | 'setAccountId' | 'addPool' | 'removePool' | 'setReplica' | 'load'
>;

const controlsOf = ({ store, rates, backend, console }: Parts): Controls => ({
  setQuota(pool, serversMax) {
    store.pool(pool).serversMax = serversMax;
  },
  setRates: (next) => rates.set(next),
  setAccountId: (accountId) => backend.judge.setAccountId(accountId),
  addPool: (id) => store.addPool(id, backend.judge.accountId()),
  removePool: (id) => store.removePool(id),
  setReplica(pool, replica) {
    store.pool(pool).replica = replica;
  },
  load(pool, servers) {
    for (const server of servers) console.put(pool, server);
  },
});

async function listen(server: Server, port: number, host: string): Promise<number> {
  assertPrivate(host);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening on a port');
  return bound.port;
}

interface Parts {
  readonly store: Store;
  readonly rates: AccountRates;
  readonly console: CognitoConsole;
  readonly faults: CognitoFaults;
  readonly backend: Backend;
  readonly latency: () => Latency;
}

function partsOf(options: CognitoOptions): Parts {
  const { accountId = '111122223333', clock = createSystemClock(), statusStyle = '400' } = options;
  const chance = createSeededChance(options.seed ?? 1);
  const store = storeOf(options, accountId);
  const rates = new AccountRates(options.rates ?? defaultRates, options.window ?? 'sliding');
  const gatekeeper = createGatekeeper(options.credentials);
  const world = { store, tokens: createPageTokens(), chance, manners: mannersOf(options) };
  const backend: Backend = {
    clock,
    alarms: new Alarms(clock),
    log: new CallLog(options.logCallsMax),
    judge: createJudge({ world, rates, gatekeeper, accountId }),
    encode: (call, judgement) => answerTo(call, judgement, statusStyle),
  };
  const faults = new CognitoFaults(gatekeeper);
  const latency = (): Latency => latencyBy(chance, options.latencyMs ?? 0);
  return { store, rates, console: createConsole(store), faults, backend, latency };
}

function storeOf(options: CognitoOptions, accountId: string): Store {
  const { serversPerPool = 25, listOrder = 'created', pools = [] } = options;
  const store = new Store({ serversPerPool, listOrder });
  for (const pool of pools) store.addPool(pool, accountId);
  return store;
}

const mannersOf = (options: CognitoOptions): Manners => ({
  shuffleScopes: options.shuffleScopes ?? false,
  omitEmptyScopes: options.omitEmptyScopes ?? 'absent',
  duplicateScopes: options.duplicateScopes ?? 'accept',
  defaultPageSize: options.defaultPageSize ?? 50,
});

/**
 * A throw beneath this is a bug of the sandbox or of a fault's own function, and ends it loudly.
 */
async function serve(
  { backend, faults, latency }: Parts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(message);
  if (body === undefined) return void response.destroy();
  const { requestMs, answerMs } = latency();
  const exchange = new Exchange(backend, callOf(message, body), { response, answerMs });
  backend.alarms.after(requestMs, () => faults.serve(exchange));
}

const bodyBytesMax = 4 * 1024 * 1024;

/** Undefined when the client gave up in the middle of it, or it never seems to end. */
async function bodyOf(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
    else message.destroy();
  });
  const isWhole = await new Promise<boolean>((resolve) => {
    message.once('end', () => resolve(true));
    message.once('close', () => resolve(false));
    message.once('error', () => resolve(false));
  });
  return isWhole ? Buffer.concat(chunks).toString() : undefined;
}
