/**
 * Who may lead, seen from the Lease itself: whoever wrote it last, until the renew deadline after
 * that write was *sent*. Two at one instant are one too many, however the Lease was edited. Only
 * one that somebody deleted is free at once to a process that never saw it.
 */
import type { LeaseTimes } from '../../src/core/lease.ts';
import type { Moment } from './moment.ts';

type LeaseMoment = Extract<Moment, { kind: 'Lease' }>;

export interface Reign {
  see(moment: LeaseMoment, atMs: number): readonly string[];
  /** Somebody deleted the Lease. */
  dropped(): void;
  leads(instance: string, atMs: number): boolean;
}

export function createReign({ renewDeadlineMs }: LeaseTimes): Reign {
  const sentAtMs = new WeakMap<object, number>();
  const untilMs = new Map<string, number>();
  let isDropped = false;
  let last = '';
  const others = (instance: string, atMs: number): readonly string[] =>
    [...untilMs].filter(([each, until]) => each !== instance && atMs < until).map(([each]) => each);
  return {
    leads: (instance, atMs) => atMs < (untilMs.get(instance) ?? 0),
    dropped: () => {
      isDropped = true;
    },
    see({ by, request, stage }, atMs) {
      const { record } = request;
      if (record === undefined) return [];
      if (stage.kind === 'Departed') sentAtMs.set(request, atMs);
      if (stage.kind !== 'Landed' || stage.failure !== undefined) return [];
      const isReleased = record.holder === '';
      untilMs.set(by, isReleased ? 0 : (sentAtMs.get(request) ?? atMs) + renewDeadlineMs);
      if (by === last) return [];
      last = by;
      const rivals = isDropped ? [] : others(by, atMs);
      isDropped = false;
      return rivals.map((each) => `${by} has the Lease while ${each} may lead`);
    },
  };
}
