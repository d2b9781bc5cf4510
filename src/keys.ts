/**
 * Keys of the work queue that are no resources. No resource has such a key: names in Kubernetes
 * have no underscore, these always do.
 */

/** Asks whose credentials we have. */
export const ACCOUNT_KEY = 'account/_';

const SWEEP = 'sweep/';

/** Lists the pool: a pool id has an underscore. */
export function sweepKey(userPoolId: string): string {
  return `${SWEEP}${userPoolId}`;
}

export function sweptPool(key: string): string | undefined {
  return key.startsWith(SWEEP) && key.includes('_') ? key.slice(SWEEP.length) : undefined;
}
