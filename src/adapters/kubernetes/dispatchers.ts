/**
 * The connections to one API server: some for requests, others for watches, so that neither waits
 * for the other. HTTP/1.1 only: undici's HTTP/2 let writes hang behind an open watch (undici
 * #5524, #5494), and one frozen session takes everything with it.
 */
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';

/** Authority, certificate, key, and what else TLS takes. */
export type TlsOptions = Partial<buildConnector.BuildOptions>;

export interface Dispatchers {
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
}

/** More than ever are under way at once, so that nothing waits here after its guard was asked. */
const CONNECTIONS_MAX = 256;
const CONNECT_MS = 10_000;
/** Idle for longer, a connection is not used again: resets stay rare. */
const IDLE_MS = 3_000;
/** Backstops behind the deadlines of the callers. */
const HEADERS_MS = 30_000;
const BODY_MS = 30_000;
/** TCP keep-alive before a load balancer forgets the connection, as client-go does. */
const PROBE_MS = 30_000;

/** @param proxyUrl the cluster's `proxy-url`: http, https, socks5 */
export function createDispatchers(tls: TlsOptions, proxyUrl: string | undefined): Dispatchers {
  return {
    requests: createDispatcher(tls, proxyUrl, BODY_MS),
    // Their reader judges silence: bookmarks come about once a minute.
    watches: createDispatcher(tls, proxyUrl, 0),
  };
}

function createDispatcher(
  tls: TlsOptions,
  proxyUrl: string | undefined,
  bodyTimeout: number,
): Dispatcher {
  const connect = {
    ...tls,
    timeout: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelay: PROBE_MS,
  };
  const shared = {
    allowH2: false,
    connections: CONNECTIONS_MAX,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    headersTimeout: HEADERS_MS,
    bodyTimeout,
  };
  if (proxyUrl === undefined) return new Agent({ ...shared, connect });
  return new ProxyAgent({
    ...shared,
    uri: proxyUrl.replace(/^socks5h:/, 'socks5:'),
    requestTls: connect,
    connectTimeout: CONNECT_MS,
  });
}
