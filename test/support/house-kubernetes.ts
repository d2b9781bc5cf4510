/**
 * The Kubernetes API of a house: the embedded one, or a real one where the run provides them. What
 * an operator asks of either passes the same switchboard of faults, and is noted.
 */
import { inject } from 'vitest';
import { startRealKubernetes } from '../cluster/real-kubernetes.ts';
import {
  type EmbeddedKubernetes,
  type EmbeddedKubernetesOptions,
  startKubernetes,
} from '../sandbox/kubernetes/server.ts';
import type { BackDoor } from './user.ts';

type Shared = Pick<
  EmbeddedKubernetes,
  'requests' | 'counts' | 'faults' | 'takeDown' | 'bringUp' | 'close'
>;

export interface HouseKubernetes extends Shared, BackDoor {
  /** Of an administrator, for people with kubectl. */
  kubeconfig(namespace?: string): string;
  readonly operatorKubeconfig: string;
  /** Adds CRDs, and waits until their kinds are served. */
  load(crds: readonly unknown[]): Promise<void>;
  /** Forgets the history: older watches and continue tokens get 410. */
  compact(): Promise<void>;
}

export async function startHouseKubernetes(
  options: EmbeddedKubernetesOptions = {},
): Promise<HouseKubernetes> {
  const planes = inject('planes');
  if (planes?.kind === 'lent') return startRealKubernetes(planes.url, options);
  const embedded = await startKubernetes(options);
  return {
    ...embedded,
    operatorKubeconfig: embedded.kubeconfig(),
    load: async (crds) => embedded.load(crds),
    compact: async () => embedded.compact(),
  };
}
