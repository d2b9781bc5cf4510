/** The auditor's rounds: which pool is due for a sweep, and how old what we know of them is. */
import type { ObservableRateGate } from './controller/rate-gate.ts';
import { PRIORITY, type WorkQueue } from './controller/work-queue.ts';
import { ACCOUNT_KEY, sweepKey } from './keys.ts';
import type { Memory } from './memory/memory.ts';
import { nextDue, type Pace, type SweptPool } from './pace.ts';
import type { Ports } from './ports.ts';

export interface Walk {
  readonly ports: Pick<Ports, 'clock' | 'log' | 'metrics'>;
  readonly queue: Pick<WorkQueue, 'add'>;
  readonly gate: Pick<ObservableRateGate, 'snapshot'>;
  readonly memory: Pick<Memory, 'pools' | 'sweeps'>;
  readonly pace: Pace;
}

/** @param running since when each key under way runs; monotonic ms */
export async function makeRounds(
  walk: Walk,
  running: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const toldAtMs = Number.NEGATIVE_INFINITY;
  const rounds: Rounds = { askedAtMs: new Map(), seenAtMs: new Map(), toldAtMs };
  await Promise.all([
    askForSweeps(walk, rounds, signal),
    showWhatWaits(walk, rounds, running, signal),
  ]);
}

/** A pool swept so much later than it should be counts as late; the log says so once a round. */
const LATE_FACTOR = 1.5;

async function askForSweeps(
  { memory, queue, pace, ports }: Walk,
  rounds: Rounds,
  signal: AbortSignal,
): Promise<void> {
  let isAccountAsked = false;
  while (!signal.aborted) {
    const nowMs = ports.clock.monotonicMs();
    const pools = poolsToSweep(memory, rounds, nowMs);
    const due = nextDue(pools, pace, nowMs);
    if (!isAccountAsked && pools.length > 0) {
      isAccountAsked = true;
      queue.add(ACCOUNT_KEY, { priority: PRIORITY.Edit });
    }
    if (due.userPoolId !== undefined) {
      rounds.askedAtMs.set(due.userPoolId, nowMs);
      queue.add(sweepKey(due.userPoolId), { priority: PRIORITY.Idle });
    }
    const swept = pools.find(({ userPoolId }) => userPoolId === due.userPoolId);
    if (swept !== undefined) tellOfLateness(swept, rounds, { ports, pace, nowMs });
    await ports.clock.sleep(due.inMs, signal);
  }
}

interface Rounds {
  readonly askedAtMs: Map<string, number>;
  /** When a pool was first met: whoever is never swept counts from then. */
  readonly seenAtMs: Map<string, number>;
  /** When the log last told of a late sweep. */
  toldAtMs: number;
}

interface KnownPool extends SweptPool {
  /** Of what we know of it: its last complete sweep, or our first meeting. */
  readonly knownAtMs: number;
}

/**
 * Every pool that a resource names. One that cannot be listed is asked for by its own key, which
 * waits for better times; it is not due, and counts as old.
 */
function poolsToSweep(memory: Walk['memory'], rounds: Rounds, nowMs: number): readonly KnownPool[] {
  const { askedAtMs, seenAtMs } = rounds;
  const known = new Set(memory.pools());
  for (const times of [askedAtMs, seenAtMs]) {
    for (const pool of times.keys()) if (!known.has(pool)) times.delete(pool);
  }
  return [...known].map((userPoolId) => {
    if (!seenAtMs.has(userPoolId)) seenAtMs.set(userPoolId, nowMs);
    const knownAtMs = memory.sweeps.sweptAtMs(userPoolId) ?? seenAtMs.get(userPoolId) ?? nowMs;
    const { kind } = memory.sweeps.stateOf(userPoolId);
    const isDue = kind === 'Awaited' || kind === 'Complete';
    const sweptAtMs = isDue ? Math.max(knownAtMs, askedAtMs.get(userPoolId) ?? knownAtMs) : nowMs;
    return { userPoolId, sweptAtMs, knownAtMs };
  });
}

/** Of the pool that is asked for now: one that cannot be listed is told of by its own sweep. */
function tellOfLateness(
  { userPoolId, knownAtMs }: KnownPool,
  rounds: Rounds,
  { ports, pace, nowMs }: Pick<Walk, 'ports' | 'pace'> & { readonly nowMs: number },
): void {
  const ageMs = nowMs - knownAtMs;
  if (ageMs <= LATE_FACTOR * pace.resyncMs) return;
  ports.metrics.count('cognito_operator_sweeps_late_total', {});
  if (nowMs - rounds.toldAtMs < pace.resyncMs) return;
  rounds.toldAtMs = nowMs;
  ports.log.info('a user pool is swept later than asked for', { userPoolId, ageMs });
}

function oldestOf(pools: readonly KnownPool[], nowMs: number): number {
  return nowMs - pools.reduce((oldest, each) => Math.min(oldest, each.knownAtMs), nowMs);
}

/* --------------------------------------------------------- what a page shows */

/** More often than anybody scrapes. */
const SHOWN_EVERY_MS = 1_000;

async function showWhatWaits(
  { memory, gate, pace, ports }: Walk,
  rounds: Rounds,
  running: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, metrics } = ports;
  metrics.set('cognito_operator_resync_seconds', {}, pace.resyncMs / 1_000);
  while (!signal.aborted) {
    const nowMs = clock.monotonicMs();
    const oldestMs = oldestOf(poolsToSweep(memory, rounds, nowMs), nowMs);
    metrics.set('cognito_operator_oldest_sweep_seconds', {}, oldestMs / 1_000);
    showRuns(
      ports,
      [...running.values()].map((sinceMs) => nowMs - sinceMs),
    );
    showLines(ports, gate);
    await clock.sleep(SHOWN_EVERY_MS, signal);
  }
}

function showRuns({ metrics }: Walk['ports'], runningMs: readonly number[]): void {
  const sum = runningMs.reduce((total, each) => total + each, 0);
  metrics.set('workqueue_unfinished_work_seconds', {}, sum / 1_000);
  metrics.set('workqueue_longest_running_processor_seconds', {}, Math.max(0, ...runningMs) / 1_000);
}

/** Counted where they stand in line for a pool: those of its account are the same. */
function showLines({ metrics }: Walk['ports'], gate: Walk['gate']): void {
  const pools = gate.snapshot().filter(({ id }) => id.includes('_'));
  for (const access of ['read', 'write']) {
    const lines = pools.filter(({ id }) => id.endsWith(`/${access}`));
    const keys = lines.reduce((sum, { waiting }) => sum + waiting, 0);
    metrics.set('cognito_operator_gate_waiting', { access }, keys);
  }
}
