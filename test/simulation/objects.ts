/**
 * The ResourceServers as an API server keeps them: one counter of versions for all, a history for
 * watches, finalizers that hold a deletion up, generations that count changes of the spec. Trusts
 * its callers for valid manifests: validation is the embedded API server's task.
 *
 * What is stored is frozen and shared, not copied: whoever would write to it throws.
 */

import { isDeepStrictEqual } from 'node:util';
import type { ResourceServerSpec, ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { KubernetesFailure } from '../../src/core/failure.ts';
import { type Answer, answered, type Clock, type Frame, failed } from '../../src/ports.ts';
import type { JsonObject } from '../sandbox/kubernetes/kube-object.ts';
import { mergePatched } from '../sandbox/kubernetes/verbs/merge-patch.ts';

export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: StoredMetadata;
  readonly spec: ResourceServerSpec;
  readonly status: ResourceServerStatus;
}

export interface StoredMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An object as it is applied: the server adds what the schema defaults and what is its own. */
export interface Manifest {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: object;
}

export type Writer = 'Operator' | 'People';

export interface Change {
  readonly by: Writer;
  readonly kind: 'Added' | 'Modified' | 'Deleted';
  readonly version: number;
  readonly before: StoredObject | undefined;
  readonly object: StoredObject;
}

/** All objects of one moment. */
export interface Snapshot {
  readonly version: number;
  readonly items: readonly StoredObject[];
}

type Written = Answer<StoredObject, KubernetesFailure>;
type Edit = (object: StoredObject) => StoredObject;

interface Wish {
  readonly key: string;
  readonly patch: object;
  readonly by: Writer;
}

const GONE: Written = failed({ kind: 'Gone' });
const CONFLICT: Written = failed({ kind: 'Conflict' });
/** So many changes back a list can be behind. */
const PAST_MAX = 64;
const DEFAULTS = {
  deletionPolicy: 'DeleteIfCreated',
  adoptionPolicy: 'IfMatching',
  managementPolicy: 'Enforce',
};

export class Objects {
  readonly #clock: Clock;
  readonly #objects = new Map<string, StoredObject>();
  readonly #tell = new Set<(change: Change) => void>();
  #history: Change[] = [];
  readonly #past: (Snapshot & { readonly atMs: number })[] = [];
  #version = 100;
  #created = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get version(): number {
    return this.#version;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  all(): readonly StoredObject[] {
    return [...this.#objects.values()];
  }

  onChange(tell: (change: Change) => void): () => void {
    this.#tell.add(tell);
    return () => void this.#tell.delete(tell);
  }

