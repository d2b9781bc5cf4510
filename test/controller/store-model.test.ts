/**
 * The store against a naive model: of each key only the latest thing that we were told counts, and
 * a uid that we know to be gone is gone. Frames lag, answers come late and in any order, lists are
 * as old as their snapshot.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Change, createStore, type Entry } from '../../src/controller/store.ts';

const KEYS = ['a/x', 'a/y', 'b/x', 'b/y'] as const;
type Key = (typeof KEYS)[number];

/** What happened in the cluster, in order; its index + 1 is the resourceVersion. */
interface Event {
  readonly kind: 'Upsert' | 'Delete';
  readonly object: Entry;
}

type Told =
  | { readonly kind: 'Wrote'; readonly object: Entry }
  | { readonly kind: 'Missed'; readonly key: string; readonly uid: string };

interface Snapshot {
  readonly atVersion: number;
  readonly objects: readonly Entry[];
}

const OPERATIONS =
  'Create Edit Delete Write Write Read Answer Answer Frame Frame Frame Snapshot List'.split(' ');

const steps = fc.array(
  fc.record({
    operation: fc.constantFrom(...OPERATIONS),
    key: fc.constantFrom(...KEYS),
    pick: fc.nat({ max: 7 }),
  }),
  { maxLength: 80, size: 'max' },
);

class World {
  readonly store = createStore<Entry>();
  readonly #history: Event[] = [];
  readonly #live = new Map<string, Entry>();
  readonly #underWay: Told[] = [];
  /** By scope: how many events its feed has told, and a list that is under way. */
  readonly #told: Map<string | undefined, number>;
  readonly #snapshots = new Map<string | undefined, Snapshot>();
  /** The naive model. */
  readonly #latest = new Map<string, { readonly at: number; readonly object: Entry | undefined }>();
  readonly #gone = new Set<string>();
  /** What the changes add up to. */
  readonly #mirror = new Map<string, Entry>();

  constructor(scopes: readonly (string | undefined)[]) {
    this.#told = new Map(scopes.map((scope) => [scope, 0]));
    for (const scope of scopes) this.apply(this.store.replace(scope, [], '0'));
  }

