/**
 * How to get into the cluster, asked anew for each request: the address, the headers that say who
 * we are, the connections. Tokens and certificates are replaced on disk at any time: client-node
 * reads a token again after a minute, and other certificates mean other connections.
 */
import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Secrets } from '../../api/secrets.ts';
import { createDispatchers, type Dispatchers, type TlsOptions } from './dispatchers.ts';
import { type KubeConfigSource, loadKubeConfig } from './kube-config.ts';

export interface Access {
  /** Without a slash at its end; may have a path. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatchers: Dispatchers;
}

export interface Entrance {
  /** Rejects when there are no credentials, or none that can be read. */
  enter(): Promise<Access>;
  /** The server did not know us: everything is read anew for the next request. */
  forget(): void;
  /** Ends all connections. */
  close(): Promise<void>;
}

/**
 * @param secrets told who we are before it is used
 * @throws when the kubeconfig cannot be read: there is nothing to start with
 */
export function createEntrance(
  source: KubeConfigSource,
  secrets: Pick<Secrets, 'learn'>,
): Entrance {
  const memory: { config: KubeConfig | undefined } = { config: loadKubeConfig(source) };
  const pool = createPool();
  return {
    async enter() {
      memory.config ??= loadKubeConfig(source);
      const { config } = memory;
      const cluster = config.getCurrentCluster();
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      secrets.learn(secretsOf(options));
      return {
        server: (cluster?.server ?? '').replace(/\/+$/, ''),
        headers: headersOf(options),
        dispatchers: pool.dispatchers(tlsOf(options), cluster?.proxyUrl),
      };
    },
    forget() {
      memory.config = undefined;
    },
    close: () => pool.close(),
  };
}

function headersOf({ headers, auth }: RequestOptions): Readonly<Record<string, string>> {
  const basic = `Basic ${Buffer.from(auth ?? '').toString('base64')}`;
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(texts), ...(auth ? { Authorization: basic } : {}) };
}

/** What follows `Bearer`, or user and password. */
function secretsOf({ headers, auth }: RequestOptions): readonly string[] {
  const words = Object.values(headers ?? {}).flatMap((value) => String(value).split(' '));
  return [...words, ...(auth?.split(':') ?? [])];
}

const TLS_NAMES = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'rejectUnauthorized', 'servername'];

function tlsOf(options: RequestOptions): TlsOptions {
  const entries = Object.entries(options).filter(([name]) => TLS_NAMES.includes(name));
  return Object.fromEntries(entries);
}

interface Pool {
  dispatchers(tls: TlsOptions, proxyUrl: string | undefined): Dispatchers;
  close(): Promise<void>;
}

/** Connections are shared for as long as their certificates stay the same. */
function createPool(): Pool {
  const memory: { print: string; current: Dispatchers | undefined } = {
    print: '',
    current: undefined,
  };
  return {
    dispatchers(tls, proxyUrl) {
      const print = createHash('sha256')
        .update(JSON.stringify([tls, proxyUrl]))
        .digest('hex');
      if (memory.current !== undefined && memory.print === print) return memory.current;
      if (memory.current !== undefined) retire(memory.current);
      memory.print = print;
      memory.current = createDispatchers(tls, proxyUrl);
      return memory.current;
    },
    async close() {
      const { current } = memory;
      memory.current = undefined;
      await Promise.all([current?.requests.destroy(), current?.watches.destroy()]);
    },
  };
}

/** What is under way may end; its errors are told to whoever waits for it. */
function retire({ requests, watches }: Dispatchers): void {
  for (const dispatcher of [requests, watches]) dispatcher.close().catch(() => undefined);
}
