/** What is to be searched, and what its workers are told at their start. */

import { HUGE_WORLDS, LARGE_WORLDS } from '../large-worlds.ts';
import { LARGE_LEASE_WORLDS, LEASE_WORLDS, type NamedLease } from '../lease/worlds.ts';
import { type Named, WORLDS } from '../worlds.ts';

export const WORKLOAD: readonly Named[] = [...WORLDS, ...LARGE_WORLDS, ...HUGE_WORLDS];

export const LEASE_WORKLOAD: readonly NamedLease[] = [...LEASE_WORLDS, ...LARGE_LEASE_WORLDS];

export type Task =
  | { readonly kind: 'Search' | 'Lease'; readonly world: number }
  | { readonly kind: 'Walks' };

export interface WorkerOrders {
  readonly number: number;
  /** Eight bytes of "stop", then a count of transitions for each worker. */
  readonly shared: SharedArrayBuffer;
  readonly folder: string;
  readonly seed: number;
  readonly sample: number;
}
