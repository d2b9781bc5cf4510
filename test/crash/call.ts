/** A call of the operator as a plan names it: the same in every run of the same scenario. */
import type { IncomingMessage } from 'node:http';
import { FINALIZER } from '../../src/api/names.ts';
import { callOf } from '../sandbox/cognito/call.ts';
import { type FaultedRequest, faultedRequest } from '../sandbox/kubernetes/edge/fault-rules.ts';
import { targetOf } from '../sandbox/kubernetes/request.ts';

export interface Call {
  /** Such as `patch resourceservers/status weather-api Create`, or `Create weather-api`. */
  readonly name: string;
  /** Undefined for a call to Cognito. */
  readonly request: FaultedRequest | undefined;
}

export type Naming = (head: IncomingMessage, body: string) => Call;

export const kubernetesCall: Naming = (head, body) => {
  const url = new URL(head.url ?? '/', 'http://localhost');
  const headers = Object.entries(head.headers).map(([name, value]) => [name, String(value)]);
  const request = {
    method: head.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers) as Readonly<Record<string, string>>,
    body,
  };
  const seen = faultedRequest(request, targetOf(request));
  return { name: nameOf(seen), request: seen };
};

function nameOf(request: FaultedRequest): string {
  const { verb, resource, subresource, name, path } = request;
  if (resource === '') return `${verb} ${path}`;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const purpose = purposeOf(request);
  // The names of Events are made up.
  const words = resource === 'events' ? [verb, whole, purpose] : [verb, whole, name, purpose];
  return words.filter((word) => word !== '').join(' ');
}

interface Body {
  readonly metadata?: { readonly finalizers?: readonly string[] };
  readonly status?: {
    readonly pending?: { readonly operation: string } | null;
    readonly remote?: unknown;
  };
  readonly reason?: string;
}

/** What tells apart the calls of one verb on one object. */
function purposeOf({ verb, resource, subresource, body }: FaultedRequest): string {
  const { metadata, status, reason }: Body = body ?? {};
  if (resource === 'events') return reason ?? '';
  if (verb !== 'patch') return '';
  if (subresource !== 'status') {
    return metadata?.finalizers?.includes(FINALIZER) === true ? '+finalizer' : '-finalizer';
  }
  if (status?.pending) return `record ${status.pending.operation}`;
  return 'report';
}

export const cognitoCall: Naming = (head, body) => {
  const { operation, identifier } = callOf(head, body);
  const name = operation.replace(/ResourceServers?/, '');
  return { name: identifier === undefined ? name : `${name} ${identifier}`, request: undefined };
};
