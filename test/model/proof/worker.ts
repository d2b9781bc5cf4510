/** A thread of the search: it gets a task, answers with a row, and gets the next. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { HUGE_WORLDS } from '../large-worlds.ts';
import type { Conditions } from './conditions.ts';
import { searchReplicas } from './replicas.ts';
import { LEASE_WORKLOAD, type Task, WORKLOAD, type WorkerOrders } from './tasks.ts';
import { walk } from './walking.ts';
import { searchWorld } from './world-search.ts';

const { number, shared, folder, seed, sample } = workerData as WorkerOrders;
const stopped = new Int32Array(shared, 0, 1);
const counts = new Float64Array(shared, 8);

parentPort?.on('message', (task: Task) => parentPort?.postMessage(rowOf(task), []));

function rowOf(task: Task) {
  switch (task.kind) {
    case 'Search': {
      const named = WORKLOAD[task.world];
      if (named === undefined) throw new Error(`there is no world ${task.world}`);
      const part = HUGE_WORLDS.includes(named) ? sample : 1;
      return searchWorld(named, { ...conditionsOf(String(task.world)), sample: part });
    }
    case 'Lease': {
      const named = LEASE_WORKLOAD[task.world];
      if (named === undefined) throw new Error(`there is no world ${task.world} of replicas`);
      return searchReplicas(named, conditionsOf('replicas'));
    }
    case 'Walks':
      return walk(conditionsOf('walks'));
  }
}

function conditionsOf(name: string): Conditions {
  return {
    folder: join(folder, name),
    seed: seed + number * SEEDS_EACH,
    sample,
    isStopped: () => Atomics.load(stopped, 0) === 1,
    count: (transitions) => {
      counts[number] = (counts[number] ?? 0) + transitions;
    },
  };
}

/** Far more than rounds of walks. */
const SEEDS_EACH = 1_000_000;
