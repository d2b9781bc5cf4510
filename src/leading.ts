/** A term of leadership: list anew, work, let what is under way end, give the Lease back last. */
import { findCondition } from './api/conditions.ts';
import type { ResourceServer } from './api/parse.ts';
import { matchesSelector, type Requirement } from './api/selector.ts';
import { createAuditor } from './auditor.ts';
import { createRateGate, RATE_GATE_SETTINGS } from './controller/rate-gate.ts';
import type { Reflector } from './controller/reflector.ts';
import type { Change, Store } from './controller/store.ts';
import type { Term } from './controller/term.ts';
import { createWorkQueue, PRIORITY } from './controller/work-queue.ts';
import { type Deserving, trigger } from './core/trigger.ts';
import { createLanes, type Quotas } from './lanes.ts';
import type { Memory } from './memory/memory.ts';
import { type Packed, pack, unpack } from './memory/packed.ts';
import type { Ports } from './ports.ts';
import { type CrdTrust, createCrdTrust } from './reconcile/crd-trust.ts';
import type { ClimbSettings, Shelf, Surroundings } from './reconcile/surroundings.ts';
import { createReconciler } from './reconciler.ts';
import { askForSweep, type Work, work } from './work.ts';

export interface LeadingSettings extends Quotas, ClimbSettings {
  readonly labelSelector: readonly Requirement[];
  readonly concurrency: number;
  readonly shutdownGraceMs: number;
  readonly callDeadlineMs: number;
}

/** What stands while the process lives; a term works in it. */
export interface House {
  readonly ports: Ports;
  readonly settings: LeadingSettings;
  readonly store: Store<Packed>;
  readonly memory: Memory;
  readonly reflectors: readonly Reflector<Packed>[];
  /** The work of the term, while there is one. */
  readonly tenure: { work: Work | undefined };
}

/** What a change means for the index and the pools, and which keys deserve a run for it. */
export function apply(house: House, change: Change<Packed>): readonly Deserving[] {
  const { memory, ports } = house;
  const before = change.before && unpack(change.before);
  const after = change.after && unpack(change.after);
  const known = before && after ? memory.echoed(before, after) : before;
  const deserving = trigger(memory.claims, known, after);
  const next = memory.moved(before, after);
  for (const [reason, count] of memory.census.moved(before, after)) {
    ports.metrics.set('cognito_operator_resources', { reason }, count);
  }
  return [...deserving, ...next.map((key) => ({ key, urgency: 'Touch' }) as const)];
}

export async function lead(house: House, term: Term, signal: AbortSignal): Promise<Ended> {
  const { ports, settings } = house;
  ports.log.info('leading', { instance: settings.instance });
  const trust = createCrdTrust(ports);
  const lost = AbortSignal.any([term.lost, trust.lost]);
  const over = AbortSignal.any([signal, lost]);
  const calls = new AbortController();
  const giveUp = (): void => calls.abort();
  lost.addEventListener('abort', giveUp);
  if ((await isListedAnew(house, term, over)) && (await trust.look(over))) {
    await lookAfter(house, trusting(term, trust), { over, trust, calls });
  }
  // Events may hang, and nobody has to lead in order to tell them: no standby waits for that.
  await Promise.all([ports.events.flush(FLUSH_MS), term.end()]);
  const ended = endOf(term, trust);
  ports.log.info(WORDS[ended], { instance: settings.instance });
  return ended;
}

/** How a term ended: asked to, or for the process to start anew. */
export type Ended = 'Stopped' | 'LostLease' | 'LostTrust';

const WORDS: Readonly<Record<Ended, string>> = {
  Stopped: 'stopped',
  LostLease: 'leadership lost',
  LostTrust: 'leadership given up',
};

function endOf(term: Term, trust: CrdTrust): Ended {
  if (term.lost.aborted) return 'LostLease';
  return trust.lost.aborted ? 'LostTrust' : 'Stopped';
}

/** Whoever is not sure that records are kept writes none, and makes no call. */
function trusting(term: Term, trust: CrdTrust): Term {
  const assertLeader = () => (trust.lost.aborted ? 'NotLeader' : term.assertLeader());
  return { ...term, assertLeader };
}

const FLUSH_MS = 1_000;

/** What a former leader wrote last is known before anything is decided. */
async function isListedAnew(house: House, term: Term, over: AbortSignal): Promise<boolean> {
  for (const reflector of house.reflectors) reflector.relist();
  const lists = house.reflectors.map((each) => each.listedAfter(term.startedAtMs, over));
  return (await Promise.all(lists)).every(Boolean);
}

