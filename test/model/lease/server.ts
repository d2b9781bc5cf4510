/** The one Lease: a write is taken whole or not at all. */
import type { LeaseRecord } from '../../../src/core/lease.ts';
import type { LeaseRules } from './rules.ts';
import type { LeaseEdit, LeaseWorld, Write } from './world.ts';

export interface LeaseTaken {
  readonly world: LeaseWorld;
  /** As it is stored; or why it was not. */
  readonly answer: LeaseRecord | 'Conflict' | 'Gone';
}

export function take(world: LeaseWorld, { isGuarded }: LeaseRules, write: Write): LeaseTaken {
  const { record } = world;
  if (write.verb === 'Create' && record !== undefined) return { world, answer: 'Conflict' };
  if (write.verb === 'Update' && record === undefined) return { world, answer: 'Gone' };
  const isOutdated = record?.resourceVersion !== write.record.resourceVersion;
  if (isGuarded && write.verb === 'Update' && isOutdated) return { world, answer: 'Conflict' };
  return stored(world, write.record);
}

function stored(world: LeaseWorld, written: LeaseRecord): LeaseTaken & { answer: LeaseRecord } {
  const names = world.names + 1;
  const record = { ...written, resourceVersion: `v${names}` };
  return { world: { ...world, record, names, ageMs: 0 }, answer: record };
}

/** By hand; nobody gives it a holder that could lead. */
export function edited(world: LeaseWorld, edit: LeaseEdit): LeaseWorld {
  const { record, ageMs } = world;
  if (record === undefined) return world;
  switch (edit) {
    case 'Touch':
      return { ...stored(world, record).world, ageMs };
    case 'Rename':
      return stored(world, { ...record, holder: 'somebody' }).world;
    case 'Empty':
      return stored(world, { ...record, holder: '' }).world;
    case 'Delete':
      return { ...world, record: undefined };
  }
}
