/**
 * The keys that deserve a run, and when. One entry a key, however often it is added; a key that
 * runs is not offered a second time until it settles. Who was woken goes before all others, and
 * inside a priority the namespaces take turns.
 *
 * ```
 *            add                 take                  settle
 *   nothing -----> delayed, ready -----> running -+--> nothing        Forget, Await
 *                   ^    ^                        +--> ready          Now
 *                   |    |  wake, add, report     +--> delayed        After, Again, Now again
 *                   |    +------------------------+--> aside          StepAside
 *                   +-- what was added meanwhile -+
 * ```
 *
 * Bounded by the number of keys. Every change is O(log keys).
 */
import { type DelayPolicy, delayMs, RETRY, type Requeue } from '../core/backoff.ts';
import type { Chance, Clock, Metrics } from '../ports.ts';
import { createEntry, type Meanwhile, merged, type QueueEntry } from './queue-entry.ts';
import { Schedule } from './schedule.ts';
import { Takers } from './takers.ts';

/** Higher goes first. Nobody asks for `Woken`: it is of those for whom something is kept. */
export const PRIORITY = {
  Woken: 40,
  Edit: 30,
  Retry: 20,
  Drift: 10,
  FirstPass: 0,
  Idle: -10,
} as const;

export interface Taken {
  readonly key: string;
  readonly priority: number;
}

export interface Addition {
  readonly priority: number;
  readonly delayMs?: number;
}

export interface WorkQueue {
  /** Of several additions the shortest delay and the highest priority count. */
  add(key: string, addition: Addition): void;
  /** The next key, as soon as there is one; `undefined` once closed or aborted. */
  take(signal: AbortSignal): Promise<Taken | undefined>;
  /** The next key, if one is ready now. */
  tryTake(): Taken | undefined;
  /**
   * The one way out of a run. What was added during the run is then added to what `requeue` says.
   * @param priority of the next offer; a retry has `PRIORITY.Retry` at most
   * @throws when the key is not running: a bug
   */
  settle(key: string, requeue: Requeue, priority: number): void;
  /** Offers keys that stepped aside or are about to; leaves others as they are. */
  wake(keys: Iterable<string>): void;
  /** Failures in a row. */
  failures(key: string): number;
  /** Keys that wait to be offered: ready, delayed or aside. */
  readonly size: number;
  /** Ready keys of each priority. */
  depth(): ReadonlyMap<number, number>;
  /** Until a key can be taken: 0 when one is ready, `undefined` when none has a moment. */
  nextDueMs(): number | undefined;
  /** Offers nothing from now on; names the keys that were waiting. Settling goes on. */
  close(): readonly string[];
}

interface QueuePorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly metrics?: Metrics | undefined;
}

export function createWorkQueue(ports: QueuePorts): WorkQueue {
  return new KeyedQueue(ports);
}

class KeyedQueue implements WorkQueue {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #metrics: Metrics | undefined;
  readonly #entries = new Map<string, QueueEntry>();
  readonly #schedule: Schedule<QueueEntry>;
  readonly #takers: Takers<Taken>;
  #closed = false;

