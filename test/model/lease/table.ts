/** A trace as a numbered table: what happened, whom the Lease names, and who may act. */
import { type LeaseStep, leadersOf } from './world.ts';

export function leaseTable(trace: readonly LeaseStep[]): string {
  const rows = trace.map(({ who, what, world }, index) => {
    const holder =
      world.record === undefined ? 'no Lease' : `Lease of ${world.record.holder || '-'}`;
    const leaders = leadersOf(world).join(' and ') || 'nobody';
    return [`${index + 1}`, who, what, holder, `${leaders} may act`].join(' | ');
  });
  return rows.join('\n');
}
