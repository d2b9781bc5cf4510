/**
 * The memory of the server: one increasing revision for everything, and per collection the objects
 * in key order and a bounded history, from which watches resume and old pages are rebuilt.
 *
 * Guarantee: a change is visible, in the history and told to listeners before `put` returns.
 * Assumption: objects are never mutated.
 */
import { type KubeObject, withMeta } from './kube-object.ts';

export interface Change {
  readonly kind: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
}

export interface ChangeListener {
  readonly changed: (change: Change) => void;
  /** The kind was uninstalled, or is served otherwise from now on. */
  readonly ended: () => void;
}

/** The objects of a collection at one revision, in key order. */
export interface Snapshot {
  readonly revision: number;
  readonly keys: readonly string[];
  readonly objects: ReadonlyMap<string, KubeObject>;
}

interface Revisions {
  readonly current: number;
  next(): number;
}

export class Store implements Revisions {
  #revision = 0;
  readonly #historyMax: number;
  readonly #collections = new Map<string, Collection>();

  constructor(historyMax: number) {
    this.#historyMax = historyMax;
  }

  get current(): number {
    return this.#revision;
  }

  next(): number {
    this.#revision += 1;
    return this.#revision;
  }

  collection(name: string): Collection {
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const made = new Collection(this, this.#historyMax);
    this.#collections.set(name, made);
    return made;
  }

  /** Forgets all history, as etcd's compaction does: older revisions can no longer be read. */
  compact(): void {
    this.next();
    for (const collection of this.#collections.values()) collection.compact();
  }
}

export class Collection {
  readonly #revisions: Revisions;
  readonly #historyMax: number;
  readonly #objects = new Map<string, KubeObject>();
  readonly #keys: string[] = [];
  #history: Change[] = [];
  /** Where the history begins; what lies before is cut off in blocks. */
  #start = 0;
  #compacted: number;
  #past: Snapshot | undefined;
  readonly #listeners = new Set<ChangeListener>();

  constructor(revisions: Revisions, historyMax: number) {
    this.#revisions = revisions;
    this.#historyMax = historyMax;
    this.#compacted = revisions.current;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  now(): Snapshot {
    return { revision: this.#revisions.current, keys: this.#keys, objects: this.#objects };
  }

  /** The oldest revision that can still be read. */
  get oldest(): number {
    return this.#compacted;
  }

  put(key: string, object: KubeObject): KubeObject {
    const before = this.#objects.get(key);
    const revision = this.#revisions.next();
    const stored = withMeta(object, { resourceVersion: String(revision) });
    if (before === undefined) this.#keys.splice(firstAtOrAfter(this.#keys, key), 0, key);
    this.#objects.set(key, stored);
    const kind = before === undefined ? 'ADDED' : 'MODIFIED';
    this.#record({ kind, revision, object: stored, before });
    return stored;
  }

  /** Removes an object; watchers see it for the last time as it was stored. */
  remove(key: string): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    const revision = this.#revisions.next();
    const gone = withMeta(before, { resourceVersion: String(revision) });
    this.#keys.splice(firstAtOrAfter(this.#keys, key), 1);
    this.#objects.delete(key);
    this.#record({ kind: 'DELETED', revision, object: gone, before });
  }

  /** The changes after a revision, or undefined when that revision has been forgotten. */
  since(revision: number): readonly Change[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#history.slice(this.#firstAfter(revision));
  }

  /** The collection as it was at a revision, or undefined when that has been forgotten. */
  at(revision: number): Snapshot | undefined {
    if (revision < this.#compacted) return undefined;
    const undone = this.#history.slice(this.#firstAfter(revision));
    if (undone.length === 0) return { ...this.now(), revision };
    if (this.#past?.revision !== revision) this.#past = this.#rollBack(revision, undone);
    return this.#past;
  }

  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Removes everything, finalizers or not, and ends all subscriptions. */
  purge(): void {
    for (const key of this.#keys.slice()) this.remove(key);
    this.disconnect();
  }

  /** Ends all subscriptions. */
  disconnect(): void {
    for (const listener of this.#listeners) listener.ended();
    this.#listeners.clear();
  }

  compact(): void {
    this.#history = [];
    this.#start = 0;
    this.#past = undefined;
    this.#compacted = this.#revisions.current;
  }

  #rollBack(revision: number, undone: readonly Change[]): Snapshot {
    const objects = new Map(this.#objects);
    for (const change of undone.toReversed()) {
      const key = keyOfObject(change.object);
      if (change.before === undefined) objects.delete(key);
      else objects.set(key, change.before);
    }
    return { revision, keys: [...objects.keys()].sort(), objects };
  }

  #record(change: Change): void {
    this.#history.push(change);
    this.#forgetTooOld();
    for (const listener of this.#listeners) listener.changed(change);
  }

  #forgetTooOld(): void {
    if (this.#history.length - this.#start <= this.#historyMax) return;
    this.#compacted = (this.#history[this.#start] as Change).revision;
    this.#start += 1;
    if (this.#start < this.#historyMax) return;
    this.#history.splice(0, this.#start);
    this.#start = 0;
  }

  #firstAfter(revision: number): number {
    let low = this.#start;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#history[middle] as Change).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first key that is not less than the one given. */
export function firstAtOrAfter(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOfObject({ metadata }: KubeObject): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}
