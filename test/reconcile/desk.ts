/**
 * A desk at which one write is made: the cluster holds one or two objects, and something may
 * happen between the decision and the moment at which the write leaves.
 */
import type { ResourceServer } from '../../src/api/parse.ts';
import type { Selects } from '../../src/core/claimants.ts';
import type { Withheld } from '../../src/core/failure.ts';
import { createMemory } from '../../src/memory/memory.ts';
import {
  answered,
  type Call,
  type Cluster,
  failed,
  type Ports,
  withheld,
} from '../../src/ports.ts';
import type { Run, Surroundings } from '../../src/reconcile/surroundings.ts';
import { LATE_MS, parsed, type ResourceServerBuilder } from '../support/builders.ts';
import { createFakeClock } from '../support/fake-clock.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Desk {
  readonly around: Surroundings;
  readonly run: Run;
  /** What the cluster holds. */
  live(key: string): ResourceServer | undefined;
  /** Patches that were stored. */
  readonly stored: readonly Json[];
  /** Happens once, when the next write is about to leave. */
  meanwhile(happen: () => void): void;
  /** Somebody changes an object, and nobody has heard of it yet. */
  touch(key: string, change: (raw: Json) => Json): void;
  /** Somebody changes an object, and the watch has told of it. */
  know(resource: ResourceServerBuilder): void;
  lose(why: Withheld): void;
}

export function aDesk(...resources: readonly ResourceServerBuilder[]): Desk {
  return aDeskFor(() => true, ...resources);
}

/** @param selects whom the label selector takes */
export function aDeskFor(selects: Selects, ...resources: readonly ResourceServerBuilder[]): Desk {
  const objects = new Map(resources.map((each) => [each.parsed().key, each.raw()]));
  const memory = createMemory(selects);
  const known = new Map<string, ResourceServer>();
  const stored: Json[] = [];
  const state: { happen: () => void; lost: Withheld | undefined } = {
    happen: () => {},
    lost: undefined,
  };
  const learn = (resource: ResourceServer) => {
    memory.claims.put(known.get(resource.key), resource);
    known.set(resource.key, resource);
    return [];
  };
  for (const each of resources) learn(each.parsed());
  const write = async (key: string, patch: object, { guard }: Call) => {
    const { happen } = state;
    state.happen = () => {};
    happen();
    const reason = guard();
    if (reason !== undefined) return withheld(reason);
    const before = objects.get(key);
    if (before === undefined) return failed({ kind: 'Gone' } as const);
    if (versionOf(patch as Json) !== versionOf(before)) {
      return failed({ kind: 'Conflict' } as const);
    }
    const after = laid(before, patch as Json);
    objects.set(key, after);
    stored.push(patch as Json);
    return answered(after);
  };
  const cluster: Partial<Cluster> = {
    patchStatus: write,
    patchObject: write,
    read: async (key) => {
      const raw = objects.get(key);
      return raw === undefined ? failed({ kind: 'Gone' }) : answered(raw);
    },
  };
  const ports = { clock: createFakeClock(1_000), cluster } as unknown as Ports;
  const around = {
    ports,
    memory,
    shelf: { get: (key: string) => known.get(key), wrote: learn, removed: () => [] },
    term: { startedAtMs: 0, assertLeader: () => state.lost, isEnding: () => false },
    settings: { lateMs: LATE_MS, resyncMs: 600_000, instance: 'instance-1' },
  } as unknown as Surroundings;
  const run: Run = {
    id: 'run-1',
    key: resources[0]?.parsed().key ?? '',
    priority: 0,
    signal: new AbortController().signal,
    deserving: [],
    places: new Map(),
  };
  return {
    around,
    run,
    stored,
    live: (key) => {
      const raw = objects.get(key);
      return raw && parsed(raw);
    },
    meanwhile: (happen) => {
      state.happen = happen;
    },
    touch: (key, change) => {
      const raw = objects.get(key);
      if (raw !== undefined) objects.set(key, withNextVersion(change(raw)));
    },
    know: (resource) => void learn(resource.parsed()),
    lose: (why) => {
      state.lost = why;
    },
  };
}

function metadataOf(raw: Json): Json {
  return raw['metadata'] as Json;
}

function versionOf(raw: Json): unknown {
  return metadataOf(raw)['resourceVersion'];
}

function withNextVersion(raw: Json): Json {
  const resourceVersion = String(Number(versionOf(raw)) + 1);
  return { ...raw, metadata: { ...metadataOf(raw), resourceVersion } };
}

/** As far as the fields that are patched here go: `null` takes one away. */
function laid(before: Json, { metadata, status }: Json): Json {
  const merged = { ...(before['status'] as Json), ...(status as Json | undefined) };
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  const after = {
    ...before,
    metadata: { ...metadataOf(before), ...(metadata as Json) },
    status: kept,
  };
  return withNextVersion(JSON.parse(JSON.stringify(after)));
}