  /** What changed after `version`; `undefined` when that is no longer known. */
  since(version: number): readonly Change[] | undefined {
    const [oldest] = this.#history;
    if (version < (oldest?.version ?? this.#version + 1) - 1) return undefined;
    return this.#history.filter((each) => each.version > version);
  }

  /** As a server shows it that is `ageMs` behind. */
  asOf(ageMs: number): Snapshot {
    const atMs = this.#clock.monotonicMs() - ageMs;
    const past = ageMs > 0 ? this.#past.findLast((each) => each.atMs <= atMs) : undefined;
    return past ?? { version: this.#version, items: this.all() };
  }

  /** `undefined`: too many changes ago. */
  at(version: number): Snapshot | undefined {
    if (version === this.#version) return { version, items: this.all() };
    return this.#past.find((each) => each.version === version);
  }

  /** As etcd does after five minutes: a watch from before begins anew. */
  compact(): void {
    this.#history = this.#history.slice(-1);
  }

  create(manifest: Manifest): StoredObject {
    const { name, namespace } = manifest.metadata;
    const key = `${namespace}/${name}`;
    if (this.#objects.has(key)) throw new Error(`${key} exists`);
    this.#created += 1;
    const made: StoredObject = {
      apiVersion: 'cognito-operator.io/v1',
      kind: 'ResourceServer',
      status: { observedGeneration: -1 },
      ...manifest,
      metadata: {
        uid: `${this.#created}-of-${name}`,
        generation: 1,
        creationTimestamp: secondsOf(this.#clock.timestamp()),
        ...manifest.metadata,
        resourceVersion: this.#next(),
      },
      spec: { ...DEFAULTS, ...manifest.spec } as ResourceServerSpec,
    };
    this.#store({ kind: 'Added', by: 'People', before: undefined, object: made });
    return made;
  }

  remove(key: string): void {
    const object = this.#objects.get(key);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
    if (!isHeld(object)) return this.#delete(object, object, 'People');
    const deletionTimestamp = secondsOf(this.#clock.timestamp());
    const generation = object.metadata.generation + 1;
    const metadata = { ...object.metadata, generation, deletionTimestamp };
    this.#replace(object, { ...object, metadata }, 'People');
  }

  /** A merge patch of all but the status, which has its own subresource. */
  patchObject(key: string, patch: object, by: Writer): Written {
    return this.#edit({ key, patch, by }, (object) => ({
      ...merged(object, patch),
      status: object.status,
    }));
  }

  patchStatus(key: string, patch: { readonly status?: object }, by: Writer): Written {
    return this.#edit({ key, patch, by }, (object) => ({
      ...object,
      status: merged(object.status, patch.status ?? {}),
    }));
  }

  #edit({ key, patch, by }: Wish, edit: Edit): Written {
    const before = this.#objects.get(key);
    const { uid, resourceVersion } = (patch as Partial<StoredObject>).metadata ?? {};
    if (before === undefined || (uid !== undefined && uid !== before.metadata.uid)) return GONE;
    const isStale = resourceVersion !== before.metadata.resourceVersion;
    if (resourceVersion !== undefined && isStale) return CONFLICT;
    const edited = edit(before);
    if (isDeepStrictEqual(edited, before)) return answered(before);
    const isSpec = edited.spec !== before.spec && !isDeepStrictEqual(edited.spec, before.spec);
    const generation = before.metadata.generation + (isSpec ? 1 : 0);
    const next = { ...edited, metadata: { ...edited.metadata, generation } };
    return answered(this.#replace(before, next, by));
  }

  #replace(before: StoredObject, next: StoredObject, by: Writer): StoredObject {
    const resourceVersion = this.#next();
    const object = { ...next, metadata: { ...next.metadata, resourceVersion } };
    const isLeaving = object.metadata.deletionTimestamp !== undefined;
    if (isLeaving && !isHeld(object)) this.#delete(before, object, by);
    else this.#store({ kind: 'Modified', by, before, object });
    return object;
  }

  #delete(before: StoredObject, last: StoredObject, by: Writer): void {
    const object = { ...last, metadata: { ...last.metadata, resourceVersion: this.#next() } };
    this.#objects.delete(keyOf(object));
    this.#publish({ kind: 'Deleted', by, before, object });
  }

  #store(change: Omit<Change, 'version'>): void {
    this.#objects.set(keyOf(change.object), change.object);
    this.#publish(change);
  }

  #publish(what: Omit<Change, 'version'>): void {
    const change = freeze({ ...what, version: this.#version });
    this.#history.push(change);
    this.#past.push({ version: this.#version, atMs: this.#clock.monotonicMs(), items: this.all() });
    if (this.#past.length > PAST_MAX) this.#past.shift();
    for (const tell of this.#tell) tell(change);
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

export function keyOf({ metadata: { namespace, name } }: Manifest): string {
  return `${namespace}/${name}`;
}

export function frameOf({ kind, object }: Change): Frame {
  return { kind, object };
}

/** A merge patch (RFC 7386); what it leaves alone is shared with the result. */
function merged<T extends object>(target: T, patch: object): T {
  return mergePatched(target as JsonObject, patch as JsonObject) as T;
}

/** All the way down, to where it is frozen already. */
function freeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) {
    if (typeof each === 'object' && each !== null) freeze(each);
  }
  return value;
}

function isHeld({ metadata: { finalizers } }: StoredObject): boolean {
  return (finalizers ?? []).length > 0;
}

function secondsOf(timestamp: string): string {
  return timestamp.replace(/\.\d+Z$/, 'Z');
}
