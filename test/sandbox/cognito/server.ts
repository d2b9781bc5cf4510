/**
 * An embedded Amazon Cognito for tests, demo and sandbox: the five resource-server operations and
 * STS GetCallerIdentity, with the real wire, validation, errors and quotas, in memory, on
 * loopback. What it does not know it refuses with UnknownOperationException.
 *
 * One server stands for every Region: the Region a caller signed for is the endpoint it called.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Alarms, createAlarms } from './alarms.ts';
import { callOf } from './call.ts';
import { type Chance, createChance } from './chance.ts';
import { type Clock, monotonicClock } from './clock.ts';
import { type CognitoConsole, type ConsoleServer, createConsole } from './console.ts';
import type { StatusStyle } from './errors.ts';
import { type Backend, createExchange } from './exchange.ts';
import { type CognitoFaults, createSwitchboard, type Switchboard } from './faults.ts';
import { createJudge, type Judge } from './judge.ts';
import { CallLog, type Counts } from './log.ts';
import type { Manners } from './operations.ts';
import { createPageTokens } from './paging.ts';
import { defaultRates, RateQuotas, type Rates } from './quotas.ts';
import type { WindowKind } from './rates.ts';
import { type AcceptedKey, createGatekeeper } from './signature.ts';
import { type ListOrder, type Pool, type Replica, Store } from './store.ts';
import { answerTo } from './wire.ts';

export interface CognitoOptions {
  /** Ephemeral by default. */
  readonly port?: number;
  readonly accountId?: string;
  /** By default any access key that looks like one of AWS. */
  readonly credentials?: readonly AcceptedKey[];
  readonly pools?: readonly string[];
  readonly rates?: Rates | 'off';
  readonly window?: WindowKind;
  readonly serversPerPool?: number;
  /** One way and back together: fixed, or a range; half of it, by chance, before the effect. */
  readonly latencyMs?: number | readonly [number, number];
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
  /** The account of the caller, from now on: STS tells it, the pools stay. */
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
  const { store, switchboard, alarms, log } = parts;
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    serve(parts, message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const port = portOf(server);
  const console = createConsole(store);

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    console,
    faults: switchboard.faults,
    log,
    counts: () => log.counts(),
    setQuota(pool, serversMax) {
      poolIn(store, pool).serversMax = serversMax;
    },
    setRates: (rates) => parts.quotas.set(rates),
    setAccountId: (accountId) => parts.judge.setAccountId(accountId),
    addPool: (id) => void store.addPool(id),
    removePool: (id) => store.removePool(id),
    setReplica(pool, replica) {
      poolIn(store, pool).replica = replica;
    },
    load(pool, servers) {
      for (const each of servers) console.put(pool, each);
    },
    async close() {
      alarms.cancelAll();
      switchboard.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

interface Parts {
  readonly store: Store;
  readonly quotas: RateQuotas;
  readonly judge: Judge;
  readonly switchboard: Switchboard;
  readonly backend: Backend;
  readonly log: CallLog;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly latency: () => Latency;
}

function partsOf(options: CognitoOptions): Parts {
  const { accountId = '111122223333', clock = monotonicClock, statusStyle = '400' } = options;
  const chance = createChance(options.seed ?? 1);
  const store = new Store({
    serversPerPool: options.serversPerPool ?? 25,
    listOrder: options.listOrder ?? 'created',
  });
  for (const pool of options.pools ?? []) store.addPool(pool);
  const quotas = new RateQuotas(options.rates ?? defaultRates, options.window ?? 'sliding', clock);
  const gatekeeper = createGatekeeper(options.credentials);
  const world = { store, tokens: createPageTokens(), chance, manners: mannersOf(options) };
  const judge = createJudge({ world, quotas, gatekeeper, accountId });
  const alarms = createAlarms(clock);
  const log = new CallLog(options.logCallsMax);
  const backend: Backend = {
    clock,
    alarms,
    log,
    judge,
    encode: (call, judgement) => answerTo(call, judgement, statusStyle),
  };
  const switchboard = createSwitchboard(gatekeeper);
  const latency = latencyOf(options.latencyMs ?? 0, chance);
  return { store, quotas, judge, switchboard, backend, log, alarms, clock, latency };
}

const mannersOf = (options: CognitoOptions): Manners => ({
  shuffleScopes: options.shuffleScopes ?? false,
  omitEmptyScopes: options.omitEmptyScopes ?? 'absent',
  duplicateScopes: options.duplicateScopes ?? 'accept',
  defaultPageSize: options.defaultPageSize ?? 50,
});

const poolIn = (store: Store, id: string): Pool => {
  const pool = store.pool(id);
  if (pool === undefined) throw new Error(`the sandbox has no user pool ${id}`);
  return pool;
};

interface Latency {
  readonly beforeMs: number;
  readonly answerMs: number;
}

const latencyOf =
  (latencyMs: number | readonly [number, number], chance: Chance) => (): Latency => {
    const [low, high] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
    const total = chance.between(low, high);
    const beforeMs = total * chance.roll();
    return { beforeMs, answerMs: total - beforeMs };
  };

async function serve(
  parts: Parts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { backend, log, alarms, clock, switchboard } = parts;
  const body = await bodyOf(message);
  const call = callOf(message, body);
  const record = log.open(call, clock.now());
  const { beforeMs, answerMs } = parts.latency();
  const exchange = createExchange(backend, call, record, { response, answerMs });
  alarms.after(beforeMs, () => switchboard.play(exchange));
}

const bodyBytesMax = 4 * 1024 * 1024;

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error(`a request of more than ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
