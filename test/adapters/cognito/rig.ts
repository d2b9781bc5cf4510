/** The Cognito adapter against an address of the test's choice. */
import { createAccount } from '../../../src/adapters/cognito/account.ts';
import {
  type ClientsOptions,
  type CredentialProvider,
  createClients,
} from '../../../src/adapters/cognito/clients.ts';
import { createDispatch } from '../../../src/adapters/cognito/dispatch.ts';
import { createUserPools } from '../../../src/adapters/cognito/user-pools.ts';
import { createSystemClock } from '../../../src/adapters/system.ts';
import { createSecrets } from '../../../src/api/secrets.ts';
import type { Account, Call, Clock, UserPools } from '../../../src/ports.ts';
import { createRecorder, type Recorder } from '../recorder.ts';

export const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

export interface CognitoRig extends Recorder {
  readonly userPools: UserPools;
  readonly account: Account;
  close(): void;
}

export interface RigOptions extends Partial<ClientsOptions> {
  readonly url: string;
  readonly clock?: Clock;
  readonly callDeadlineMs?: number;
  readonly accountId?: string;
}

/** Longer than a busy machine stands still: who waits for a deadline sets one, or the clock. */
export const PATIENT_MS = 30_000;

/** Everything from now on goes to `url`: the SDK reads that at a client's first call. */
export function createCognitoRig(options: RigOptions): CognitoRig {
  process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'] = options.url;
  process.env['AWS_ENDPOINT_URL_STS'] = options.url;
  const { clock = createSystemClock(), callDeadlineMs = PATIENT_MS } = options;
  const recorder = createRecorder();
  const secrets = createSecrets();
  const clients = createClients({
    clock,
    secrets,
    version: '1.2.3',
    homeRegion: 'eu-west-1',
    connectTimeoutMs: PATIENT_MS,
    requestTimeoutMs: 60_000,
    proxyEnvironment: {},
    credentials: KEYS satisfies CredentialProvider,
    ...options,
  });
  const dispatch = createDispatch({ clock, secrets, callDeadlineMs, ...recorder });
  const account = { clients, dispatch, clock, secrets, credentialsDeadlineMs: callDeadlineMs };
  return {
    ...recorder,
    userPools: createUserPools(clients, dispatch),
    account: createAccount({ ...account, accountId: options.accountId }),
    close: () => clients.close(),
  };
}

export function free(signal: AbortSignal = new AbortController().signal): Call {
  return { signal, guard: () => undefined };
}
