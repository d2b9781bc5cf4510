/**
 * The five operations through the real SDK client, one attempt each, so that a contract test
 * reads like a conversation. Inputs are deliberately loose: the SDK validates nothing itself.
 */
import {
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  type CreateResourceServerCommandInput,
  DeleteResourceServerCommand,
  type DeleteResourceServerCommandInput,
  DescribeResourceServerCommand,
  type DescribeResourceServerCommandInput,
  ListResourceServersCommand,
  type ListResourceServersCommandInput,
  UpdateResourceServerCommand,
  type UpdateResourceServerCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CognitoOptions, EmbeddedCognito } from '../sandbox/cognito/server.ts';
import { startCognito } from '../sandbox/cognito/server.ts';

export const POOL = 'eu-west-1_AbCdEfGhI';
export const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };

export interface ClientSettings {
  readonly region?: string;
  readonly credentials?: typeof credentials;
}

export const createClient = (url: string, settings: ClientSettings = {}) => {
  const client = new CognitoIdentityProviderClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 2_000 }),
    ...settings,
  });
  return {
    create: (input: CreateResourceServerCommandInput) =>
      client.send(new CreateResourceServerCommand(input)),
    describe: (input: DescribeResourceServerCommandInput) =>
      client.send(new DescribeResourceServerCommand(input)),
    update: (input: UpdateResourceServerCommandInput) =>
      client.send(new UpdateResourceServerCommand(input)),
    delete: (input: DeleteResourceServerCommandInput, abortSignal?: AbortSignal) =>
      client.send(
        new DeleteResourceServerCommand(input),
        abortSignal === undefined ? {} : { abortSignal },
      ),
    list: (input: ListResourceServersCommandInput) =>
      client.send(new ListResourceServersCommand(input)),
    [Symbol.dispose]: () => client.destroy(),
  };
};

export type Client = ReturnType<typeof createClient>;

export interface Stage extends AsyncDisposable {
  readonly cognito: EmbeddedCognito;
  readonly client: Client;
}

/** A running Cognito with one pool and no rates unless given, and a client of it. */
export async function stage(options: CognitoOptions = {}): Promise<Stage> {
  const cognito = await startCognito({ pools: [POOL], rates: 'off', ...options });
  const client = createClient(cognito.url);
  return {
    cognito,
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await cognito.close();
    },
  };
}

/** What a refused call threw, in the SDK's terms. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

async function errorOf(call: Promise<unknown>): Promise<Error> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error('the call was expected to fail, and succeeded');
}

export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error = await errorOf(call);
  const metadata: { readonly httpStatusCode?: number; readonly requestId?: string } =
    '$metadata' in error && typeof error.$metadata === 'object' ? { ...error.$metadata } : {};
  const { httpStatusCode: status, requestId } = metadata;
  return { name: error.name, message: error.message, status, requestId };
}

/** The error's code when the connection failed (the SDK calls all of them TimeoutError). */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  const error = await errorOf(call);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Signed for form's sake: the sandbox verifies only the keys whose secret it was given. */
const authorization =
  `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/eu-west-1/cognito-idp/aws4_request, ` +
  `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

/** One request beneath the SDK, to see status, headers and bytes. */
export async function rawCall(
  url: string,
  operation: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      authorization,
      ...headers,
    },
    body,
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}
