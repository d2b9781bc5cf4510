/**
 * What Cognito accepts, once more in TypeScript: a resource that was stored under another schema
 * must not reach a host name or a request. A golden test holds these against the CRD.
 *
 * Source: the AWS API model of ResourceServerType and ResourceServerScopeType.
 */
export const LIMITS = {
  userPoolId: { charsMax: 55, pattern: /^[a-z]{2}(-[a-z]+)+-[0-9]+_[0-9A-Za-z]+$/ },
  identifier: { charsMax: 256, pattern: /^[\x21\x23-\x5B\x5D-\x7E]+$/ },
  name: { charsMax: 256, pattern: /^[A-Za-z0-9_ \t\n\r\f+=,.@-]+$/ },
  scopeName: { charsMax: 256, pattern: /^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+$/ },
  scopeDescription: { charsMax: 256, pattern: /^[^]+$/ },
} as const satisfies Readonly<Record<string, Limit>>;

export interface Limit {
  /** Code points, as Kubernetes counts them. */
  readonly charsMax: number;
  readonly pattern: RegExp;
}

export const SCOPES_MAX = 100;

/** An app client accepts no scope longer than this: `identifier/scope`. */
export const SCOPE_IDENTIFIER_CHARS_MAX = 256;

export function isWithin(limit: Limit, text: string): boolean {
  return [...text].length <= limit.charsMax && limit.pattern.test(text);
}
