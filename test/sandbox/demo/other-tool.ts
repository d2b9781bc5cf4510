/** Another tool of the same account, which eats of the same quotas and asks nobody. */
import {
  CognitoIdentityProviderClient,
  TooManyRequestsException,
  UpdateResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider';

export interface OtherTool extends AsyncDisposable {
  /** Resolves when its last call was answered; rejects when one failed otherwise than throttled. */
  stop(): Promise<void>;
}

export interface OtherToolSettings {
  readonly cognitoUrl: string;
  readonly region: string;
  /** Existing servers, which it writes again and again as they are. */
  readonly servers: readonly { readonly pool: string; readonly identifier: string }[];
  readonly callsPerSecond: number;
}

const credentials = { accessKeyId: 'AKIAEXAMPLEOTHER', secretAccessKey: 'anything' };

export function startOtherTool(settings: OtherToolSettings): OtherTool {
  const { cognitoUrl: endpoint, region, servers, callsPerSecond } = settings;
  const client = new CognitoIdentityProviderClient({
    endpoint,
    region,
    credentials,
    maxAttempts: 1,
  });
  const calls: Promise<unknown>[] = [];
  const timer = setInterval(() => {
    const { pool, identifier } = servers[calls.length % servers.length] ?? {};
    const input = { UserPoolId: pool, Identifier: identifier, Name: identifier };
    const call = client.send(new UpdateResourceServerCommand(input));
    calls.push(call.then(() => undefined, failureOf));
  }, 1_000 / callsPerSecond);
  const end = async (): Promise<readonly unknown[]> => {
    clearInterval(timer);
    const failures = await Promise.all(calls);
    client.destroy();
    return failures.filter((failure) => failure !== undefined);
  };
  return {
    async stop() {
      const [failure] = await end();
      if (failure !== undefined) throw failure as Error;
    },
    [Symbol.asyncDispose]: async () => void (await end()),
  };
}

/** A throttle is what it came for. */
function failureOf(error: unknown): unknown {
  return error instanceof TooManyRequestsException ? undefined : error;
}
