/**
 * Runs the keys of a queue, a bounded number at a time. A key is taken only when a slot is free,
 * so that until the last moment a more urgent one can overtake it, and it is held until its run
 * has ended, whatever ended it.
 */
import PQueue from 'p-queue';
import type { Requeue } from '../core/backoff.ts';
import type { Clock, Metrics } from '../ports.ts';
import type { Taken, WorkQueue } from './work-queue.ts';

export const CONCURRENCY_DEFAULT = 16;

export interface Ended {
  readonly requeue: Requeue;
  /** Of the next offer; as before when absent. */
  readonly priority?: number;
}

export interface WorkerPool {
  readonly queue: WorkQueue;
  readonly concurrency?: number;
  run(key: string, priority: number, signal: AbortSignal): Promise<Ended>;
  /** A run threw, which is a bug: reports it and says when to try again. Must not throw itself. */
  onCrash(key: string, error: unknown): Requeue;
  readonly clock: Clock;
  readonly metrics?: Metrics;
}

/**
 * Runs that find nothing to wait for follow one another without a pause: thousands of them would
 * keep sockets and timers waiting, the Lease's among them. So often these get their turn.
 */
const BREATHE_EVERY_MS = 20;

/**
 * Guarantees that no run is under way once it has resolved. Takes no key after the signal was
 * aborted or the queue closed; the same signal tells the runs.
 */
export async function runWorkers(pool: WorkerPool, signal: AbortSignal): Promise<void> {
  const slots = new PQueue({ concurrency: pool.concurrency ?? CONCURRENCY_DEFAULT });
  const showActive = (): void =>
    pool.metrics?.set('controller_runtime_active_workers', {}, slots.pending);
  slots.addEventListener('active', showActive);
  slots.addEventListener('next', showActive);
  showActive();
  const breathe = createBreath(pool.clock);
  for (;;) {
    await freeSlot(slots);
    const taken = await pool.queue.take(signal);
    if (taken === undefined) break;
    void slots.add(() => work(pool, taken, signal));
    await breathe(signal);
  }
  await slots.onIdle();
}

function createBreath(clock: Clock): (signal: AbortSignal) => Promise<void> {
  let breathedAtMs = clock.monotonicMs();
  return async (signal) => {
    if (clock.monotonicMs() - breathedAtMs < BREATHE_EVERY_MS) return;
    await clock.sleep(0, signal);
    breathedAtMs = clock.monotonicMs();
  };
}

async function freeSlot(slots: PQueue): Promise<void> {
  if (slots.pending < slots.concurrency) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  slots.addEventListener('next', () => resolve(), { once: true });
  await promise;
}

async function work(
  pool: WorkerPool,
  { key, priority }: Taken,
  signal: AbortSignal,
): Promise<void> {
  const ended = await attempt(pool, { key, priority }, signal);
  pool.queue.settle(key, ended.requeue, ended.priority ?? priority);
}

async function attempt(pool: WorkerPool, taken: Taken, signal: AbortSignal): Promise<Ended> {
  try {
    return await pool.run(taken.key, taken.priority, signal);
  } catch (error) {
    return { requeue: pool.onCrash(taken.key, error) };
  }
}
