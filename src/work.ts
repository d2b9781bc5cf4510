/**
 * What a leader does until its term ends: workers on the queue, the gate's wake-ups, the auditor's
 * rounds. Everything here hangs on one term; a new term begins with an empty queue.
 */

import type { Auditor } from './auditor.ts';
import { sweepKey, sweptPool } from './auditor.ts';
import { PRIORITY, type WorkQueue } from './controller/work-queue.ts';
import { type Ended, runWorkers } from './controller/worker-pool.ts';
import type { Requeue } from './core/backoff.ts';
import { RETRY, SLOW } from './core/backoff.ts';
import type { Deserving } from './core/trigger.ts';
import { regionOf } from './lanes.ts';
import type { Memory } from './memory/memory.ts';
import { nextDue, type Pace } from './pace.ts';
import type { Ports, RateGate } from './ports.ts';
import type { Ending } from './reconcile/surroundings.ts';
import type { Reconcile } from './reconciler.ts';

export interface Work {
  readonly ports: Ports;
  readonly queue: WorkQueue;
  readonly gate: RateGate;
  readonly memory: Memory;
  readonly auditor: Auditor;
  readonly reconcile: Reconcile;
  /** Keys that the label selector leaves out are watched and not worked on. */
  readonly isOurs: (key: string) => boolean;
  readonly concurrency: number;
  readonly pace: Pace;
}

/** A key of the queue that is no resource: asks whose credentials we have. */
const ACCOUNT_KEY = 'account/_';

/** Adds what deserves a run, at the priority of its urgency. */
export function enqueue({ queue, ports, isOurs }: Work, deserving: readonly Deserving[]): void {
  for (const { key, urgency, spreadMs = 0 } of deserving) {
    if (!isOurs(key)) continue;
    const priority = urgency === 'Edit' ? PRIORITY.Edit : PRIORITY.Drift;
    queue.add(key, { priority, delayMs: spreadMs * ports.chance.roll() });
  }
}

/**
 * @param taking aborted: no more keys are taken, what is under way ends, and this resolves
 * @param calls aborted: what is under way is given up
 */
export async function work(all: Work, taking: AbortSignal, calls: AbortSignal): Promise<void> {
  const { ports, queue, concurrency } = all;
  const pump = createPump(all, taking);
  const workers = runWorkers(
    {
      queue,
      concurrency,
      metrics: ports.metrics,
      run: async (key, priority) => {
        const ended = await runKey(all, { key, priority }, calls);
        pump.turn();
        return ended;
      },
      onCrash: (key, error) => reportCrash(ports, key, error),
    },
    taking,
  );
  await Promise.all([workers, audit(all, taking), pump.run()]);
}

/* ------------------------------------------------------------------ one key */

interface Taken {
  readonly key: string;
  readonly priority: number;
}

async function runKey(all: Work, taken: Taken, calls: AbortSignal): Promise<Ended> {
  const { ports } = all;
  const startedAtMs = ports.clock.monotonicMs();
  if (taken.key === ACCOUNT_KEY) return { requeue: await askAccount(all, calls) };
  const ending = await dispatch(all, taken, calls);
  enqueue(all, ending.deserving);
  const pool = ending.awaitsSweepOf;
  if (pool !== undefined) askForSweep(all, pool, taken);
  const seconds = (ports.clock.monotonicMs() - startedAtMs) / 1_000;
  measure(ports, ending, seconds);
  return { requeue: ending.requeue };
}

/** With the first look at a pool comes the question whose account it is. */
function askForSweep({ queue, auditor, ports }: Work, pool: string, { key, priority }: Taken) {
  if (ports.account.known() === undefined) queue.add(ACCOUNT_KEY, { priority: PRIORITY.Edit });
  if (auditor.await(pool, key, priority)) queue.add(sweepKey(pool), { priority });
}

function dispatch(all: Work, { key, priority }: Taken, calls: AbortSignal): Promise<Ending> {
  const pool = sweptPool(key);
  return pool === undefined
    ? all.reconcile(key, priority, calls)
    : all.auditor.sweep(pool, priority, calls);
}

/** Asked once there is a pool to ask for; that STS does not answer stops nothing. */
async function askAccount({ ports, memory }: Work, signal: AbortSignal): Promise<Requeue> {
  const [pool] = memory.pools();
  if (pool === undefined || ports.account.known() !== undefined) return { kind: 'Await' };
  const answer = await ports.account.caller(regionOf(pool), { signal, guard: () => undefined });
  if (answer.kind === 'Answered') return { kind: 'Await' };
  ports.log.info('whose credentials these are is not known yet', { failure: answer.failure });
  return { kind: 'Again', policy: SLOW };
}

function reportCrash(ports: Ports, key: string, error: unknown): Requeue {
  ports.log.error('a reconcile threw: this is a bug', { key, error });
  ports.metrics.count('controller_runtime_reconcile_panics_total', {});
  return { kind: 'Again', policy: RETRY };
}

function measure({ metrics }: Ports, { result }: Ending, seconds: number): void {
  metrics.count('controller_runtime_reconcile_total', { result });
  if (result === 'error') metrics.count('controller_runtime_reconcile_errors_total', {});
  metrics.observe('controller_runtime_reconcile_time_seconds', {}, seconds);
}

/* ----------------------------------------------------------------- the gate */

interface Pump {
  /** Something may have changed: look now, and again when the gate says so. */
  turn(): void;
  run(): Promise<void>;
}

/** Places come back with time: whoever they are kept for is woken then. */
function createPump({ gate, queue, ports }: Work, signal: AbortSignal): Pump {
  let pause = new AbortController();
  const turn = (): void => pause.abort();
  const run = async (): Promise<void> => {
    signal.addEventListener('abort', turn);
    while (!signal.aborted) {
      pause = new AbortController();
      const { wake, nextMs } = gate.advance();
      queue.wake(wake);
      await ports.clock.sleep(nextMs ?? IDLE_MS, pause.signal);
    }
    signal.removeEventListener('abort', turn);
  };
  return { turn, run };
}

const IDLE_MS = 60_000;

/* --------------------------------------------------------------- the auditor */

async function audit({ memory, queue, pace, ports }: Work, signal: AbortSignal): Promise<void> {
  const asked = new Map<string, number>();
  while (!signal.aborted) {
    const nowMs = ports.clock.monotonicMs();
    const pools = [...memory.pools()].map((userPoolId) => ({
      userPoolId,
      sweptAtMs: later(memory.sweeps.sweptAtMs(userPoolId), asked.get(userPoolId)),
    }));
    const due = nextDue(pools, pace, nowMs);
    ports.metrics.set('cognito_operator_oldest_sweep_seconds', {}, due.oldestMs / 1_000);
    if (due.userPoolId !== undefined) {
      asked.set(due.userPoolId, nowMs);
      queue.add(sweepKey(due.userPoolId), { priority: PRIORITY.Idle });
    }
    await ports.clock.sleep(due.inMs, signal);
  }
}

/** A pool never swept is not due: its resources ask for its first sweep themselves. */
function later(sweptAtMs: number | undefined, askedAtMs = 0): number | undefined {
  return sweptAtMs === undefined ? undefined : Math.max(sweptAtMs, askedAtMs);
}
