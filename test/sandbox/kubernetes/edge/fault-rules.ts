/** What may go wrong with one request. */
import type { ApiRequest, Target } from '../request.ts';
import { peekBody } from '../request.ts';

/** A request as tests see it. */
export interface FaultedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The body when it is a JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export type RequestMatch = (request: FaultedRequest) => boolean;

export type FaultAction =
  | {
      readonly kind: 'status';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      /** `Retry-After`, for instance. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An answer that is not from an API server: a proxy's error page. */
  | { readonly kind: 'raw'; readonly code: number; readonly body: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is reset; before, nothing was done; after, all was done. */
  | { readonly kind: 'resetBefore' }
  | { readonly kind: 'resetAfter' }
  /** No answer, ever. */
  | { readonly kind: 'hangBefore' }
  | { readonly kind: 'hangAfter' };

export interface FaultRule {
  readonly match: RequestMatch;
  /** How often it strikes; for ever when absent. */
  readonly times?: number;
  readonly action: FaultAction;
}

export function faultedRequest(request: ApiRequest, target: Target): FaultedRequest {
  const resource = target.kind === 'resource' ? target : undefined;
  return {
    method: request.method,
    path: request.path,
    query: request.query,
    userAgent: request.headers['user-agent'] ?? '',
    verb: target.verb,
    group: resource?.group ?? '',
    resource: resource?.resource ?? '',
    subresource: resource?.subresource ?? '',
    namespace: resource?.namespace ?? '',
    name: resource?.name ?? '',
    body: peekBody(request.body),
  };
}
