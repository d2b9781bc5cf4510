/**
 * One SDK client for each Region; all of them share one credential chain and one set of sockets.
 *
 * Trusts the SDK with wire format, signatures, endpoints (its own variables name others) and
 * credentials. It never retries here: what retries is the queue, once, visibly.
 */
import {
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Secrets } from '../../api/secrets.ts';
import type { Clock } from '../../ports.ts';
import { createAgents } from './agents.ts';
import { collectBounded } from './body.ts';

export interface ClientsOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Told all credentials before they are used. */
  readonly secrets: Pick<Secrets, 'learn'>;
  /** For the user agent. */
  readonly version: string;
  /** Whose STS the credential chain asks; the Regions of user pools come from their ids. */
  readonly homeRegion: string;
  readonly connectTimeoutMs: number;
  /** Ends what its caller's deadline did not end. */
  readonly requestTimeoutMs: number;
  /** `HTTPS_PROXY`, `NO_PROXY` and their like: the SDK itself reads none. */
  readonly proxyEnvironment: Readonly<Record<string, string | undefined>>;
  /** Instead of the default chain. */
  readonly credentials?: CredentialProvider;
  /** Idle for longer, a connection is not used again: resets stay rare. */
  readonly idleSocketMs?: number;
}

export type CredentialProvider = NonNullable<CognitoIdentityProviderClientConfig['credentials']>;
export type Credentials = Awaited<
  ReturnType<CognitoIdentityProviderClient['config']['credentials']>
>;

export interface Clients {
  /** The client of the pool's Region: the prefix of its id. */
  cognito(userPoolId: string): CognitoIdentityProviderClient;
  sts(region: string): STSClient;
  /** Resolved and cached by the SDK until they are about to expire. Rejects as the chain does. */
  credentials(): Promise<Credentials>;
  /** Ends all connections. */
  close(): void;
}

const IDLE_SOCKET_MS = 3_000;

/** More Regions than AWS has; a client is cheap to make again. */
const CLIENTS_MAX = 64;

export function createClients(options: ClientsOptions): Clients {
  const requestHandler = createRequestHandler(options);
  const shared = {
    maxAttempts: 1,
    retryMode: 'standard',
    requestHandler,
    streamCollector: collectBounded,
    customUserAgent: [['cognito-operator', options.version]] as [string, string][],
  };
  const home = new CognitoIdentityProviderClient({
    ...shared,
    region: options.homeRegion,
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
  const credentials = async (): Promise<Credentials> => {
    const found = await home.config.credentials();
    options.secrets.learn([found.accessKeyId, found.secretAccessKey, found.sessionToken]);
    return found;
  };
  const cognito = perRegion(
    (region) => new CognitoIdentityProviderClient({ ...shared, region, credentials }),
  );
  const sts = perRegion((region) => new STSClient({ ...shared, region, credentials }));
  return {
    cognito: (userPoolId) => withSaneClock(cognito(regionOf(userPoolId))),
    sts: (region) => withSaneClock(sts(region)),
    credentials,
    close: () => requestHandler.destroy(),
  };
}

/** A machine may believe in 1970; nobody's clock is further off. */
const CLOCK_OFFSET_MS_MAX = 100 * 365 * 24 * 60 * 60 * 1_000;

/**
 * The SDK sets its clock by the date of each answer and believes any: with one from the end of time
 * no request can be signed any more, so that no answer ever comes that would set it right.
 */
function withSaneClock<Client extends { readonly config: { systemClockOffset: number } }>(
  client: Client,
): Client {
  const { config } = client;
  if (!(Math.abs(config.systemClockOffset) <= CLOCK_OFFSET_MS_MAX)) config.systemClockOffset = 0;
  return client;
}

export function regionOf(userPoolId: string): string {
  return userPoolId.slice(0, Math.max(0, userPoolId.indexOf('_')));
}

function createRequestHandler(options: ClientsOptions): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: options.connectTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    throwOnRequestTimeout: true,
    ...createAgents({ idleSocketMs: IDLE_SOCKET_MS, ...options }),
  });
}

/** Remembers one for each Region; the one made first is forgotten first. */
function perRegion<Client>(create: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const known = clients.get(region);
    if (known !== undefined) return known;
    const [oldest] = clients.keys();
    if (clients.size >= CLIENTS_MAX && oldest !== undefined) clients.delete(oldest);
    const made = create(region);
    clients.set(region, made);
    return made;
  };
}
