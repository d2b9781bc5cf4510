/**
 * Where the embedded Cognito may listen: on loopback; or, for an operator that runs in a pod, on
 * a bridge of this machine, behind which there are containers and nobody else.
 */
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

export const LOOPBACK = '127.0.0.1';

/** Throws when others than this machine and its containers could reach it. */
export function assertPrivate(address: string): void {
  if (address === LOOPBACK) return;
  const owner = Object.entries(networkInterfaces()).find(([, held]) =>
    held?.some((each) => each.address === address),
  );
  const isBridge = owner !== undefined && existsSync(join('/sys/class/net', owner[0], 'bridge'));
  if (!isBridge) throw new Error(`${address} is neither ${LOOPBACK} nor of a bridge of ours`);
}
