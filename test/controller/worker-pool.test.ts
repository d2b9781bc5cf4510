import { expect, test } from 'vitest';
import { createWorkQueue, PRIORITY, type WorkQueue } from '../../src/controller/work-queue.ts';
import { type Ended, runWorkers } from '../../src/controller/worker-pool.ts';
import { RETRY, type Requeue } from '../../src/core/backoff.ts';
import type { Metrics } from '../../src/ports.ts';
import { createFakeClock, type FakeClock, settled } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';

const AWAIT: Ended = { requeue: { kind: 'Await' } };
const AGAIN: Requeue = { kind: 'Again', policy: RETRY };

interface Bench {
  readonly clock: FakeClock;
  readonly queue: WorkQueue;
  /** The keys in the order in which their runs began, with their priorities. */
  readonly begun: string[];
  readonly crashes: string[];
  readonly active: number[];
  /** Ends the run of a key. */
  readonly end: (key: string, ended?: Ended) => Promise<void>;
  readonly crash: (key: string) => Promise<void>;
  /** Aborts the runs. */
  readonly stop: () => void;
  /** Resolves when the pool has. */
  readonly drained: Promise<string>;
}

/** A pool whose runs end when the test says so. */
function aPool(concurrency: number): Bench {
  const clock = createFakeClock();
  const queue = createWorkQueue({ clock, chance: createLoadedChance(0.5) });
  const runs = new Map<string, PromiseWithResolvers<Ended>>();
  const [begun, crashes, active]: [string[], string[], number[]] = [[], [], []];
  const controller = new AbortController();
  const run = (key: string, priority: number): Promise<Ended> => {
    begun.push(`${key} at ${priority}`);
    const ending = Promise.withResolvers<Ended>();
    runs.set(key, ending);
    return ending.promise;
  };
  const onCrash = (key: string, error: unknown): Requeue => {
    crashes.push(`${key}: ${String(error)}`);
    return AGAIN;
  };
  const metrics = gaugesInto(active);
  const pool = runWorkers({ queue, concurrency, run, onCrash, clock, metrics }, controller.signal);
  return {
    clock,
    queue,
    begun,
    crashes,
    active,
    end: (key, ended = AWAIT) => (runs.get(key)?.resolve(ended), settled()),
    crash: (key) => (runs.get(key)?.reject(new Error('a bug')), settled()),
    stop: () => controller.abort(),
    drained: pool.then(() => 'drained'),
  };
}

function gaugesInto(values: number[]): Metrics {
  return {
    count: () => {},
    observe: () => {},
    set: (_name, _labels, value) => void values.push(value),
  };
}

test('no more runs are under way than there are slots, and the gauge says how many', async () => {
  const { queue, begun, end, active } = aPool(2);
  for (const key of ['a', 'b', 'c']) queue.add(key, { priority: PRIORITY.Edit });
  await settled();
  expect(begun).toEqual(['a at 30', 'b at 30']);
  await end('a');
  expect(begun).toEqual(['a at 30', 'b at 30', 'c at 30']);
  await end('b');
  await end('c');
  expect([Math.max(...active), active.at(-1)]).toEqual([2, 0]);
});

test('an urgent key that comes while all slots are taken is the next to run', async () => {
  const { queue, begun, end } = aPool(1);
  for (const key of ['running', 'first-pass']) queue.add(key, { priority: PRIORITY.FirstPass });
  await settled();
  queue.add('edit', { priority: PRIORITY.Edit });
  await end('running');
  expect(begun).toEqual(['running at 0', 'edit at 30']);
});

test('a run says when its key is due again, and how urgent', async () => {
  const { clock, queue, begun, end } = aPool(1);
  queue.add('a', { priority: PRIORITY.Edit });
  await settled();
  await end('a', { requeue: { kind: 'StepAside', reportInMs: 10 }, priority: PRIORITY.Drift });
  await clock.advance(10);
  expect(begun).toEqual(['a at 30', 'a at 10']);
});

test('a key is never in two runs, however often it is added', async () => {
  const { queue, begun, end } = aPool(2);
  queue.add('a', { priority: PRIORITY.Edit });
  await settled();
  queue.add('a', { priority: PRIORITY.Drift });
  await settled();
  expect(begun).toEqual(['a at 30']);
  await end('a');
  expect(begun).toEqual(['a at 30', 'a at 10']);
});

test('a run that throws is reported and backs off, and the pool goes on', async () => {
  const { clock, queue, begun, crash, crashes } = aPool(1);
  queue.add('a', { priority: PRIORITY.Edit });
  queue.add('b', { priority: PRIORITY.Drift });
  await settled();
  await crash('a');
  expect(crashes).toEqual(['a: Error: a bug']);
  expect([begun, queue.failures('a')]).toEqual([['a at 30', 'b at 10'], 1]);
  await crash('b');
  await clock.advance(RETRY.baseMs);
  expect(begun).toEqual(['a at 30', 'b at 10', 'a at 20']);
});

test('an aborted pool takes nothing more and resolves when its last run has ended', async () => {
  const { queue, begun, end, stop, drained } = aPool(1);
  for (const key of ['a', 'b']) queue.add(key, { priority: PRIORITY.Edit });
  await settled();
  stop();
  expect(await Promise.race([drained, settled().then(() => 'busy')])).toBe('busy');
  await end('a', { requeue: AGAIN });
  expect(await drained).toBe('drained');
  expect([begun, queue.size, queue.failures('a')]).toEqual([['a at 30'], 2, 1]);
});

test('a closed queue drains the pool without aborting the runs', async () => {
  const { queue, end, drained } = aPool(2);
  queue.add('a', { priority: PRIORITY.Edit });
  await settled();
  queue.close();
  expect(await Promise.race([drained, settled().then(() => 'busy')])).toBe('busy');
  await end('a');
  expect(await drained).toBe('drained');
});

test('runs that wait for nothing leave sockets and timers their turn', async () => {
  const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);
  const queue = createWorkQueue({ clock: createFakeClock(), chance: createLoadedChance(0.5) });
  for (const key of keys) queue.add(key, { priority: PRIORITY.FirstPass });
  const stop = new AbortController();
  let runs = 0;
  const run = async (): Promise<Ended> => {
    runs += 1;
    return AWAIT;
  };
  const eachRunTakes5Ms = { monotonicMs: () => 5 * runs, sleep: settled };
  const clock = Object.assign(createFakeClock(), eachRunTakes5Ms);
  const drained = runWorkers({ queue, run, onCrash: () => AGAIN, clock }, stop.signal);
  await settled();
  expect(runs).toBeLessThan(10);
  for (let turn = 0; turn < keys.length; turn += 1) await settled();
  expect(runs).toBe(100);
  stop.abort();
  await drained;
});
