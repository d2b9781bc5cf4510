/** Resources by the thousand: what a user applies, and what an operator leaves when all is well. */
import { FINALIZER } from '../../src/api/names.ts';
import type { Identity, Scope } from '../../src/api/parse.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { ConsoleServer } from '../sandbox/cognito/console.ts';

export const NAMESPACE = 'default';
export const COLLECTION = `/apis/cognito-operator.io/v1/namespaces/${NAMESPACE}/resourceservers`;
export const ACCOUNT = '111122223333';

/** One resource, and the resource server that it names. */
export interface Specimen extends Identity {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** A pool id of this Region for each number. */
export function poolId(number: number): string {
  return `eu-west-1_Bench${String(number).padStart(5, '0')}`;
}

export function specimen(name: string, userPoolId: string, scopes = SCOPES): Specimen {
  return { name, userPoolId, identifier: `https://${name}.example.com`, scopes };
}

const SCOPES: readonly Scope[] = [{ name: 'forecast.read', description: 'Read forecasts' }];

export function range<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** As `kubectl apply` sends it. */
export function manifestOf({ name, userPoolId, identifier, scopes }: Specimen) {
  return {
    apiVersion: 'cognito-operator.io/v1',
    kind: 'ResourceServer',
    metadata: { name, namespace: NAMESPACE },
    spec: { userPoolId, identifier, name, scopes },
  };
}

/** With the finalizer, as it is once it was created. */
export function finalizedManifestOf(one: Specimen) {
  const manifest = manifestOf(one);
  return { ...manifest, metadata: { ...manifest.metadata, finalizers: [FINALIZER] } };
}

/** As Cognito holds it. */
export function serverOf({ name, identifier, scopes }: Specimen): ConsoleServer {
  return { identifier, name, scopes };
}

/** The status that an operator has written last. */
export function settledStatusOf({ name, userPoolId, identifier, scopes }: Specimen, uid: string) {
  const ready = {
    type: 'Ready',
    status: 'True',
    observedGeneration: 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
    reason: 'Synced',
    message: 'Amazon Cognito holds what `spec` says',
  };
  const hash = hashOf({ name, scopes });
  return {
    observedGeneration: 1,
    conditions: [ready],
    scopeCount: scopes.length,
    scopeIdentifiers: scopes.map((scope) => `${identifier}/${scope.name}`).sort(),
    recordUID: uid,
    remote: { userPoolId, identifier, accountId: ACCOUNT, origin: 'Created', hash },
  };
}
