/** Searches one world of replicas and their Lease. What is stopped begins anew: none takes long. */
import { searchLease } from '../lease/search.ts';
import { leaseTable } from '../lease/table.ts';
import { leaseBeginningOf, leasePlayOf, type NamedLease } from '../lease/worlds.ts';
import type { Conditions } from './conditions.ts';
import type { Row } from './row.ts';
import { cpuMs } from './world-search.ts';

/** What fits into memory: worlds are kept whole here. */
const TRANSITIONS_MAX = 15_000_000;

export function nameOfReplicas(name: string): string {
  return `replicas: ${name}`;
}

export function searchReplicas({ name, setup }: NamedLease, conditions: Conditions): Row {
  const begunMs = cpuMs();
  const searched = searchLease(leaseBeginningOf(setup), leasePlayOf(setup), {
    transitionsMax: TRANSITIONS_MAX,
    doubles: 'Never',
    isOver: conditions.isStopped,
  });
  const { states, transitions, isComplete, double, stuck } = searched;
  conditions.count(transitions);
  const failures = [
    ...(double ? [`two lead at once\n${leaseTable(double)}`] : []),
    ...(stuck ? [`nobody comes to lead for good\n${leaseTable(stuck)}`] : []),
  ];
  const seconds = (cpuMs() - begunMs) / 1_000;
  const counts = { states, transitions, seconds, isComplete, converged: states };
  return { name: nameOfReplicas(name), kind: 'Lease', ...counts, violations: [], failures };
}