interface Tending {
  readonly over: AbortSignal;
  readonly trust: CrdTrust;
  readonly calls: AbortController;
}

async function lookAfter(house: House, term: Term, tending: Tending): Promise<void> {
  const { store } = house;
  const { over, trust, calls } = tending;
  const all = workOf(house, term, tending);
  const looking = trust.keepLooking(() => lastCutMs(house), over);
  house.tenure.work = all;
  for (const packed of store.values()) queueFirst(all, unpack(packed));
  const ended = new AbortController();
  const grace = limitEnding(house, over, ended.signal, calls);
  await work(all, over, calls.signal);
  house.tenure.work = undefined;
  ended.abort();
  await Promise.all([grace, looking]);
}

function lastCutMs({ reflectors }: House): number | undefined {
  const cuts = reflectors.map((each) => each.health().cutAtMs);
  return cuts.filter((atMs) => atMs !== undefined).sort((a, b) => b - a)[0];
}

/** What is under way when the term is over has the grace of the setting, and no more. */
async function limitEnding(
  { ports, settings }: House,
  over: AbortSignal,
  ended: AbortSignal,
  calls: AbortController,
): Promise<void> {
  await untilAborted(AbortSignal.any([over, ended]));
  await ports.clock.sleep(settings.shutdownGraceMs - FLUSH_MS, ended);
  calls.abort();
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}

/** Deletions and edits, made or begun while nobody led, come before the first look at the rest. */
function queueFirst(all: Work, resource: ResourceServer): void {
  const { key, identity, leaving, pending, status, generation } = resource;
  if (!all.isOurs(key)) return;
  if (identity !== undefined && isAtRest(resource)) {
    // The next sweep goes first: a place waits for it, and for this key nobody.
    const asking = { key, priority: PRIORITY.Idle };
    askForSweep(all, identity.userPoolId, asking, PRIORITY.FirstPass);
    return;
  }
  const isNew = status.observedGeneration !== generation;
  const isEdit = leaving || pending !== undefined || isNew;
  all.queue.add(key, { priority: isEdit ? PRIORITY.Edit : PRIORITY.FirstPass });
}

/** It says that all is well and asks for nothing: without a sweep a run would only wait for one. */
function isAtRest(resource: ResourceServer): boolean {
  const { status, leaving, paused, problems, pending, syncRequest, generation } = resource;
  if (leaving || paused || problems.length > 0 || pending !== undefined) return false;
  if (status.observedGeneration !== generation) return false;
  if (status.lastHandledSyncRequest !== syncRequest) return false;
  return findCondition(status.conditions, 'Ready')?.reason === 'Synced';
}

function workOf(house: House, term: Term, { over, trust }: Tending): Work {
  const { settings, memory } = house;
  const ports: Ports = { ...house.ports, cluster: trust.cluster };
  const queue = createWorkQueue(ports);
  const { callDeadlineMs } = settings;
  const gate = createRateGate({
    ...ports,
    settings: { ...RATE_GATE_SETTINGS, callDeadlineMs },
    startedAtMs: term.startedAtMs,
  });
  const shelf = shelfOf(house);
  const around: Surroundings = {
    ports,
    gate,
    memory,
    shelf,
    term: { ...term, isEnding: () => over.aborted },
    lanes: createLanes(settings),
    settings,
  };
  const auditor = createAuditor(around);
  return {
    ports,
    queue,
    gate,
    memory,
    auditor,
    reconcile: createReconciler(around),
    poolOf: (key) => shelf.get(key)?.identity?.userPoolId,
    isOurs: (key) => isSelected(shelf, key, settings.labelSelector),
    concurrency: settings.concurrency,
    pace: {
      resyncMs: settings.resyncMs,
      readsPerSecond: settings.accountReadsPerSecond * settings.share,
    },
  };
}

function shelfOf(house: House): Shelf {
  const { store } = house;
  return {
    get: (key) => {
      const packed = store.get(key);
      return packed && unpack(packed);
    },
    wrote: (resource) => store.wrote(pack(resource)).flatMap((change) => apply(house, change)),
    removed: (key, uid) => store.removed(key, uid).flatMap((change) => apply(house, change)),
  };
}

/** What is gone runs once more, to be forgotten. */
function isSelected(shelf: Shelf, key: string, selector: readonly Requirement[]): boolean {
  if (selector.length === 0) return true;
  const resource = shelf.get(key);
  return resource === undefined || matchesSelector(selector, resource.labels);
}
