/**
 * A thread for each core, each with a world of its own: nothing is shared but a word to stop and
 * what was counted, so that two cores do twice the work.
 */
import { Worker } from 'node:worker_threads';
import type { Row } from './row.ts';
import type { Task, WorkerOrders } from './tasks.ts';

export interface CrewOrders extends Omit<WorkerOrders, 'number' | 'shared'> {
  readonly workers: number;
}

export class Crew {
  readonly #workers: readonly Worker[];
  readonly #stopped: Int32Array;
  readonly #counts: Float64Array;

  constructor({ workers, ...orders }: CrewOrders) {
    const shared = new SharedArrayBuffer(8 + 8 * workers);
    this.#stopped = new Int32Array(shared, 0, 1);
    this.#counts = new Float64Array(shared, 8);
    this.#workers = Array.from({ length: workers }, (_, number) => {
      const workerData: WorkerOrders = { ...orders, number, shared };
      return new Worker(new URL('./worker.ts', import.meta.url), { workerData, resourceLimits });
    });
  }

  /** Transitions of all, since they began. */
  get transitions(): number {
    return this.#counts.reduce((sum, each) => sum + each, 0);
  }

  /** Each takes the next task when it is done with one. `done` is told of each row. */
  async work(tasks: Iterator<Task>, done: (row: Row) => void): Promise<void> {
    Atomics.store(this.#stopped, 0, 0);
    await Promise.all(this.#workers.map((worker) => this.#workOn(worker, tasks, done)));
  }

  /** Whoever searches keeps what it has, and answers. */
  stop(): void {
    Atomics.store(this.#stopped, 0, 1);
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #workOn(worker: Worker, tasks: Iterator<Task>, done: (row: Row) => void): Promise<void> {
    while (Atomics.load(this.#stopped, 0) === 0) {
      const next = tasks.next();
      if (next.done) return;
      done(await answerOf(worker, next.value));
    }
  }
}

/** What is made dies young, and there is much of it. */
const resourceLimits = { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 4_096 };

function answerOf(worker: Worker, task: Task): Promise<Row> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (row: Row) => {
      worker.off('error', reject);
      resolve(row);
    });
    worker.postMessage(task, []);
  });
}
