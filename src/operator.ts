/**
 * The operator on its ports: watches, stands by, leads, stops. Production and simulation call the
 * same `createOperator`.
 *
 *   reflect ------------------------------------------------------------>  (standbys too)
 *   stand by -----> leader -----> list anew -----> work ------> stop taking
 *                                                                -> let calls in flight end
 *                                                                -> release the Lease, last
 *
 * Shared mutable state, all of it: the store, the memory (claims, sweeps, attempts, parking), the
 * gate, the queue. What is told about a key is told by return values.
 */

import { parse, type ResourceServer } from './api/parse.ts';
import { matchesSelector, type Requirement } from './api/selector.ts';
import { type Auditor, createAuditor } from './auditor.ts';
import { createElector } from './controller/elector.ts';
import { createRateGate, RATE_GATE_SETTINGS } from './controller/rate-gate.ts';
import { createReflector, type Reflector } from './controller/reflector.ts';
import { REFLECTOR_SETTINGS } from './controller/reflector-settings.ts';
import { type Change, createStore, type Store } from './controller/store.ts';
import type { Term } from './controller/term.ts';
import { createWorkQueue, PRIORITY } from './controller/work-queue.ts';
import type { Deserving } from './core/trigger.ts';
import { trigger } from './core/trigger.ts';
import { createLanes, type Quotas } from './lanes.ts';
import { createMemory, type Memory } from './memory/memory.ts';
import type { Ports } from './ports.ts';
import type { Surroundings } from './reconcile/surroundings.ts';
import { createReconciler } from './reconciler.ts';
import { enqueue, type Work, work } from './work.ts';

export interface OperatorSettings extends Quotas {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly labelSelector: readonly Requirement[];
  readonly concurrency: number;
  readonly resyncMs: number;
  readonly lateMs: number;
  readonly pageSize: number;
  readonly listDeadlineMs: number;
  readonly watchList: boolean;
  readonly watchIdleMs: number;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  /** `namespace/name` of the Lease, for people. */
  readonly lease: string;
  /** `<hostname>_<uuid>`: one for each process. */
  readonly instance: string;
  readonly shutdownGraceMs: number;
}

export interface Operator {
  /** Until `signal` is aborted (`Stopped`) or leadership is lost (`LostLease`). Once. */
  run(signal: AbortSignal): Promise<'Stopped' | 'LostLease'>;
  /** The resources are known and the watch shows signs of life. Standbys are ready. */
  isReady(): boolean;
}

export function createOperator(ports: Ports, settings: OperatorSettings): Operator {
  const house = build(ports, settings);
  return {
    run: (signal) => run(house, signal),
    isReady: () => house.reflectors.every((each) => each.health().synced),
  };
}

interface House {
  readonly ports: Ports;
  readonly settings: OperatorSettings;
  readonly store: Store<ResourceServer>;
  readonly memory: Memory;
  readonly reflectors: readonly Reflector<ResourceServer>[];
  /** The work of the term, while there is one. */
  readonly tenure: { work: Work | undefined };
}

function build(ports: Ports, settings: OperatorSettings): House {
  const store = createStore<ResourceServer>();
  const scopes = settings.namespaces.length === 0 ? [undefined] : settings.namespaces;
  const reflectors = scopes.map((scope) =>
    createReflector<ResourceServer>({
      ...ports,
      feed: ports.cluster.feed(scope),
      scope,
      store,
      parse: parseOrNothing,
      settings: {
        ...REFLECTOR_SETTINGS,
        pageSize: settings.pageSize,
        listDeadlineMs: settings.listDeadlineMs,
        idleMs: settings.watchIdleMs,
        watchList: settings.watchList,
      },
    }),
  );
  return {
    ports,
    settings,
    store,
    memory: createMemory(),
    reflectors,
    tenure: { work: undefined },
  };
}

function parseOrNothing(raw: unknown): ResourceServer | undefined {
  const parsed = parse(raw);
  return parsed.kind === 'Readable' ? parsed.resource : undefined;
}

/* ------------------------------------------------------------------ the watch */

/** Standbys keep the index warm; only a leader queues. */
async function reflect(house: House, reflector: Reflector<ResourceServer>, signal: AbortSignal) {
  for await (const changes of reflector.changes(signal)) {
    const deserving = changes.flatMap((change) => apply(house, change));
    if (house.tenure.work !== undefined) enqueue(house.tenure.work, deserving);
  }
}

function apply({ memory }: House, { before, after }: Change<ResourceServer>): readonly Deserving[] {
  const deserving = trigger(memory.claims, before, after);
  memory.moved(before, after);
  return deserving;
}

