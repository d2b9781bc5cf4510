/** A reflector on a scripted feed and a clock that stands still, consumed by a recorder. */
import { createReflector, type Reflector } from '../../src/controller/reflector.ts';
import {
  REFLECTOR_SETTINGS,
  type ReflectorSettings,
} from '../../src/controller/reflector-settings.ts';
import { type Change, createStore, type Entry, type Store } from '../../src/controller/store.ts';
import type { Chance } from '../../src/ports.ts';
import { createFakeClock, type FakeClock, settled } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';
import { type ListCall, object, ScriptedFeed, type WatchCall } from './scripted-feed.ts';
import { createWitness, type Witness } from './witness.ts';

export interface Stage {
  readonly reflector: Reflector<Entry>;
  readonly feed: ScriptedFeed;
  readonly store: Store<Entry>;
  readonly clock: FakeClock;
  readonly witness: Witness;
  readonly batches: readonly (readonly Change<Entry>[])[];
  /** `name@resourceVersion` of everything in the store. */
  contents(): readonly string[];
  /** The list that is asked for now. */
  list(): ListCall;
  /** The last watch that was opened. */
  watch(): WatchCall;
  /** Brings it to Watching, with these names at resourceVersion 1 and the list at 10. */
  listed(...names: readonly string[]): Promise<WatchCall>;
  stop(): Promise<void>;
}

interface Cast {
  readonly settings?: Partial<ReflectorSettings>;
  readonly chance?: Chance;
  readonly scope?: string;
  /** Batches after which the consumer leaves. */
  readonly consumes?: number;
  readonly signal?: AbortSignal;
}

/** Half of each ceiling: the first pause takes 400 ms, the second 800 ms, the third 1,600 ms. */
const HALF = 0.5;

export function startReflector({ settings, chance, scope, consumes, signal }: Cast = {}): Stage {
  const feed = new ScriptedFeed();
  const store = createStore<Entry>();
  const clock = createFakeClock(1_000);
  const witness = createWitness();
  const reflector = createReflector({
    feed,
    scope,
    store,
    parse,
    clock,
    log: witness.log,
    metrics: witness.metrics,
    chance: chance ?? createLoadedChance(HALF),
    settings: { ...REFLECTOR_SETTINGS, ...settings },
  });
  const batches: (readonly Change<Entry>[])[] = [];
  const stop = new AbortController();
  const running = (async () => {
    for await (const batch of reflector.changes(signal ?? stop.signal))
      if (batches.push(batch) === consumes) break;
  })();
  return {
    reflector,
    feed,
    store,
    clock,
    witness,
    batches,
    contents: () => [...store.values()].map((each) => `${each.key}@${each.resourceVersion}`).sort(),
    list: () => feed.lists.at(-1)!,
    watch: () => feed.watches.at(-1)!,
    async listed(...names) {
      await settled();
      feed.lists.at(-1)!.page(
        '10',
        names.map((name) => object(name, '1')),
      );
      await settled();
      return feed.watches.at(-1)!;
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** As the API server writes them; anything else cannot be identified. */
function parse(candidate: unknown): Entry | undefined {
  const { metadata } = candidate as { metadata?: Record<string, string> };
  const { namespace, name, uid, resourceVersion } = metadata ?? {};
  if (name === undefined || uid === undefined || resourceVersion === undefined) return undefined;
  return { key: `${namespace}/${name}`, uid, resourceVersion };
}
