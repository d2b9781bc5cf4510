/** The queue against a list that is searched from end to end for every question. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWorkQueue, type WorkQueue } from '../../src/controller/work-queue.ts';
import { delayMs, RETRY, type Requeue } from '../../src/core/backoff.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';

const ROLL = 0.5;
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];

type Step =
  | { readonly kind: 'Add'; readonly key: string; readonly priority: number; readonly inMs: number }
  | { readonly kind: 'Take' }
  | {
      readonly kind: 'Settle';
      readonly nth: number;
      readonly requeue: Requeue;
      readonly priority: number;
    }
  | { readonly kind: 'Wake'; readonly keys: readonly string[] }
  | { readonly kind: 'Pass'; readonly ms: number };

interface Row {
  readonly key: string;
  stage: 'Waiting' | 'Aside' | 'Running';
  priority: number;
  /** What it was asked for with. */
  rank: number;
  dueMs: number;
  /** Its place in line once it is ready. */
  place: number | undefined;
  failures: number;
  nows: number;
  added: { priority: number; dueMs: number }[];
  woken: boolean;
}

class NaiveQueue {
  rows: Row[] = [];
  nowMs = 0;
  #places = 0;

  get running(): Row[] {
    return this.rows.filter(({ stage }) => stage === 'Running');
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.ripen();
  }

  add(key: string, priority: number, dueMs: number): void {
    const row = this.rows.find((candidate) => candidate.key === key);
    if (row?.stage === 'Running') row.added.push({ priority, dueMs });
    else if (row === undefined) this.#append(key, priority, dueMs);
    else this.#raise(row, priority, dueMs);
    this.ripen();
  }

  take(): { key: string; priority: number } | undefined {
    const ready = this.rows.filter((row) => row.place !== undefined);
    const [first] = ready.sort((a, b) => b.priority - a.priority || a.place! - b.place!);
    if (first === undefined) return undefined;
    first.stage = 'Running';
    first.place = undefined;
    return { key: first.key, priority: first.rank };
  }

  settle(row: Row, requeue: Requeue, priority: number): void {
    const { added, woken } = row;
    row.added = [];
    row.woken = false;
    this.#leave(row, requeue, priority);
    if (woken) this.wake([row.key]);
    if (added.length === 0) return;
    const dueMs = Math.min(...added.map((one) => one.dueMs));
    this.add(row.key, Math.max(...added.map((one) => one.priority)), dueMs);
  }

  wake(keys: readonly string[]): void {
    for (const key of keys) {
      const row = this.rows.find((each) => each.key === key);
      if (row?.stage === 'Running') row.woken = true;
      if (row?.stage === 'Aside') this.#merge(row, 40, this.nowMs);
      this.ripen();
    }
  }

  ripen(): void {
    const due = this.rows.filter((row) => row.stage !== 'Running' && row.place === undefined);
    for (const row of due.sort((a, b) => a.dueMs - b.dueMs)) {
      if (row.dueMs <= this.nowMs) row.place = ++this.#places;
    }
  }

  #append(key: string, priority: number, dueMs: number): void {
    const fresh = { place: undefined, failures: 0, nows: 0, added: [], woken: false };
    this.rows.push({ key, stage: 'Waiting', priority, rank: priority, dueMs, ...fresh });
  }

  #raise(row: Row, priority: number, dueMs: number): void {
    row.rank = Math.max(row.rank, priority);
    this.#merge(row, priority, dueMs);
  }

  #merge(row: Row, priority: number, dueMs: number): void {
    const rises = priority > row.priority;
    const hastens = row.place === undefined && dueMs < row.dueMs;
    if (!rises && !hastens) return;
    row.priority = Math.max(row.priority, priority);
    row.dueMs = Math.min(row.dueMs, dueMs);
    row.place = undefined;
    this.#toTheEnd(row);
  }

  #leave(row: Row, requeue: Requeue, priority: number): void {
    const retry = Math.min(priority, 20);
    row.nows = requeue.kind === 'Now' ? row.nows + 1 : 0;
    const backsOff = requeue.kind === 'Again' || row.nows > 1;
    if (backsOff) row.failures += 1;
    else if (requeue.kind === 'Now') row.failures = 0;
    row.stage = requeue.kind === 'StepAside' ? 'Aside' : 'Waiting';
    row.rank = backsOff || requeue.kind === 'After' ? retry : priority;
    row.priority = requeue.kind === 'StepAside' ? -10 : row.rank;
    row.dueMs = this.nowMs + (backsOff ? delayMs(RETRY, row.failures, ROLL) : waitMs(requeue));
    this.#toTheEnd(row);
    if (requeue.kind === 'Forget' || requeue.kind === 'Await') this.rows.pop();
    this.ripen();
  }

  #toTheEnd(row: Row): void {
    this.rows = [...this.rows.filter((other) => other !== row), row];
  }
}