/* ------------------------------------------------------------------- the term */

async function run(house: House, signal: AbortSignal): Promise<'Stopped' | 'LostLease'> {
  const { ports, settings } = house;
  const watching = new AbortController();
  const watches = house.reflectors.map((each) => reflect(house, each, watching.signal));
  const elector = createElector({
    ...ports,
    identity: settings.instance,
    lease: settings.lease,
    settings,
  });
  try {
    const term = await Promise.race([elector.lead(signal), ...watches.map(neverEnds)]);
    if (term === undefined) return 'Stopped';
    return await lead(house, term, signal);
  } finally {
    watching.abort();
    await Promise.allSettled(watches);
  }
}

/** A watch ends when it is told to, and otherwise only by a bug. */
async function neverEnds(watch: Promise<void>): Promise<undefined> {
  await watch;
  throw new Error('a watch ended by itself');
}

async function lead(
  house: House,
  term: Term,
  signal: AbortSignal,
): Promise<'Stopped' | 'LostLease'> {
  const { ports, settings } = house;
  ports.log.info('leading', { instance: settings.instance });
  const over = AbortSignal.any([signal, term.lost]);
  const calls = new AbortController();
  const giveUp = (): void => calls.abort();
  term.lost.addEventListener('abort', giveUp);
  if (await isListedAnew(house, term, over)) {
    await lookAfter(house, term, over, calls);
  }
  const lost = term.lost.aborted;
  await ports.events.flush(FLUSH_MS);
  await term.end();
  ports.log.info(lost ? 'leadership lost' : 'stopped', { instance: settings.instance });
  return lost ? 'LostLease' : 'Stopped';
}

const FLUSH_MS = 1_000;

/** What a former leader wrote last is known before anything is decided. */
async function isListedAnew(house: House, term: Term, over: AbortSignal): Promise<boolean> {
  for (const reflector of house.reflectors) reflector.relist();
  const lists = house.reflectors.map((each) => each.listedAfter(term.startedAtMs, over));
  return (await Promise.all(lists)).every(Boolean);
}

async function lookAfter(
  house: House,
  term: Term,
  over: AbortSignal,
  calls: AbortController,
): Promise<void> {
  const { ports, settings, store } = house;
  const all = workOf(house, term, over);
  house.tenure.work = all;
  for (const resource of store.values()) queueFirst(all, resource);
  const stopping = new AbortController();
  const enforceGrace = async (): Promise<void> => {
    await ports.clock.sleep(Number.MAX_SAFE_INTEGER, over);
    await ports.clock.sleep(settings.shutdownGraceMs - FLUSH_MS, stopping.signal);
    calls.abort();
  };
  const grace = enforceGrace();
  await work(all, over, calls.signal);
  house.tenure.work = undefined;
  stopping.abort();
  await grace;
}

/** Deletions and edits made while nobody led come before the first look at the rest. */
function queueFirst({ queue, isOurs }: Work, resource: ResourceServer): void {
  if (!isOurs(resource.key)) return;
  const isEdit = resource.leaving || resource.status.observedGeneration !== resource.generation;
  queue.add(resource.key, { priority: isEdit ? PRIORITY.Edit : PRIORITY.FirstPass });
}

function workOf(house: House, term: Term, over: AbortSignal): Work {
  const { ports, settings, store, memory } = house;
  const queue = createWorkQueue(ports);
  const gate = createRateGate({ ...ports, settings: RATE_GATE_SETTINGS });
  const around: Surroundings = {
    ports,
    gate,
    memory,
    shelf: {
      get: (key) => store.get(key),
      wrote: (resource) => store.wrote(resource).flatMap((change) => apply(house, change)),
      removed: (key, uid) => store.removed(key, uid).flatMap((change) => apply(house, change)),
    },
    term: { ...term, isEnding: () => over.aborted },
    lanes: createLanes(settings),
    settings,
  };
  const auditor: Auditor = createAuditor(around);
  return {
    ports,
    queue,
    gate,
    memory,
    auditor,
    reconcile: createReconciler(around),
    isOurs: (key) => isSelected(store.get(key), settings.labelSelector),
    concurrency: settings.concurrency,
    pace: {
      resyncMs: settings.resyncMs,
      readsPerSecond: settings.accountReadsPerSecond * settings.share,
    },
  };
}

/** What is gone runs once more, to be forgotten. */
function isSelected(resource: ResourceServer | undefined, selector: readonly Requirement[]) {
  return resource === undefined || matchesSelector(selector, resource.labels);
}