  perform(operation: string, key: Key, pick: number): void {
    const scope = this.#told.has(undefined) ? undefined : key.slice(0, 1);
    const live = this.#live.get(key);
    if (operation === 'Create' && live === undefined)
      this.#happen('Upsert', { key, uid: `uid-${this.#history.length}` });
    if (operation === 'Edit' && live !== undefined) this.#happen('Upsert', live);
    if (operation === 'Delete' && live !== undefined) this.#happen('Delete', live);
    if (operation === 'Write' && live !== undefined)
      this.#underWay.push({ kind: 'Wrote', object: this.#happen('Upsert', live) });
    if (operation === 'Read') this.#read(key);
    if (operation === 'Answer') this.#answer(pick);
    if (operation === 'Frame' && !this.#snapshots.has(scope)) this.#frame(scope);
    if (operation === 'Snapshot') this.#snapshots.set(scope, this.#snapshot(scope));
    if (operation === 'List') this.#list(scope);
  }

  /** Everything that is still under way arrives, and the feeds catch up. */
  drain(): void {
    for (const scope of this.#told.keys()) this.#list(scope);
    while (this.#underWay.length > 0) this.#answer(0);
    for (const [scope] of this.#told)
      while ((this.#told.get(scope) ?? 0) < this.#history.length) this.#frame(scope);
  }

  expected(): Record<string, string> {
    const known = [...this.#latest.values()].flatMap(({ object }) => object ?? []);
    return contents(known.filter(({ uid }) => !this.#gone.has(uid)));
  }

  held(): Record<string, string> {
    return contents(this.store.values());
  }

  mirrored(): Record<string, string> {
    return contents(this.#mirror.values());
  }

  truth(): Record<string, string> {
    return contents(this.#live.values());
  }

  apply(changes: readonly Change<Entry>[]): void {
    for (const { before, after } of changes) {
      const key = (before ?? after)?.key ?? '';
      expect(this.#mirror.get(key)).toEqual(before);
      expect(before === undefined || after === undefined || before.uid === after.uid).toBe(true);
      if (after === undefined) this.#mirror.delete(key);
      else this.#mirror.set(key, after);
    }
  }

  #happen(kind: Event['kind'], { key, uid }: Pick<Entry, 'key' | 'uid'>): Entry {
    const object = { key, uid, resourceVersion: String(this.#history.length + 1) };
    this.#history.push({ kind, object });
    if (kind === 'Upsert') this.#live.set(key, object);
    else this.#live.delete(key);
    return object;
  }

  #read(key: string): void {
    const live = this.#live.get(key);
    const held = this.store.get(key);
    if (live !== undefined) this.#underWay.push({ kind: 'Wrote', object: live });
    else if (held !== undefined) this.#underWay.push({ kind: 'Missed', key, uid: held.uid });
  }

  #answer(pick: number): void {
    const [told] = this.#underWay.splice(pick % Math.max(this.#underWay.length, 1), 1);
    if (told?.kind === 'Missed') {
      this.#gone.add(told.uid);
      this.apply(this.store.removed(told.key, told.uid));
    }
    if (told?.kind === 'Wrote') {
      this.#learn(told.object.key, Number(told.object.resourceVersion), told.object);
      this.apply(this.store.wrote(told.object));
    }
  }

  #frame(scope: string | undefined): void {
    const index = this.#told.get(scope) ?? 0;
    const event = this.#history[index];
    if (event === undefined) return;
    this.#told.set(scope, index + 1);
    const { kind, object } = event;
    if (scope !== undefined && !object.key.startsWith(scope)) return;
    this.#learn(object.key, index + 1, kind === 'Upsert' ? object : undefined);
    if (kind === 'Delete') this.#gone.add(object.uid);
    this.apply(this.store.observe(kind, object));
  }

  #snapshot(scope: string | undefined): Snapshot {
    const objects = [...this.#live.values()].filter(
      ({ key }) => scope === undefined || key.startsWith(scope),
    );
    return { atVersion: this.#history.length, objects };
  }

  #list(scope: string | undefined): void {
    const snapshot = this.#snapshots.get(scope);
    if (snapshot === undefined) return;
    const { atVersion, objects } = snapshot;
    for (const key of KEYS) {
      if (scope !== undefined && !key.startsWith(scope)) continue;
      this.#learn(
        key,
        atVersion,
        objects.find((each) => each.key === key),
      );
    }
    this.#snapshots.delete(scope);
    this.#told.set(scope, atVersion);
    this.apply(this.store.replace(scope, objects, String(atVersion)));
  }

  #learn(key: string, at: number, object: Entry | undefined): void {
    const known = this.#latest.get(key);
    if (known === undefined || at >= known.at) this.#latest.set(key, { at, object });
  }
}

function contents(entries: Iterable<Entry>): Record<string, string> {
  return Object.fromEntries(
    [...entries].map(({ key, uid, resourceVersion }) => [key, `${uid}@${resourceVersion}`]),
  );
}

const FEEDS = [
  { name: 'one feed of all namespaces', scopes: [undefined] },
  { name: 'a feed for each namespace', scopes: ['a', 'b'] },
];

describe.each(FEEDS)('a store under $name', ({ scopes }) => {
  test('holds the latest it was told, and in the end what is there', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const world = new World(scopes);
        for (const { operation, key, pick } of plan) {
          world.perform(operation, key, pick);
          expect(world.held()).toEqual(world.expected());
          expect(world.mirrored()).toEqual(world.held());
        }
        world.drain();
        expect(world.held()).toEqual(world.truth());
      }),
      { numRuns: 400 },
    );
  });
});
