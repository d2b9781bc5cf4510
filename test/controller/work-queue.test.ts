import { describe, expect, test } from 'vitest';
import { createWorkQueue, PRIORITY, type WorkQueue } from '../../src/controller/work-queue.ts';
import { HOURLY, RETRY, type Requeue } from '../../src/core/backoff.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';

const { Edit, Retry, Drift, FirstPass, Idle } = PRIORITY;
const AWAIT: Requeue = { kind: 'Await' };
const NOW: Requeue = { kind: 'Now' };
const AGAIN: Requeue = { kind: 'Again', policy: RETRY };
const STEP_ASIDE: Requeue = { kind: 'StepAside', reportInMs: undefined };
/** What `RETRY` gives for the first and the second failure when half is rolled. */
const FIRST_BACKOFF_MS = 375;
const SECOND_BACKOFF_MS = 750;

function aQueue(): { queue: WorkQueue; clock: FakeClock } {
  const clock = createFakeClock();
  return { clock, queue: createWorkQueue({ clock, chance: createLoadedChance(0.5) }) };
}

/** A queue on which `key` is running at `Edit`. */
function aRunOf(key: string): { queue: WorkQueue; clock: FakeClock } {
  const made = aQueue();
  made.queue.add(key, { priority: Edit });
  made.queue.tryTake();
  return made;
}

/** The keys that are ready, in the order in which they are offered. */
function offered(queue: WorkQueue): readonly string[] {
  const keys: string[] = [];
  for (let taken = queue.tryTake(); taken !== undefined; taken = queue.tryTake()) {
    keys.push(taken.key);
  }
  return keys;
}

describe('the order of the keys', () => {
  test('higher priorities go first, and inside one whoever came first', () => {
    const { queue } = aQueue();
    queue.add('idle', { priority: Idle });
    queue.add('drift', { priority: Drift });
    queue.add('edit-1', { priority: Edit });
    queue.add('first-pass', { priority: FirstPass });
    queue.add('retry', { priority: Retry });
    queue.add('edit-2', { priority: Edit });
    expect(offered(queue)).toEqual(['edit-1', 'edit-2', 'retry', 'drift', 'first-pass', 'idle']);
  });

  test('a key that is added again keeps its place and is offered once', () => {
    const { queue } = aQueue();
    for (const key of ['a', 'b', 'a']) queue.add(key, { priority: Drift });
    expect(queue.size).toBe(2);
    expect(offered(queue)).toEqual(['a', 'b']);
  });

  test('a key that rises goes behind those who were there before', () => {
    const { queue } = aQueue();
    queue.add('riser', { priority: Drift });
    queue.add('edit', { priority: Edit });
    queue.add('riser', { priority: Edit });
    queue.add('riser', { priority: Idle });
    expect(offered(queue)).toEqual(['edit', 'riser']);
  });

  test('of several additions the shortest delay and the highest priority count', async () => {
    const { queue, clock } = aQueue();
    queue.add('a', { priority: Edit, delayMs: 100 });
    queue.add('a', { priority: Idle, delayMs: 50 });
    queue.add('a', { priority: Drift, delayMs: 70 });
    expect(queue.nextDueMs()).toBe(50);
    await clock.advance(49);
    expect(queue.tryTake()).toBeUndefined();
    await clock.advance(1);
    expect(queue.tryTake()).toEqual({ key: 'a', priority: Edit });
  });

  test('delayed keys line up in the order in which they fall due', async () => {
    const { queue, clock } = aQueue();
    queue.add('later', { priority: Drift, delayMs: 20 });
    queue.add('sooner', { priority: Drift, delayMs: 10 });
    await clock.advance(15);
    queue.add('now', { priority: Drift });
    await clock.advance(15);
    expect(offered(queue)).toEqual(['sooner', 'now', 'later']);
  });

  test('the depth counts ready keys by priority, the size also those that wait', () => {
    const { queue } = aRunOf('running');
    queue.add('a', { priority: Drift });
    queue.add('b', { priority: Drift });
    queue.add('c', { priority: Edit, delayMs: 5 });
    expect([...queue.depth()]).toEqual([[Drift, 2]]);
    expect(queue.size).toBe(3);
  });
});

interface SettleRow {
  readonly name: string;
  readonly requeue: Requeue;
  readonly dueInMs: number | undefined;
  readonly priority: number;
  readonly failures: number;
}

