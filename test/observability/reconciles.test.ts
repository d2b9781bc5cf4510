/** Reconciles are counted as controller-runtime counts them, however they end. */
import { expect, test } from 'vitest';
import type { Auditor } from '../../src/auditor.ts';
import { createRateGate, RATE_GATE_SETTINGS } from '../../src/controller/rate-gate.ts';
import { createWorkQueue, PRIORITY } from '../../src/controller/work-queue.ts';
import { RETRY, type Requeue } from '../../src/core/backoff.ts';
import { createMemory } from '../../src/memory/memory.ts';
import type { Ports } from '../../src/ports.ts';
import type { Ending } from '../../src/reconcile/surroundings.ts';
import { type Work, work } from '../../src/work.ts';
import { createWitness } from '../controller/witness.ts';
import { createFakeClock, settled } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';

const KEY = 'identity/weather-api';
const AGAIN: Requeue = { kind: 'Again', policy: RETRY };

/** What is counted when one key runs once and ends so. */
async function countedAfter(reconcile: () => Promise<Ending>): Promise<readonly string[]> {
  const clock = createFakeClock();
  const chance = createLoadedChance(0.5);
  const { log, metrics, metric } = createWitness();
  const queue = createWorkQueue({ clock, chance });
  const all: Work = {
    // The rest of the outside is that of a reconcile, and there is none.
    ports: { clock, chance, log, metrics } as unknown as Ports,
    queue,
    gate: createRateGate({ clock, chance, settings: RATE_GATE_SETTINGS }),
    memory: createMemory(),
    auditor: {} as Auditor,
    reconcile,
    isOurs: () => true,
    poolOf: () => undefined,
    concurrency: 1,
    pace: { resyncMs: 600_000, readsPerSecond: 16 },
  };
  const stop = new AbortController();
  const worked = work(all, stop.signal, stop.signal);
  queue.add(KEY, { priority: PRIORITY.Edit });
  await settled();
  stop.abort();
  await worked;
  return COUNTERS.filter((name) => metric(`controller_runtime_${name}`) !== undefined);
}

const COUNTERS = [
  'reconcile_total{success}',
  'reconcile_total{error}',
  'reconcile_total{requeue}',
  'reconcile_total{requeue_after}',
  'reconcile_errors_total{}',
  'terminal_reconcile_errors_total{}',
  'reconcile_panics_total{}',
];

const FAILED = ['reconcile_total{error}', 'reconcile_errors_total{}'];

test.each<[string, Ending['result'], Requeue, readonly string[]]>([
  ['settled', 'success', { kind: 'Await' }, ['reconcile_total{success}']],
  ['forgotten', 'success', { kind: 'Forget' }, ['reconcile_total{success}']],
  ['a conflict', 'success', { kind: 'Now' }, ['reconcile_total{requeue}']],
  ['a wait with backoff', 'success', AGAIN, ['reconcile_total{requeue}']],
  [
    'a wait of known length',
    'success',
    { kind: 'After', delayMs: 9 },
    ['reconcile_total{requeue_after}'],
  ],
  [
    'stepped aside',
    'success',
    { kind: 'StepAside', reportInMs: undefined },
    ['reconcile_total{requeue_after}'],
  ],
  ['failed for now', 'error', AGAIN, FAILED],
  ['failed, and waits for another', 'error', { kind: 'Await' }, FAILED],
  ['refused', 'terminal', AGAIN, [...FAILED, 'terminal_reconcile_errors_total{}']],
])('%s', async (_, result, requeue, counted) => {
  expect(await countedAfter(async () => ({ result, requeue, deserving: [] }))).toEqual(counted);
});

test('a throw is an error, and a panic', async () => {
  const counted = await countedAfter(() => Promise.reject(new Error('a bug')));
  expect(counted).toEqual([...FAILED, 'reconcile_panics_total{}']);
});
