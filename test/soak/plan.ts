/** How long a soak takes, how large it is, and how often what happens. */
import { DEFAULT_LEASE } from '../ha/stage.ts';
import type { Flags } from '../support/launch.ts';

export interface Plan {
  /** Of load: wishes, faults and kills. */
  readonly seconds: number;
  readonly resources: number;
  readonly pools: number;
  /** Of who wishes what, and of which call is struck. */
  readonly seed: number;
  /** Of every replica. */
  readonly flags: Flags;
  readonly killEveryMs: number;
  readonly sampleEveryMs: number;
  /** For a round of sweeps, which may take two intervals, and a retry or two. */
  readonly convergedWithinMs: number;
  readonly paces: Readonly<Record<CrewName, Paces>>;
}

/**
 * The crew whose leader is never killed, and the one whose leader is killed again and again: a
 * process ends with its term, so that of one Lease no process both loses it and lives on.
 */
export type CrewName = 'steady' | 'struck';
export const CREWS: readonly CrewName[] = ['steady', 'struck'];

/** Milliseconds from one to the next, on the average. */
export interface Paces {
  readonly edit: number;
  /** Deleted, and created anew. */
  readonly replacement: number;
  /** Somebody at the console. */
  readonly drift: number;
}

/** Of all calls to Cognito. */
export const THROTTLED = 0.01;
export const ANSWER_LOST = 0.005;

/** Of the run, at its end: what the slope of the memory is of. */
export const JUDGED = 2 / 3;

/** Half of the account's documented quotas for each crew; a pool belongs to one crew alone. */
export const QUOTAS: Flags = {
  'account-reads-per-second': '10',
  'account-writes-per-second': '7.5',
};

/** At the lease and the deadlines as installed. */
export const FULL: Omit<Plan, 'seconds' | 'resources' | 'seed' | 'pools'> = {
  flags: { ...DEFAULT_LEASE, resync: '1m', 'list-deadline': '30s', 'log-level': 'info' },
  killEveryMs: 60_000,
  sampleEveryMs: 15_000,
  convergedWithinMs: 180_000,
  paces: {
    steady: { edit: 700, replacement: 15_000, drift: 10_000 },
    // What waits for the next leader must not take it longer than the rates allow.
    struck: { edit: 2_000, replacement: 30_000, drift: 20_000 },
  },
};

/** All of it, in seconds, but what a busy machine would miss. */
export const SMOKE: Plan = {
  seconds: 10,
  resources: 50,
  pools: 4,
  seed: 1,
  flags: { ...DEFAULT_LEASE, late: '5s', resync: '2s', 'log-level': 'info' },
  killEveryMs: 8_000,
  sampleEveryMs: 500,
  convergedWithinMs: 120_000,
  paces: {
    steady: { edit: 500, replacement: 3_000, drift: 3_000 },
    struck: { edit: 500, replacement: 3_000, drift: 3_000 },
  },
};
