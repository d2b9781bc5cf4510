/**
 * A validated request in our own words. Total: what the operation does not take, or the request
 * leaves out, is empty or undefined.
 */
import { isRecord } from './constraints.ts';
import type { Scope } from './store.ts';

export interface Input {
  readonly pool: string;
  readonly identifier: string;
  readonly name: string;
  /** None when the request has no Scopes: absent attributes are reset to their default. */
  readonly scopes: readonly Scope[];
  readonly maxResults: number | undefined;
  readonly nextToken: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

export const inputOf = (json: Json): Input => ({
  pool: textIn(json, 'UserPoolId') ?? '',
  identifier: textIn(json, 'Identifier') ?? '',
  name: textIn(json, 'Name') ?? '',
  scopes: scopesIn(json['Scopes']),
  maxResults: typeof json['MaxResults'] === 'number' ? json['MaxResults'] : undefined,
  nextToken: textIn(json, 'NextToken'),
});

export function textIn(json: Json | undefined, member: string): string | undefined {
  const value = json?.[member];
  return typeof value === 'string' ? value : undefined;
}

const scopesIn = (value: unknown): readonly Scope[] =>
  Array.isArray(value)
    ? value.filter(isRecord).map((scope) => ({
        name: textIn(scope, 'ScopeName') ?? '',
        description: textIn(scope, 'ScopeDescription') ?? '',
      }))
    : [];
