/** The rules of leader election, each taken away by itself. */
import { judge, type LeaseTimes, sight } from '../../../src/core/lease.ts';
import { TIMES } from './rules.ts';
import type { LeaseSetup } from './worlds.ts';

export interface LeaseSabotage {
  /** What is no longer so. */
  readonly without: string;
  readonly setup: LeaseSetup;
}

const LASTING: LeaseTimes = { ...TIMES, renewDeadlineMs: TIMES.leaseDurationMs };
/** How far the wall clock of whoever stands by is ahead. */
const AHEAD_MS = 2_000;

export const LEASE_SABOTAGES: readonly LeaseSabotage[] = [
  {
    without: 'a renew deadline that is shorter than the lease',
    setup: { budget: {}, ratesMs: [1_000, 1_500], rules: { times: LASTING } },
  },
  {
    without: 'clocks that run about equally fast',
    setup: { budget: {}, ratesMs: [1_000, 3_000] },
  },
  {
    without: 'counting from when the Lease was seen, and not from the times in it',
    setup: { budget: {}, rules: { sight: byWallClock } },
  },
  {
    without: 'counting anew when the Lease was renewed',
    setup: { budget: {}, rules: { sight: onceAndForAll } },
  },
  {
    without: 'waiting for a holder that was edited away',
    setup: { budget: { edits: 1 }, edits: ['Empty'], rules: { judge: takesTheEmpty } },
  },
  {
    without: 'counting a term from before its write was sent',
    setup: { budget: {}, rules: { countsFrom: 'Answered' } },
  },
  {
    without: 'the resourceVersion that guards each write',
    setup: { budget: { lates: 1 }, rules: { isGuarded: false } },
  },
];

function byWallClock(...[, record, nowMs, times, ageMs]: Sighted): ReturnType<typeof sight> {
  return { record, freeAtMs: nowMs + Math.max(times.leaseDurationMs - ageMs - AHEAD_MS, 0) };
}

function onceAndForAll(...[before, record, nowMs, times]: Sighted): ReturnType<typeof sight> {
  const sighting = sight(before, record, nowMs, times);
  const isHeld = before?.record !== undefined && record !== undefined;
  return isHeld ? { record, freeAtMs: before.freeAtMs } : sighting;
}

function takesTheEmpty(...[sighting, identity, nowMs]: Parameters<typeof judge>) {
  const { record } = sighting;
  return record?.holder === ''
    ? ({ kind: 'Acquire', record } as const)
    : judge(sighting, identity, nowMs);
}

type Sighted = [...Parameters<typeof sight>, ageMs: number];
