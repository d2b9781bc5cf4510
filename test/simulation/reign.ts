/**
 * Who may lead, seen from the Lease itself: whoever wrote it last, until the renew deadline after
 * that write was *sent*. Two at one instant are one too many, however the Lease was treated.
 */
import type { LeaseTimes } from '../../src/core/lease.ts';
import type { Moment } from './moment.ts';

type LeaseMoment = Extract<Moment, { kind: 'Lease' }>;

export interface Reign {
  see(moment: LeaseMoment, atMs: number): readonly string[];
  leads(instance: string, atMs: number): boolean;
}

export function createReign({ renewDeadlineMs }: LeaseTimes): Reign {
  const sentAtMs = new WeakMap<object, number>();
  let holder = { instance: '', untilMs: 0 };
  return {
    leads: (instance, atMs) => holder.instance === instance && atMs < holder.untilMs,
    see({ by, request, stage }, atMs) {
      const { record } = request;
      if (record === undefined) return [];
      if (stage.kind === 'Departed') sentAtMs.set(request, atMs);
      if (stage.kind !== 'Landed' || stage.failure !== undefined) return [];
      const before = holder;
      const isReleased = record.holder === '';
      const untilMs = isReleased ? 0 : (sentAtMs.get(request) ?? atMs) + renewDeadlineMs;
      holder = { instance: by, untilMs };
      const isUsurped = before.instance !== by && atMs < before.untilMs;
      return isUsurped ? [`${by} has the Lease while ${before.instance} may lead`] : [];
    },
  };
}
