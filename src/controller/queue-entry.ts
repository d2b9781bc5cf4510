/** What the queue knows of one key. */
import type { Slot } from './schedule.ts';

export interface QueueEntry extends Slot {
  readonly key: string;
  stage: 'Waiting' | 'Aside' | 'Running';
  /** The priority it was asked for with, wherever it stands meanwhile. */
  rank: number;
  /** When it was added or taken. */
  sinceMs: number;
  failures: number;
  /** Runs in a row that ended with `Now`. */
  nowsInRow: number;
  /** What was added while it was running. */
  meanwhile: Meanwhile | undefined;
  /** Woken while it was running. */
  woken: boolean;
}

export interface Meanwhile {
  readonly priority: number;
  readonly dueMs: number;
}

/** Keys are in one group whose part before the first slash is the same: those of a namespace. */
export function createEntry(key: string, { priority, dueMs }: Meanwhile, nowMs: number) {
  const group = key.slice(0, Math.max(key.indexOf('/'), 0));
  const slot = { group, priority, dueMs, ready: false, turn: 0, order: 0 };
  const history = { failures: 0, nowsInRow: 0, meanwhile: undefined, woken: false };
  const entry: QueueEntry = {
    key,
    stage: 'Waiting',
    rank: priority,
    sinceMs: nowMs,
    ...slot,
    ...history,
  };
  return entry;
}

/** Of both moments the earlier, of both priorities the higher. */
export function merged(before: Meanwhile | undefined, added: Meanwhile): Meanwhile {
  if (before === undefined) return added;
  return {
    priority: Math.max(before.priority, added.priority),
    dueMs: Math.min(before.dueMs, added.dueMs),
  };
}
