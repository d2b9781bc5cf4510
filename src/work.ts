/**
 * What a leader does until its term ends: workers on the queue, the gate's wake-ups, the auditor's
 * rounds. Everything here hangs on one term; a new term begins with an empty queue.
 */

import type { Auditor } from './auditor.ts';
import type { ObservableRateGate } from './controller/rate-gate.ts';
import { type Addition, PRIORITY, type WorkQueue } from './controller/work-queue.ts';
import { type Ended, runWorkers } from './controller/worker-pool.ts';
import type { Requeue } from './core/backoff.ts';
import { RETRY, SLOW } from './core/backoff.ts';
import type { Deserving } from './core/trigger.ts';
import { ACCOUNT_KEY, sweepKey, sweptPool } from './keys.ts';
import { regionOf } from './lanes.ts';
import type { Memory } from './memory/memory.ts';
import type { Pace } from './pace.ts';
import type { Ports } from './ports.ts';
import type { Ending } from './reconcile/surroundings.ts';
import type { Reconcile } from './reconciler.ts';
import { makeRounds } from './rounds.ts';

export interface Work {
  readonly ports: Ports;
  readonly queue: WorkQueue;
  readonly gate: ObservableRateGate;
  readonly memory: Memory;
  readonly auditor: Auditor;
  readonly reconcile: Reconcile;
  /** Keys that the label selector leaves out are watched and not worked on. */
  readonly isOurs: (key: string) => boolean;
  /** The pool that the resource of the key names. */
  readonly poolOf: (key: string) => string | undefined;
  readonly concurrency: number;
  readonly pace: Pace;
}

/** Adds what deserves a run, each key once: a second reason is none to run a second time. */
export function enqueue({ queue, ports }: Work, deserving: readonly Deserving[]): void {
  const additions = new Map<string, Required<Addition>>();
  for (const { key, urgency, spreadMs = 0, priority: own } of deserving) {
    const priority = own ?? (urgency === 'Edit' ? PRIORITY.Edit : PRIORITY.Drift);
    const known = additions.get(key) ?? { priority, delayMs: Number.POSITIVE_INFINITY };
    additions.set(key, {
      priority: Math.max(priority, known.priority),
      delayMs: Math.min(spreadMs * ports.chance.roll(), known.delayMs),
    });
  }
  for (const [key, addition] of additions) queue.add(key, addition);
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
  await Promise.all([workers, makeRounds(all, running, taking), pump.run()]);
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
  if (!all.isOurs(taken.key)) return { requeue: letAlone(all, taken.key) };
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
export function askForSweep(
  all: Work,
  pool: string,
  { key, priority }: Taken,
  sweepPriority = priority,
): void {
  const { queue, auditor, memory, ports } = all;
  if (ports.account.known() === undefined) queue.add(ACCOUNT_KEY, { priority: PRIORITY.Edit });
  if (memory.sweeps.stateOf(pool).kind !== 'Awaited') return queue.add(key, { priority });
  if (auditor.await(pool, key, priority)) queue.add(sweepKey(pool), { priority: sweepPriority });
}

/** The label selector leaves it out: it waits for nothing, and whoever waited behind it is next. */
function letAlone(all: Work, key: string): Requeue {
  const pool = all.poolOf(key);
  all.gate.forget(key);
  if (pool !== undefined) {
    const next = all.memory.unpark(pool, key);
    enqueue(
      all,
      next.map((each) => ({ key: each, urgency: 'Touch' })),
    );
  }
  return { kind: 'Forget' };
}

function dispatch(all: Work, { key, priority }: Taken, calls: AbortSignal): Promise<Ending> {
  const pool = sweptPool(key);
  return pool === undefined
    ? all.reconcile(key, priority, calls)
    : all.auditor.sweep(pool, priority, calls);
}

/** Asked once there is a pool to ask for; that STS does not answer stops nothing. */
async function askAccount({ ports, memory }: Work, signal: AbortSignal): Promise<Requeue> {
  const pool = poolToAskFor(memory);
  if (pool === undefined || ports.account.known() !== undefined) return { kind: 'Await' };
  const answer = await ports.account.caller(regionOf(pool), { signal, guard: () => undefined });
  if (answer.kind === 'Answered') return { kind: 'Await' };
  ports.log.info('whose credentials these are is not known yet', { failure: answer.failure });
  return { kind: 'Again', policy: SLOW };
}

/** One that answers, where there is one: a Region that does not exist has no STS. */
function poolToAskFor(memory: Memory): string | undefined {
  const pools = [...memory.pools()];
  return pools.find((each) => memory.sweeps.sweptAtMs(each) !== undefined) ?? pools[0];
}

function reportCrash({ ports, gate }: Work, key: string, error: unknown): Requeue {
  gate.forget(key);
  ports.log.error('a reconcile threw: this is a bug', { key, error });
  ports.metrics.count('controller_runtime_reconcile_panics_total', {});
  ports.metrics.count('controller_runtime_reconcile_total', { result: 'error' });
  ports.metrics.count('controller_runtime_reconcile_errors_total', {});
  return { kind: 'Again', policy: RETRY };
}

const TERMINAL = 'controller_runtime_terminal_reconcile_errors_total';

function measure({ metrics }: Ports, ending: Ending, seconds: number): void {
  const { result } = ending;
  metrics.count('controller_runtime_reconcile_total', { result: countedAs(ending) });
  if (result === 'terminal') metrics.count(TERMINAL, {});
  if (result !== 'success') metrics.count('controller_runtime_reconcile_errors_total', {});
  metrics.observe('controller_runtime_reconcile_time_seconds', {}, seconds);
}

/**
 * As controller-runtime counts: an error, or else how the key comes again: not by itself, after a
 * backoff, or after a time that was named.
 */
function countedAs({ result, requeue }: Pick<Ending, 'result' | 'requeue'>): string {
  if (result !== 'success') return 'error';
  switch (requeue.kind) {
    case 'Forget':
    case 'Await':
      return 'success';
    case 'Now':
    case 'Again':
      return 'requeue';
    case 'After':
    case 'StepAside':
      return 'requeue_after';
  }
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
