/** The rules of leader election as they ship, and the times that are played with. */
import { judge, judgeAsLeader, type LeaseTimes, sight } from '../../../src/core/lease.ts';

export interface LeaseRules {
  readonly times: LeaseTimes;
  readonly sight: (
    ...given: [...Parameters<typeof sight>, ageMs: number]
  ) => ReturnType<typeof sight>;
  readonly judge: typeof judge;
  readonly judgeAsLeader: typeof judgeAsLeader;
  /** From when on a term is counted. */
  readonly countsFrom: 'Sent' | 'Answered';
  /** Whether the API server compares versions. */
  readonly isGuarded: boolean;
}

/** A tick is a second: small numbers, in the proportions of the defaults. */
export const TIMES: LeaseTimes = {
  leaseDurationMs: 3_000,
  renewDeadlineMs: 2_000,
  retryPeriodMs: 1_000,
};

export const SHIPPED_LEASE: LeaseRules = {
  times: TIMES,
  sight: (before, record, nowMs, times) => sight(before, record, nowMs, times),
  judge,
  judgeAsLeader,
  countsFrom: 'Sent',
  isGuarded: true,
};