const AFTER_ONE_FAILURE: readonly SettleRow[] = [
  { name: 'Forget', requeue: { kind: 'Forget' }, dueInMs: undefined, priority: Edit, failures: 0 },
  { name: 'Await', requeue: AWAIT, dueInMs: undefined, priority: Edit, failures: 0 },
  { name: 'Now', requeue: NOW, dueInMs: 0, priority: Edit, failures: 0 },
  {
    name: 'After',
    requeue: { kind: 'After', delayMs: 40 },
    dueInMs: 40,
    priority: Retry,
    failures: 1,
  },
  { name: 'Again', requeue: AGAIN, dueInMs: SECOND_BACKOFF_MS, priority: Retry, failures: 2 },
  {
    name: 'Again by a timer',
    requeue: { kind: 'Again', policy: HOURLY },
    dueInMs: HOURLY.everyMs,
    priority: Retry,
    failures: 2,
  },
  { name: 'StepAside', requeue: STEP_ASIDE, dueInMs: undefined, priority: Edit, failures: 1 },
  {
    name: 'StepAside with a report',
    requeue: { kind: 'StepAside', reportInMs: 10_000 },
    dueInMs: 10_000,
    priority: Edit,
    failures: 1,
  },
];

describe('settling a key that failed once before', () => {
  test.for(AFTER_ONE_FAILURE)('$name says when, how urgent, and what is forgotten', async (row) => {
    const { queue, clock } = aRunOf('a');
    queue.settle('a', AGAIN, Edit);
    await clock.advance(FIRST_BACKOFF_MS);
    expect(queue.tryTake()).toEqual({ key: 'a', priority: Retry });
    queue.settle('a', row.requeue, Edit);
    expect(queue.failures('a')).toBe(row.failures);
    expect(queue.nextDueMs()).toBe(row.dueInMs);
    if (row.dueInMs === undefined) return;
    await clock.advance(row.dueInMs);
    expect(queue.tryTake()).toEqual({ key: 'a', priority: row.priority });
  });
});

describe('settling', () => {
  test('a retry of less than Retry does not rise to it', async () => {
    const { queue, clock } = aRunOf('a');
    queue.settle('a', AGAIN, Idle);
    await clock.advance(FIRST_BACKOFF_MS);
    expect(queue.tryTake()?.priority).toBe(Idle);
  });

  test('a run that ends at once twice in a row backs off, and once it ended otherwise not', () => {
    const { queue } = aRunOf('a');
    queue.settle('a', NOW, Edit);
    expect(queue.tryTake()?.priority).toBe(Edit);
    queue.settle('a', NOW, Edit);
    expect([queue.nextDueMs(), queue.failures('a')]).toEqual([FIRST_BACKOFF_MS, 1]);
    queue.add('a', { priority: Edit });
    queue.tryTake();
    queue.settle('a', { kind: 'After', delayMs: 0 }, Edit);
    queue.tryTake();
    queue.settle('a', NOW, Edit);
    expect([queue.nextDueMs(), queue.failures('a')]).toEqual([0, 0]);
  });

  test('a key is not offered while it runs; what was added then is offered at once', () => {
    const { queue } = aRunOf('a');
    queue.add('a', { priority: Drift });
    expect(queue.tryTake()).toBeUndefined();
    queue.settle('a', AWAIT, Edit);
    expect(queue.tryTake()).toEqual({ key: 'a', priority: Drift });
  });

  test('what was added during a run overtakes its backoff, and the failures stay', () => {
    const { queue } = aRunOf('a');
    queue.add('a', { priority: Edit, delayMs: 5 });
    queue.add('a', { priority: Drift });
    queue.settle('a', AGAIN, Edit);
    expect(queue.tryTake()).toEqual({ key: 'a', priority: Edit });
    expect(queue.failures('a')).toBe(1);
  });

  test('a key that was added while its object went is offered with nothing remembered', () => {
    const { queue } = aRunOf('a');
    queue.settle('a', AGAIN, Edit);
    queue.add('a', { priority: Edit });
    queue.tryTake();
    queue.add('a', { priority: Edit });
    queue.settle('a', { kind: 'Forget' }, Edit);
    expect([queue.failures('a'), queue.tryTake()?.key]).toEqual([0, 'a']);
  });

  test('settling a key that does not run is a bug', () => {
    const { queue } = aQueue();
    queue.add('a', { priority: Edit });
    expect(() => queue.settle('a', AWAIT, Edit)).toThrow('a key settles that does not run: a');
  });
});

