/**
 * Desired x Content -> drift. Scopes are a set keyed by name: their order means nothing, neither
 * in the spec nor in Cognito's answer.
 */
import { createHash } from 'node:crypto';
import type { Desired, Scope } from '../api/parse.ts';

/** Versioned, so that a hash made by other rules is never taken for evidence. */
const HASH_VERSION = '1:';

/** `1:<base64url SHA-256>` of the name and the scopes sorted by name. */
export function hashOf(content: Desired): string {
  const scopes = [...content.scopes]
    .sort(byName)
    .map(({ name, description }) => [name, description]);
  const canonical = JSON.stringify([content.name, scopes]);
  return HASH_VERSION + createHash('sha256').update(canonical).digest('base64url');
}

/** A hash of an unknown version is no evidence: it equals nothing. */
export function isSameHash(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && isEvidence(one) && one === other;
}

export function isEvidence(hash: string): boolean {
  return hash.startsWith(HASH_VERSION);
}

export function isEqual(desired: Desired, present: Desired): boolean {
  return desired === present || driftOf(desired, present).length === 0;
}

export type Difference =
  | { readonly kind: 'Name'; readonly desired: string; readonly present: string }
  | { readonly kind: 'ScopeMissing'; readonly scope: Scope }
  | { readonly kind: 'ScopeExtra'; readonly scope: Scope }
  | { readonly kind: 'ScopeDescription'; readonly desired: Scope; readonly present: Scope };

/** What Cognito would have to change to hold `desired`: name first, then scopes by name. */
export function driftOf(desired: Desired, present: Desired): readonly Difference[] {
  const want = new Map(desired.scopes.map((scope) => [scope.name, scope]));
  const have = new Map(present.scopes.map((scope) => [scope.name, scope]));
  const names = [...new Set([...want.keys(), ...have.keys()])].sort(byText);
  const name: readonly Difference[] =
    desired.name === present.name
      ? []
      : [{ kind: 'Name', desired: desired.name, present: present.name }];
  return [...name, ...names.flatMap((each) => scopeDrift(want.get(each), have.get(each)))];
}

function scopeDrift(want: Scope | undefined, have: Scope | undefined): readonly Difference[] {
  if (have === undefined) return want === undefined ? [] : [{ kind: 'ScopeMissing', scope: want }];
  if (want === undefined) return [{ kind: 'ScopeExtra', scope: have }];
  if (want.description === have.description) return [];
  return [{ kind: 'ScopeDescription', desired: want, present: have }];
}

/** Code points compared one by one, so that every machine sorts alike. */
function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function byName(one: Scope, other: Scope): number {
  return byText(one.name, other.name);
}
