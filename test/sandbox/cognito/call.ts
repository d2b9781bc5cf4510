/** One request as it arrived, before anything judged it. */
import type { IncomingMessage } from 'node:http';
import { isRecord } from './constraints.ts';
import { textIn } from './input.ts';
import { type Credential, credentialOf } from './signature.ts';

export type Protocol = 'json' | 'query';

export interface Call {
  /** AWS JSON 1.1 is Cognito, AWS Query is STS. */
  readonly protocol: Protocol;
  /** As the request names it; it need not exist. */
  readonly operation: string;
  /** Undefined when the body is not a JSON object. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  readonly pool: string | undefined;
  readonly identifier: string | undefined;
  readonly credential: Credential;
  readonly userAgent: string;
  /** What was signed. */
  readonly request: SignedRequest;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const targetPrefix = 'AWSCognitoIdentityProviderService.';

export type Head = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

export function callOf(message: Head, body: string): Call {
  const { headers, method = '', url = '' } = message;
  const request: SignedRequest = { method, url, headers, body };
  const shared = {
    credential: credentialOf(headers.authorization),
    userAgent: headers['user-agent'] ?? '',
    request,
  };
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
    ? { ...shared, ...queryCall(body) }
    : { ...shared, ...jsonCall(request) };
}

type Named = Pick<Call, 'protocol' | 'operation' | 'input' | 'pool' | 'identifier'>;

function queryCall(body: string): Named {
  const input = Object.fromEntries(new URLSearchParams(body));
  const operation = input['Action'] ?? '';
  return { protocol: 'query', operation, input, pool: undefined, identifier: undefined };
}

function jsonCall({ method, url, headers, body }: SignedRequest): Named {
  const target = headers['x-amz-target'];
  const isOurs =
    method === 'POST' &&
    url === '/' &&
    headers['content-type']?.startsWith('application/x-amz-json-1.1') === true &&
    typeof target === 'string' &&
    target.startsWith(targetPrefix);
  const input = parsed(body);
  return {
    protocol: 'json',
    operation: isOurs ? target.slice(targetPrefix.length) : `${method} ${url}`,
    input,
    pool: textIn(input, 'UserPoolId'),
    identifier: textIn(input, 'Identifier'),
  };
}

function parsed(body: string): Call['input'] {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    // What is not JSON is refused by whoever judges the call.
    return undefined;
  }
}
