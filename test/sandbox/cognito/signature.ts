/**
 * Who signed a request, and whether AWS would believe it. The scope is always checked; the
 * signature itself only for access keys whose secret the sandbox was given.
 */
import { createHash, createHmac } from 'node:crypto';
import type { SignedRequest } from './call.ts';
import {
  type ApiError,
  expiredToken,
  incompleteSignature,
  invalidSignature,
  missingAuthenticationToken,
  unrecognizedClient,
} from './errors.ts';

export type Credential =
  | { readonly kind: 'Missing' }
  | { readonly kind: 'Malformed'; readonly authorization: string }
  | ({ readonly kind: 'Signed' } & Signature);

export interface Signature {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const sigV4 =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

export function credentialOf(authorization: string | undefined): Credential {
  if (authorization === undefined) return { kind: 'Missing' };
  const [, accessKeyId, date, region, service, headers, signature] =
    sigV4.exec(authorization) ?? [];
  if (!accessKeyId || !date || !region || !service || !headers || !signature)
    return { kind: 'Malformed', authorization };
  const signedHeaders = headers.split(';');
  return { kind: 'Signed', accessKeyId, date, region, service, signedHeaders, signature };
}

/** An accepted access key; with its secret, signatures are verified too. */
export type AcceptedKey =
  | string
  | { readonly accessKeyId: string; readonly secretAccessKey: string };

export type Validity = 'valid' | 'invalid' | 'expired';

export interface Gatekeeper {
  /** Undefined when AWS would let the caller in. */
  refusalOf(credential: Credential, service: string, request: SignedRequest): ApiError | undefined;
  /** Of every credential, until set again. */
  setValidity(validity: Validity): void;
}

const anyKey = /^A[KS]IA\w*$/;

/** Without `accepted`, any key that looks like one of AWS is let in. */
export function createGatekeeper(accepted: readonly AcceptedKey[] | undefined): Gatekeeper {
  let validity: Validity = 'valid';
  const secrets = new Map(
    accepted?.map((key) =>
      typeof key === 'string' ? [key, undefined] : [key.accessKeyId, key.secretAccessKey],
    ),
  );
  const isKnown = (key: string): boolean =>
    accepted === undefined ? anyKey.test(key) : secrets.has(key);

  return {
    setValidity(next) {
      validity = next;
    },
    refusalOf(credential, service, request) {
      if (credential.kind === 'Missing') return missingAuthenticationToken();
      if (credential.kind === 'Malformed') return incompleteSignature(malformed(credential));
      if (validity === 'expired') return expiredToken();
      if (validity === 'invalid' || !isKnown(credential.accessKeyId)) return unrecognizedClient();
      if (credential.service !== service)
        return invalidSignature(`Credential should be scoped to correct service: '${service}'.`);
      const secret = secrets.get(credential.accessKeyId);
      if (secret === undefined || signatureOf(credential, secret, request) === credential.signature)
        return undefined;
      return invalidSignature(
        'The request signature we calculated does not match the signature you provided. ' +
          'Check your AWS Secret Access Key and signing method. ' +
          'Consult the service documentation for details.',
      );
    },
  };
}

const malformed = ({ authorization }: { readonly authorization: string }): string =>
  `Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters. Authorization=${authorization.split(' ', 1)[0]}`;

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signature Version 4 of a request without a query string. */
function signatureOf(claim: Signature, secret: string, request: SignedRequest): string {
  const { date, region, service, signedHeaders } = claim;
  const header = (name: string): string =>
    `${name}:${String(request.headers[name] ?? '').trim()}\n`;
  const canonical = [
    request.method,
    request.url,
    '',
    signedHeaders.map(header).join(''),
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const time = String(request.headers['x-amz-date'] ?? '');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${secret}`,
  );
  return hmac(key, text).toString('hex');
}
