/**
 * What the feed says, with our own writes laid over it: we read our own writes.
 *
 * Guarantees: an object never goes back in time and a uid that is gone never comes back, whatever
 * the order in which frames, lists, answers of our writes and live reads arrive; once the feed has
 * told everything, the store is what the feed says. Each call returns what it changed.
 *
 * Trusts: frames of one namespace are observed in the order of their resourceVersions, and a list
 * is a consistent snapshot at its resourceVersion. Where resourceVersions cannot be compared only
 * the feed is believed: an overlay that may be older than the feed would stay for ever.
 */
import { isComparable, isNewer, isOlder } from './resource-version.ts';

export interface Entry {
  /** `namespace/name`. */
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** One object appeared, changed or disappeared. Both sides carry the same uid. */
export interface Change<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

export interface Store<T extends Entry> {
  readonly size: number;
  get(key: string): T | undefined;
  keys(): Iterable<string>;
  values(): Iterable<T>;
  /** A frame of the feed. `Delete` takes the last state of the object. */
  observe(kind: 'Upsert' | 'Delete', object: T): readonly Change<T>[];
  /**
   * A complete list. What it lacks is gone, unless we know it from later than the list.
   *
   * @param scope the namespace that was listed, or `undefined` for all
   */
  replace(
    scope: string | undefined,
    objects: readonly T[],
    resourceVersion: string,
  ): readonly Change<T>[];
  /** The answer of our own write, or of a live read. Ignored unless it is provably news. */
  wrote(object: T): readonly Change<T>[];
  /** A live read, or the answer of our own write, said that this object is gone. */
  removed(key: string, uid: string): readonly Change<T>[];
}

export function createStore<T extends Entry>(): Store<T> {
  return new LayeredStore();
}

type Known = Omit<Entry, 'key'>;

/** The scope of a list of all namespaces; no namespace has this name. */
const EVERYWHERE = '';

class LayeredStore<T extends Entry> implements Store<T> {
  readonly #kept = new Map<string, T>();
  /** How far the feed has come, by scope: what is older than this, the feed has already told. */
  readonly #told = new Map<string, string>();
  /** By key: what a live read missed before the feed did, and that the feed may yet tell of. */
  readonly #missed = new Map<string, Known>();

  get size(): number {
    return this.#kept.size;
  }

  get(key: string): T | undefined {
    return this.#kept.get(key);
  }

  keys(): Iterable<string> {
    return this.#kept.keys();
  }

  values(): Iterable<T> {
    return this.#kept.values();
  }

  observe(kind: 'Upsert' | 'Delete', object: T): readonly Change<T>[] {
    this.#advance(namespaceOf(object.key), object.resourceVersion);
    if (kind === 'Upsert') return this.#take(object);
    if (this.#missed.get(object.key)?.uid === object.uid) this.#missed.delete(object.key);
    return this.#kept.get(object.key)?.uid === object.uid ? this.#drop(object.key) : [];
  }

  replace(
    scope: string | undefined,
    objects: readonly T[],
    resourceVersion: string,
  ): readonly Change<T>[] {
    const rewound = this.#rewindsTo(scope, resourceVersion);
    const listed = new Map(objects.map((object) => [object.key, object]));
    this.#told.set(scope ?? EVERYWHERE, resourceVersion);
    this.#forgetMissed(scope, listed, resourceVersion);
    const gone = this.#absent(scope, listed, rewound ? undefined : resourceVersion);
    const deletions = gone.flatMap((key) => this.#drop(key));
    const upserts = objects.flatMap((object) => (rewound ? this.#put(object) : this.#take(object)));
    return [...deletions, ...upserts];
  }

  wrote(object: T): readonly Change<T>[] {
    const kept = this.#kept.get(object.key);
    const known = kept?.resourceVersion ?? this.#toldOf(object.key);
    if (known !== undefined && !isNewer(object.resourceVersion, known)) return [];
    return this.#take(object);
  }

  removed(key: string, uid: string): readonly Change<T>[] {
    const kept = this.#kept.get(key);
    if (kept?.uid !== uid) return [];
    this.#missed.set(key, { uid, resourceVersion: kept.resourceVersion });
    return this.#drop(key);
  }

  /** Lays `object` over what is kept, unless that is newer, or what was missed is. */
  #take(object: T): readonly Change<T>[] {
    const missed = this.#missed.get(object.key);
    if (missed?.uid === object.uid) return [];
    if (missed !== undefined && isOlder(object.resourceVersion, missed.resourceVersion)) return [];
    const kept = this.#kept.get(object.key);
    if (kept !== undefined && isOlder(object.resourceVersion, kept.resourceVersion)) return [];
    return this.#put(object);
  }

  #put(object: T): readonly Change<T>[] {
    const { key, uid, resourceVersion } = object;
    const before = this.#kept.get(key);
    if (before?.uid === uid && before.resourceVersion === resourceVersion) return [];
    this.#missed.delete(key);
    this.#kept.set(key, object);
    if (before === undefined || before.uid === uid) return [{ before, after: object }];
    return [
      { before, after: undefined },
      { before: undefined, after: object },
    ];
  }

  #drop(key: string): readonly Change<T>[] {
    const before = this.get(key);
    this.#kept.delete(key);
    return before === undefined ? [] : [{ before, after: undefined }];
  }

  #advance(scope: string, resourceVersion: string): void {
    const told = this.#told.get(scope);
    if (told !== undefined && isComparable(told) && !isNewer(resourceVersion, told)) return;
    this.#told.set(scope, resourceVersion);
  }

  #toldOf(key: string): string | undefined {
    const everywhere = this.#told.get(EVERYWHERE);
    const here = this.#told.get(namespaceOf(key));
    if (everywhere === undefined || here === undefined) return here ?? everywhere;
    return isNewer(everywhere, here) ? everywhere : here;
  }

  /**
   * Whether the feed has already been further than this list: etcd was restored from a backup.
   * Then nothing we hold is newer than the list, whatever its number; the list is the truth.
   */
  #rewindsTo(scope: string | undefined, resourceVersion: string): boolean {
    const scopes = scope === undefined ? [...this.#told.keys()] : [scope];
    const rewound = scopes.some((each) => isNewer(this.#told.get(each) ?? '', resourceVersion));
    if (!rewound) return false;
    for (const each of scopes) this.#told.delete(each);
    for (const key of this.#missed.keys()) if (covers(scope, key)) this.#missed.delete(key);
    return true;
  }

  /** What was missed, and a list from later lacks too, will not be told of again. */
  #forgetMissed(scope: string | undefined, listed: ReadonlyMap<string, T>, listedAt: string): void {
    for (const [key, { uid, resourceVersion }] of this.#missed) {
      const isToCome = listed.get(key)?.uid === uid || isOlder(listedAt, resourceVersion);
      if (covers(scope, key) && !isToCome) this.#missed.delete(key);
    }
  }

  /** @param listedAt what is kept from later than this is not in the list because it is news */
  #absent(
    scope: string | undefined,
    listed: ReadonlyMap<string, T>,
    listedAt: string | undefined,
  ): readonly string[] {
    return [...this.#kept]
      .filter(([key]) => covers(scope, key) && !listed.has(key))
      .filter(([, kept]) => listedAt === undefined || !isNewer(kept.resourceVersion, listedAt))
      .map(([key]) => key);
  }
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function covers(scope: string | undefined, key: string): boolean {
  return scope === undefined || namespaceOf(key) === scope;
}
