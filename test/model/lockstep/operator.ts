/** One term of the real thing: reconciler, auditor, store, memory, and a queue that is a set. */
import type { ResourceServer } from '../../../src/api/parse.ts';
import { createAuditor } from '../../../src/auditor.ts';
import { type Change, createStore } from '../../../src/controller/store.ts';
import { type Deserving, trigger } from '../../../src/core/trigger.ts';
import type { RateGate } from '../../../src/gate.ts';
import { createMemory } from '../../../src/memory/memory.ts';
import type { Ending, Surroundings } from '../../../src/reconcile/surroundings.ts';
import { createReconciler } from '../../../src/reconciler.ts';
import { IDENTITY, KEYS, type Key, LATE_MS, type World } from '../world.ts';
import { createDesk, createGate, type Desk } from './ports.ts';

const POOL = IDENTITY.userPoolId;
const SIGNAL = new AbortController().signal;
export const SWEEP = 'sweep';

export interface RealOperator {
  readonly desk: Desk;
  /** Runs that have not ended. */
  readonly running: ReadonlySet<string>;
  /** Keys that are to run. */
  due(): readonly Key[];
  start(key: Key): void;
  /** Whether the gate has no place for anybody. */
  fill(isFull: boolean): void;
  sweep(): void;
  /** The watch tells what is there now. */
  observe(key: Key, world: World): void;
}

/** @param now the world of the moment; @param begin the world when the term began */
export function createRealOperator(now: () => World, begin: World): RealOperator {
  const desk = createDesk(now);
  const due = new Set<string>();
  const running = new Set<string>();
  const enqueue = (deserving: readonly Deserving[]) => {
    for (const { key } of deserving) due.add(key);
  };
  let isFull = false;
  const gate = createGate(() => isFull);
  const { around, apply, store } = createHouse(desk, gate, begin);
  const reconcile = createReconciler(around);
  const auditor = createAuditor(around);
  const run = async (name: string, work: () => Promise<Ending>) => {
    running.add(name);
    const ending = await desk.as(name, work);
    running.delete(name);
    enqueue(ending.deserving);
    if (ending.awaitsSweepOf !== undefined) awaitSweep(name);
    const { kind } = ending.requeue;
    if (kind !== 'Await' && kind !== 'Forget') due.add(name);
  };
  const awaitSweep = (key: string) => {
    if (around.memory.sweeps.stateOf(POOL).kind !== 'Awaited') due.add(key);
    else auditor.await(POOL, key, 0);
  };
  for (const resource of Object.values(begin.objects)) store.wrote(resource).forEach(apply);
  for (const key of begin.mind.due) due.add(key);
  for (const key of begin.mind.awaiting) awaitSweep(key);
  return {
    desk,
    running,
    due: () => KEYS.filter((key) => due.has(key) && store.get(key) !== undefined),
    start: (key) => {
      due.delete(key);
      void run(key, () => reconcile(key, 0, SIGNAL));
    },
    fill: (full) => {
      isFull = full;
    },
    sweep: () => void run(SWEEP, () => auditor.sweep(POOL, 0, SIGNAL)),
    observe: (key, { objects }) => {
      const changes = seen(store, key, objects[key]);
      for (const change of changes) enqueue(apply(change));
    },
  };
}

type Changes = readonly Change<ResourceServer>[];

function seen(
  store: ReturnType<typeof createStore<ResourceServer>>,
  key: Key,
  live: ResourceServer | undefined,
): Changes {
  if (live !== undefined) return store.observe('Upsert', live);
  const known = store.get(key);
  return known === undefined ? [] : store.observe('Delete', known);
}

function createHouse(desk: Desk, gate: RateGate, { mind }: World) {
  const memory = createMemory();
  const store = createStore<ResourceServer>();
  /** As `apply` of `leading.ts`. */
  const apply = ({ before, after }: Change<ResourceServer>): readonly Deserving[] => {
    const known = before && after ? memory.echoed(before, after) : before;
    const deserving = trigger(memory.claims, known, after);
    const next = memory.moved(before, after);
    return [...deserving, ...next.map((key) => ({ key, urgency: 'Touch' }) as const)];
  };
  const lane = (id: string) => ({ id, windows: [] });
  const around: Surroundings = {
    ports: desk.ports,
    gate,
    memory,
    shelf: {
      get: (key) => store.get(key),
      wrote: (resource) => store.wrote(resource).flatMap(apply),
      removed: (key, uid) => store.removed(key, uid).flatMap(apply),
    },
    term: {
      startedAtMs: mind.termAtMs,
      assertLeader: () => undefined,
      isEnding: () => false,
    },
    lanes: { read: (pool) => lane(`${pool}/read`), write: (pool) => lane(`${pool}/write`) },
    settings: { lateMs: LATE_MS, resyncMs: 600_000, instance: 'me' },
  };
  return { around, store, apply };
}