function waitMs(requeue: Requeue): number {
  if (requeue.kind === 'After') return requeue.delayMs;
  return requeue.kind === 'StepAside' ? (requeue.reportInMs ?? Infinity) : 0;
}

const key = fc.constantFrom(...KEYS);
const priority = fc.constantFrom(30, 20, 10, 0, -10);
const ms = fc.constantFrom(0, 1, 5, 20, 400);
const requeue: fc.Arbitrary<Requeue> = fc.oneof(
  fc.constantFrom<Requeue>({ kind: 'Forget' }, { kind: 'Await' }, { kind: 'Now' }),
  fc.constant<Requeue>({ kind: 'Again', policy: RETRY }),
  ms.map((delay): Requeue => ({ kind: 'After', delayMs: delay })),
  fc
    .option(ms, { nil: undefined })
    .map((inMs): Requeue => ({ kind: 'StepAside', reportInMs: inMs })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('Add' as const), key, priority, inMs: ms }),
  fc.constant<Step>({ kind: 'Take' }),
  fc.record({ kind: fc.constant('Settle' as const), nth: fc.nat(5), requeue, priority }),
  fc.record({ kind: fc.constant('Wake' as const), keys: fc.subarray(KEYS) }),
  fc.record({ kind: fc.constant('Pass' as const), ms }),
);

test('the queue offers the same keys in the same order as a list that is searched', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (history) => {
      const { seen, wanted } = await play(history);
      expect(seen).toEqual(wanted);
    }),
    { numRuns: 500 },
  );
});

/** What both say after each step of a history. */
async function play(history: readonly Step[]): Promise<{ seen: unknown[]; wanted: unknown[] }> {
  const clock = createFakeClock();
  const queue = createWorkQueue({ clock, chance: createLoadedChance(ROLL) });
  const model = new NaiveQueue();
  const seen: unknown[] = [];
  const wanted: unknown[] = [];
  for (const one of history) {
    if (one.kind === 'Pass') await clock.advance(one.ms);
    const running = model.running[one.kind === 'Settle' ? one.nth % model.running.length : 0];
    seen.push([one, performOnQueue(queue, one, running?.key), stateOfQueue(queue)]);
    wanted.push([one, performOnModel(model, one, running), stateOfModel(model)]);
  }
  return { seen, wanted };
}

function performOnQueue(queue: WorkQueue, one: Step, running: string | undefined): unknown {
  switch (one.kind) {
    case 'Pass':
      return undefined;
    case 'Add':
      return queue.add(one.key, { priority: one.priority, delayMs: one.inMs });
    case 'Take':
      return queue.tryTake();
    case 'Wake':
      return queue.wake(one.keys);
    case 'Settle':
      return running && queue.settle(running, one.requeue, one.priority);
  }
}

function performOnModel(model: NaiveQueue, one: Step, running: Row | undefined): unknown {
  switch (one.kind) {
    case 'Pass':
      return model.pass(one.ms);
    case 'Add':
      return model.add(one.key, one.priority, model.nowMs + one.inMs);
    case 'Take':
      return model.take();
    case 'Wake':
      return model.wake(one.keys);
    case 'Settle':
      return running && model.settle(running, one.requeue, one.priority);
  }
}

function stateOfQueue(queue: WorkQueue): unknown {
  const failures = KEYS.map((one) => queue.failures(one));
  return { size: queue.size, dueMs: queue.nextDueMs(), failures };
}

function stateOfModel({ rows, running, nowMs }: NaiveQueue): unknown {
  const waiting = rows.filter((row) => !running.includes(row));
  const dueMs = Math.min(
    ...waiting.map((row) => (row.place === undefined ? row.dueMs - nowMs : 0)),
  );
  const failures = KEYS.map((one) => rows.find((row) => row.key === one)?.failures ?? 0);
  return { size: waiting.length, dueMs: dueMs === Infinity ? undefined : dueMs, failures };
}
