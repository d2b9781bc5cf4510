/**
 * The operator on its ports: watches, stands by, leads, stops. Production and simulation call the
 * same `createOperator`.
 *
 *   until the CRD fits: reflect ---------------------------------------->  (standbys too)
 *   stand by -----> leader -----> list anew -----> work ------> stop taking
 *                                                                -> let calls in flight end
 *                                                                -> release the Lease, last
 *
 * Shared mutable state, all of it: the store, the memory (claims, sweeps, attempts, parking), the
 * gate, the queue. What is told about a key is told by return values.
 */

import { parse } from './api/parse.ts';
import { field, unknowns } from './api/read.ts';
import { matchesSelector } from './api/selector.ts';
import { createElector } from './controller/elector.ts';
import { createReflector, type Reflector } from './controller/reflector.ts';
import { REFLECTOR_SETTINGS } from './controller/reflector-settings.ts';
import { createStore, type Store } from './controller/store.ts';
import { apply, type Ended, type House, type LeadingSettings, lead } from './leading.ts';
import { createMemory } from './memory/memory.ts';
import { type Packed, pack } from './memory/packed.ts';
import type { Ports } from './ports.ts';
import { untilCrdFits } from './reconcile/crd-trust.ts';
import { enqueue } from './work.ts';

export interface OperatorSettings extends LeadingSettings {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly pageSize: number;
  readonly listDeadlineMs: number;
  readonly watchList: boolean;
  readonly watchIdleMs: number;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  /** `namespace/name` of the Lease, for people. */
  readonly lease: string;
}

export interface Operator {
  /** Until `signal` is aborted (`Stopped`) or a term ends otherwise. Once. */
  run(signal: AbortSignal): Promise<Ended>;
  /** The resources are known and the watch shows signs of life. Standbys are ready. */
  isReady(): boolean;
}

export function createOperator(ports: Ports, settings: OperatorSettings): Operator {
  const house = build(ports, settings);
  return {
    run: (signal) => run(house, settings, signal),
    isReady: () => house.reflectors.every((each) => each.health().synced),
  };
}

function build(ports: Ports, settings: OperatorSettings): House {
  const store = createStore<Packed>();
  const scopes = settings.namespaces.length === 0 ? [undefined] : settings.namespaces;
  const reflectors = scopes.map((scope) =>
    createReflector<Packed>({
      ...ports,
      feed: ports.cluster.feed(scope),
      scope,
      store,
      parse: (raw) => known(store, raw) ?? parsed(raw),
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
    memory: createMemory(({ labels }) => matchesSelector(settings.labelSelector, labels)),
    reflectors,
    tenure: { work: undefined },
  };
}

/** What a list repeats, or a watch tells of our own writes, is not read again. */
function known(store: Store<Packed>, raw: unknown): Packed | undefined {
  const metadata = unknowns(field(unknowns(raw), 'metadata'));
  const { namespace, name, uid, resourceVersion } = metadata;
  const packed = store.get(`${String(namespace)}/${String(name)}`);
  const isSame = packed?.uid === uid && packed?.resourceVersion === resourceVersion;
  return isSame ? packed : undefined;
}

function parsed(raw: unknown): Packed | undefined {
  const result = parse(raw);
  return result.kind === 'Readable' ? pack(result.resource) : undefined;
}

/* ------------------------------------------------------------------ the watch */

/** Standbys keep the index warm; only a leader queues. */
async function reflect(house: House, reflector: Reflector<Packed>, signal: AbortSignal) {
  for await (const changes of reflector.changes(signal)) {
    const deserving = changes.flatMap((change) => apply(house, change));
    if (house.tenure.work !== undefined) enqueue(house.tenure.work, deserving);
  }
}

/* ------------------------------------------------------------------- the term */

async function run(house: House, settings: OperatorSettings, signal: AbortSignal): Promise<Ended> {
  const { ports } = house;
  await untilCrdFits(ports, signal);
  const watching = new AbortController();
  const watches = house.reflectors.map((each) => reflect(house, each, watching.signal));
  const elector = createElector({
    ...ports,
    identity: settings.instance,
    lease: settings.lease,
    settings,
  });
  const serve = async () => {
    const term = await elector.lead(signal);
    return term === undefined ? 'Stopped' : lead(house, term, signal);
  };
  try {
    return await Promise.race([serve(), ...watches.map(neverEnds)]);
  } finally {
    watching.abort();
    await Promise.allSettled(watches);
  }
}

/** A watch ends when it is told to, and otherwise only by a bug. */
async function neverEnds(watch: Promise<void>): Promise<never> {
  await watch;
  throw new Error('a watch ended by itself');
}
