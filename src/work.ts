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
import type { RateGate } from './gate.ts';
import { regionOf } from './lanes.ts';
import type { Memory } from './memory/memory.ts';
import { type Due, nextDue, type Pace, type SweptPool } from './pace.ts';
import type { Ports } from './ports.ts';
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
  ports.metrics.set('controller_runtime_max_concurrent_reconciles', {}, concurrency);
  const running = new Map<string, number>();
  const pump = createPump(all, running, taking);
  const workers = runWorkers(
    {
      queue,
      concurrency,
      clock: ports.clock,
      metrics: ports.metrics,
      run: async (key, priority) => {
        running.set(key, ports.clock.monotonicMs());
        try {
          return await runKey(all, { key, priority }, calls);
        } finally {
          running.delete(key);
          pump.turn();
        }
      },
      onCrash: (key, error) => reportCrash(all, key, error),
    },
    taking,
  );
  await Promise.all([workers, audit(all, running, taking), pump.run()]);
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

/**
 * The key runs when its pool was swept. With the first look at a pool comes the question whose
 * account it is.
 */
export function askForSweep(all: Work, pool: string, { key, priority }: Taken): void {
  const { queue, auditor, memory, ports } = all;
  if (ports.account.known() === undefined) queue.add(ACCOUNT_KEY, { priority: PRIORITY.Edit });
  if (memory.sweeps.stateOf(pool).kind !== 'Awaited') return queue.add(key, { priority });
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

function reportCrash({ ports, gate }: Work, key: string, error: unknown): Requeue {
  gate.forget(key);
  ports.log.error('a reconcile threw: this is a bug', { key, error });
  ports.metrics.count('controller_runtime_reconcile_panics_total', {});
  return { kind: 'Again', policy: RETRY };
}

const TERMINAL = 'controller_runtime_terminal_reconcile_errors_total';

function measure({ metrics }: Ports, { result }: Ending, seconds: number): void {
  const counted = result === 'terminal' ? 'error' : result;
  metrics.count('controller_runtime_reconcile_total', { result: counted });
  if (result === 'terminal') metrics.count(TERMINAL, {});
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
function createPump(
  { gate, queue, ports }: Work,
  running: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Pump {
  let pause = new AbortController();
  const turn = (): void => pause.abort(TURN);
  const run = async (): Promise<void> => {
    signal.addEventListener('abort', turn);
    while (!signal.aborted) {
      pause = new AbortController();
      const { wake, nextMs } = gate.advance();
      queue.wake(wake);
      const idleMs = running.size > 0 ? BUSY_MS : IDLE_MS;
      await ports.clock.sleep(Math.min(nextMs ?? idleMs, idleMs), pause.signal);
    }
    signal.removeEventListener('abort', turn);
  };
  return { turn, run };
}

/** A reason of our own: without one each turn would make an error, with its stack. */
const TURN = 'turn';
const IDLE_MS = 60_000;
/** A run gives places back on its way, and says nothing before its end. */
const BUSY_MS = 100;

/* --------------------------------------------------------------- the auditor */

/** A pool swept so much later than it should be is told of. */
const LATE_FACTOR = 1.5;

async function audit(
  all: Work,
  running: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const { memory, queue, pace, ports } = all;
  const askedAtMs = new Map<string, number>();
  while (!signal.aborted) {
    const nowMs = ports.clock.monotonicMs();
    const due = nextDue(sweptPools(memory, askedAtMs), pace, nowMs);
    if (due.userPoolId !== undefined) {
      askedAtMs.set(due.userPoolId, nowMs);
      queue.add(sweepKey(due.userPoolId), { priority: PRIORITY.Idle });
      if (due.oldestMs > LATE_FACTOR * pace.resyncMs) tellOfLateness(ports, due);
    }
    show(
      ports,
      due,
      [...running.values()].map((sinceMs) => nowMs - sinceMs),
    );
    await ports.clock.sleep(due.inMs, signal);
  }
}

/** A pool never swept is not due: its resources ask for its first sweep themselves. */
function* sweptPools(memory: Memory, askedAtMs: ReadonlyMap<string, number>): Generator<SweptPool> {
  for (const userPoolId of memory.pools()) {
    const sweptAtMs = memory.sweeps.sweptAtMs(userPoolId);
    if (sweptAtMs === undefined) continue;
    yield { userPoolId, sweptAtMs: Math.max(sweptAtMs, askedAtMs.get(userPoolId) ?? sweptAtMs) };
  }
}

function tellOfLateness({ log, metrics }: Ports, { userPoolId, oldestMs }: Due): void {
  metrics.count('cognito_operator_sweeps_late_total', {});
  log.info('a user pool is swept later than asked for', { pool: userPoolId, ageMs: oldestMs });
}

function show({ metrics }: Ports, due: Due, runningMs: readonly number[]): void {
  const sum = runningMs.reduce((total, each) => total + each, 0);
  metrics.set('cognito_operator_oldest_sweep_seconds', {}, due.oldestMs / 1_000);
  metrics.set('workqueue_unfinished_work_seconds', {}, sum / 1_000);
  metrics.set('workqueue_longest_running_processor_seconds', {}, Math.max(0, ...runningMs) / 1_000);
}