describe('a key aside', () => {
  test('is offered when it is woken, with the priority it had', () => {
    const { queue } = aRunOf('a');
    queue.settle('a', STEP_ASIDE, Drift);
    expect([queue.tryTake(), queue.size, queue.nextDueMs()]).toEqual([undefined, 1, undefined]);
    queue.wake(['unknown', 'a', 'a']);
    expect(queue.tryTake()).toEqual({ key: 'a', priority: Drift });
  });

  test('goes before all others when it is woken, for a place is kept for it', () => {
    const { queue } = aRunOf('a');
    queue.settle('a', STEP_ASIDE, FirstPass);
    queue.add('b', { priority: Edit });
    queue.wake(['a']);
    expect([queue.tryTake(), queue.tryTake()?.key]).toEqual([
      { key: 'a', priority: FirstPass },
      'b',
    ]);
  });

  test('goes after all others when it only has to report, and is as urgent as it was', async () => {
    const { queue, clock } = aRunOf('a');
    queue.settle('a', { kind: 'StepAside', reportInMs: 10 }, Edit);
    await clock.advance(10);
    queue.add('b', { priority: FirstPass });
    expect([queue.tryTake()?.key, queue.tryTake()]).toEqual(['b', { key: 'a', priority: Edit }]);
  });

  test('is offered when it is added from outside', () => {
    const { queue } = aRunOf('a');
    queue.settle('a', STEP_ASIDE, Drift);
    queue.add('a', { priority: Edit });
    expect(queue.tryTake()).toEqual({ key: 'a', priority: Edit });
  });

  test('is offered once when it was woken before it settled, also when added too', () => {
    const { queue } = aRunOf('a');
    queue.wake(['a']);
    queue.settle('a', STEP_ASIDE, Drift);
    expect(offered(queue)).toEqual(['a']);
    queue.wake(['a']);
    queue.add('a', { priority: Drift });
    queue.settle('a', STEP_ASIDE, Edit);
    expect(offered(queue)).toEqual(['a']);
    queue.settle('a', STEP_ASIDE, Edit);
    expect(offered(queue)).toEqual([]);
  });

  test('is nothing to a wake that comes to a delayed key or to one that ended otherwise', () => {
    const { queue } = aRunOf('a');
    queue.wake(['a']);
    queue.settle('a', AGAIN, Edit);
    queue.wake(['a']);
    expect(queue.tryTake()).toBeUndefined();
  });
});

describe('those who wait for a key', () => {
  test('get one each, first come first served, as soon as one is added or falls due', async () => {
    const { queue, clock } = aQueue();
    const { signal } = new AbortController();
    const takers = [queue.take(signal), queue.take(signal)];
    queue.add('soon', { priority: Edit, delayMs: 10 });
    queue.add('now', { priority: Idle });
    await clock.advance(10);
    expect((await Promise.all(takers)).map((taken) => taken?.key)).toEqual(['now', 'soon']);
    expect(clock.timers).toBe(0);
  });

  test('get a key earlier when one falls due earlier than the one they slept for', async () => {
    const { queue, clock } = aQueue();
    const taker = queue.take(new AbortController().signal);
    queue.add('later', { priority: Edit, delayMs: 1_000 });
    queue.add('sooner', { priority: Edit, delayMs: 10 });
    await clock.advance(10);
    expect((await taker)?.key).toBe('sooner');
  });

  test('get nothing once they are aborted, and leave neither timer nor place in line', async () => {
    const { queue, clock } = aQueue();
    const stop = new AbortController();
    queue.add('a', { priority: Edit, delayMs: 1_000 });
    const taker = queue.take(stop.signal);
    stop.abort();
    expect([await taker, await queue.take(stop.signal)]).toEqual([undefined, undefined]);
    await clock.advance(1_000);
    expect([queue.tryTake()?.key, clock.timers]).toEqual(['a', 0]);
  });

  test('get nothing once the queue is closed, which names what it still holds', async () => {
    const { queue, clock } = aRunOf('running');
    const taker = queue.take(new AbortController().signal);
    queue.add('delayed', { priority: Edit, delayMs: 1_000 });
    expect(queue.close()).toEqual(['delayed']);
    expect(await taker).toBeUndefined();
    queue.settle('running', AGAIN, Edit);
    expect([queue.tryTake(), queue.size, clock.timers]).toEqual([undefined, 2, 0]);
    expect(await queue.take(new AbortController().signal)).toBeUndefined();
  });
});

test('twenty-five thousand keys are added, taken and settled, each once', () => {
  const { queue } = aQueue();
  const keys = Array.from({ length: 25_000 }, (_, index) => `namespace/name-${index}`);
  for (const [index, key] of keys.entries()) queue.add(key, { priority: (index % 5) * 10 });
  const order = offered(queue);
  for (const key of order) queue.settle(key, AGAIN, Drift);
  expect(new Set(order)).toEqual(new Set(keys));
  expect(order).toHaveLength(keys.length);
});
