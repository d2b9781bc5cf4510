/**
 * The quotas of Cognito as lanes of the gate: reads and writes of a pool, each within those of
 * the account in the pool's Region.
 */
import type { Lane } from './gate.ts';
import type { Lanes } from './reconcile/surroundings.ts';

/** Calls a second that Cognito allows; `share` of each is ours. */
export interface Quotas {
  readonly accountReadsPerSecond: number;
  readonly accountWritesPerSecond: number;
  readonly poolCallsPerSecond: number;
  readonly share: number;
}

export function createLanes(quotas: Quotas): Lanes {
  const { share, poolCallsPerSecond } = quotas;
  const lane = (userPoolId: string, kind: 'read' | 'write', perSecond: number): Lane => ({
    id: `${userPoolId}/${kind}`,
    windows: [
      { id: `${userPoolId}/${kind}`, nominal: poolCallsPerSecond * share },
      { id: `${regionOf(userPoolId)}/${kind}`, nominal: perSecond * share },
    ],
  });
  return {
    read: (userPoolId) => lane(userPoolId, 'read', quotas.accountReadsPerSecond),
    write: (userPoolId) => lane(userPoolId, 'write', quotas.accountWritesPerSecond),
  };
}

export function regionOf(userPoolId: string): string {
  return userPoolId.slice(0, Math.max(userPoolId.indexOf('_'), 0));
}