  constructor({ clock, chance, metrics }: QueuePorts) {
    this.#clock = clock;
    this.#chance = chance;
    this.#metrics = metrics;
    this.#schedule = new Schedule((priority, depth) =>
      metrics?.set('workqueue_depth', { priority: String(priority) }, depth),
    );
    this.#takers = new Takers(clock, {
      next: () => this.tryTake(),
      nextMs: () => this.#schedule.nextMs,
    });
  }

  get size(): number {
    return this.#schedule.size;
  }

  depth(): ReadonlyMap<number, number> {
    this.#schedule.ripen(this.#clock.monotonicMs());
    return new Map([...this.#schedule.depth].filter(([, depth]) => depth > 0));
  }

  failures(key: string): number {
    return this.#entries.get(key)?.failures ?? 0;
  }

  nextDueMs(): number | undefined {
    const nowMs = this.#clock.monotonicMs();
    this.#schedule.ripen(nowMs);
    if (this.#schedule.readySize > 0) return 0;
    const { nextMs } = this.#schedule;
    return nextMs === undefined ? undefined : nextMs - nowMs;
  }

  add(key: string, { priority, delayMs: inMs = 0 }: Addition): void {
    this.#metrics?.count('workqueue_adds_total', {});
    this.#join(key, { priority, dueMs: this.#clock.monotonicMs() + Math.max(inMs, 0) });
    this.#takers.serve();
  }

  wake(keys: Iterable<string>): void {
    for (const key of keys) this.#rouse(key);
    this.#takers.serve();
  }

  tryTake(): Taken | undefined {
    if (this.#closed) return undefined;
    const nowMs = this.#clock.monotonicMs();
    this.#schedule.ripen(nowMs);
    const entry = this.#schedule.pop();
    if (entry === undefined) return undefined;
    this.#observe('workqueue_queue_duration_seconds', nowMs - Math.max(entry.sinceMs, entry.dueMs));
    entry.stage = 'Running';
    entry.sinceMs = nowMs;
    return { key: entry.key, priority: entry.rank };
  }

  async take(signal: AbortSignal): Promise<Taken | undefined> {
    return this.#closed ? undefined : this.#takers.wait(signal);
  }

  settle(key: string, requeue: Requeue, priority: number): void {
    const entry = this.#entries.get(key);
    if (entry?.stage !== 'Running') throw new Error(`a key settles that does not run: ${key}`);
    this.#observe('workqueue_work_duration_seconds', this.#clock.monotonicMs() - entry.sinceMs);
    const { meanwhile, woken } = entry;
    entry.meanwhile = undefined;
    entry.woken = false;
    this.#leave(entry, requeue, priority);
    if (woken) this.#rouse(key);
    if (meanwhile !== undefined) this.#join(key, meanwhile);
    this.#takers.serve();
  }

  close(): readonly string[] {
    this.#closed = true;
    this.#takers.sendAway();
    const entries = [...this.#entries.values()];
    return entries.filter(({ stage }) => stage !== 'Running').map(({ key }) => key);
  }

  #leave(entry: QueueEntry, requeue: Requeue, priority: number): void {
    const retryPriority = Math.min(priority, PRIORITY.Retry);
    entry.nowsInRow = requeue.kind === 'Now' ? entry.nowsInRow + 1 : 0;
    switch (requeue.kind) {
      case 'Forget':
      case 'Await':
        this.#entries.delete(entry.key);
        return;
      case 'Now':
        if (entry.nowsInRow > 1) return this.#backOff(entry, retryPriority, RETRY);
        entry.failures = 0;
        return this.#wait(entry, { priority, inMs: 0 });
      case 'After':
        return this.#wait(entry, { priority: retryPriority, inMs: requeue.delayMs });
      case 'Again':
        return this.#backOff(entry, retryPriority, requeue.policy);
      case 'StepAside':
        // A report has time.
        this.#wait(entry, { priority: PRIORITY.Idle, inMs: requeue.reportInMs ?? Infinity });
        entry.stage = 'Aside';
        entry.rank = priority;
    }
  }

  #backOff(entry: QueueEntry, priority: number, policy: DelayPolicy): void {
    this.#metrics?.count('workqueue_retries_total', {});
    entry.failures += 1;
    const inMs = delayMs(policy, entry.failures, this.#chance.roll());
    this.#wait(entry, { priority, inMs });
  }

  #wait(entry: QueueEntry, { priority, inMs }: { priority: number; inMs: number }): void {
    const nowMs = this.#clock.monotonicMs();
    entry.stage = 'Waiting';
    entry.priority = priority;
    entry.rank = priority;
    entry.sinceMs = nowMs;
    entry.dueMs = nowMs + inMs;
    this.#schedule.insert(entry);
  }

  #rouse(key: string): void {
    const entry = this.#entries.get(key);
    if (entry?.stage === 'Running') entry.woken = true;
    if (entry?.stage !== 'Aside') return;
    this.#move(entry, { priority: PRIORITY.Woken, dueMs: this.#clock.monotonicMs() });
  }

  #join(key: string, when: Meanwhile): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#begin(key, when);
    if (entry.stage === 'Running') {
      entry.meanwhile = merged(entry.meanwhile, when);
      return;
    }
    entry.rank = Math.max(entry.rank, when.priority);
    this.#move(entry, when);
  }

  #move(entry: QueueEntry, { priority, dueMs }: Meanwhile): void {
    const nowMs = this.#clock.monotonicMs();
    this.#schedule.ripen(nowMs);
    this.#schedule.merge(entry, priority, dueMs);
    this.#schedule.ripen(nowMs);
  }

  #begin(key: string, when: Meanwhile): void {
    const nowMs = this.#clock.monotonicMs();
    const entry = createEntry(key, when, nowMs);
    this.#schedule.ripen(nowMs);
    this.#entries.set(key, entry);
    this.#schedule.insert(entry);
    this.#schedule.ripen(nowMs);
  }

  #observe(name: string, ms: number): void {
    this.#metrics?.observe(name, {}, ms / 1_000);
  }
}
