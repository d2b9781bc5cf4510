/**
 * Keeps a store in step with a feed: list, then watch, for ever. client-go's reflector as named
 * states and one `step`; `reflector-state.ts` shows how they follow one another.
 *
 * Guarantees: no failure of the outside ends it; it stops at once; a list is applied whole or not
 * at all; what a lost watch missed is found again; a silent connection is noticed in `idleMs`.
 *
 * Trusts: the feed ends what its signal aborts. `parse` does not throw.
 */
import type { Chance, Clock, Feed, Log, Metrics } from '../ports.ts';
import { collectInitialEvents, type InitialEvents } from './initial-events.ts';
import { LatestList } from './latest-list.ts';
import { listAll } from './listing.ts';
import { Patience } from './patience.ts';
import type { ReflectorSettings } from './reflector-settings.ts';
import { LISTING, type ReflectorState, type Watching } from './reflector-state.ts';
import type { Change, Entry, Store } from './store.ts';
import { WatchCursor } from './watch-cursor.ts';
import { WatchStream } from './watch-stream.ts';
import { REWOUND, type Trouble, troubleOf, troubleOfEnd, troubleOfList } from './watch-trouble.ts';

export interface ReflectorPorts<T extends Entry> {
  readonly feed: Feed;
  /** The namespace that `feed` shows, or `undefined` for all. */
  readonly scope: string | undefined;
  readonly store: Store<T>;
  /** `undefined` when the object cannot even be identified. */
  readonly parse: (object: unknown) => T | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: ReflectorSettings;
}

export interface ReflectorHealth {
  /** A complete list has been applied at least once. */
  readonly synced: boolean;
  readonly state: ReflectorState['kind'];
  /** Monotonic: the last sign of life of the feed. */
  readonly lastFrameAtMs: number | undefined;
  /** Monotonic: when the last applied list was asked for. */
  readonly listedAtMs: number | undefined;
  /** Monotonic: when one last followed a watch that was cut, as all are when their CRD changes. */
  readonly cutAtMs: number | undefined;
}

type Batch<T> = readonly Change<T>[];

export interface Reflector<T> {
  /** Runs until `signal` aborts or the consumer leaves. The store is ahead of what is yielded. */
  changes(signal: AbortSignal): AsyncIterable<Batch<T>>;
  /** Drops the watch and lists anew; a pause under way is kept. */
  relist(): void;
  /**
   * True once a complete list that was asked for at `monotonicMs` or later has been applied and
   * its changes were consumed; false when `signal` or the end of `changes` came first.
   */
  listedAfter(monotonicMs: number, signal: AbortSignal): Promise<boolean>;
  health(): ReflectorHealth;
}

const FRUITLESS = { hasNews: false };

export function createReflector<T extends Entry>(ports: ReflectorPorts<T>): Reflector<T> {
  return new StatefulReflector(ports);
}

class StatefulReflector<T extends Entry> implements Reflector<T> {
  readonly #ports: ReflectorPorts<T>;
  readonly #patience: Patience;
  readonly #latest = new LatestList();
  #state: ReflectorState = { kind: 'Stopped' };
  #isStarted = false;
  #isRelistWanted = false;
  #speaksWatchList: boolean;
  #lastFrameAtMs: number | undefined;
  #wasCut = false;
  #cutAtMs: number | undefined;
  /** Ends what is under way: by the signal, or because a new list is wanted. */
  #current = new AbortController();

  readonly #identify = (object: unknown): T | undefined => {
    const identified = this.#ports.parse(object);
    if (identified !== undefined) return identified;
    this.#ports.metrics.count('cognito_operator_unidentified_objects_total', {});
    this.#ports.log.warn('an object without name, uid or resourceVersion is ignored');
    return undefined;
  };

  constructor(ports: ReflectorPorts<T>) {
    this.#ports = ports;
    this.#patience = new Patience(ports);
    this.#speaksWatchList = ports.settings.watchList;
  }

  async *changes(signal: AbortSignal): AsyncGenerator<Batch<T>, void> {
    if (this.#isStarted) throw new Error('a reflector runs once');
    this.#isStarted = true;
    const interrupt = (): void => this.#current.abort();
    signal.addEventListener('abort', interrupt);
    try {
      this.#state = this.#anew();
      while (!signal.aborted) this.#state = this.#heed(yield* this.#step(this.#state));
    } finally {
      signal.removeEventListener('abort', interrupt);
      interrupt();
      this.#state = { kind: 'Stopped' };
      this.#latest.close();
    }
  }

  relist(): void {
    this.#isRelistWanted = true;
    if (this.#state.kind !== 'BackingOff') this.#current.abort();
  }

  listedAfter(monotonicMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#latest.after(monotonicMs, signal);
  }

  health(): ReflectorHealth {
    const listedAtMs = this.#latest.requestedAtMs;
    const seen = { lastFrameAtMs: this.#lastFrameAtMs, cutAtMs: this.#cutAtMs };
    return { synced: listedAtMs !== undefined, state: this.#state.kind, listedAtMs, ...seen };
  }

  async *#step(state: ReflectorState): AsyncGenerator<Batch<T>, ReflectorState> {
    const { clock } = this.#ports;
    switch (state.kind) {
      case 'Listing':
        return yield* this.#list();
      case 'InitialWatch':
        return yield* this.#watchInitially();
      case 'Watching':
        return yield* this.#watch(state);
      case 'BackingOff':
        await clock.sleep(state.forMs, this.#current.signal);
        return state.next;
      case 'Stopped':
        return state;
    }
  }

  /** A list that is wanted comes next, but not before a pause is over. */
  #heed(next: ReflectorState): ReflectorState {
    if (this.#current.signal.aborted) this.#current = new AbortController();
    return this.#isRelistWanted ? this.#anew() : next;
  }

  #anew(): ReflectorState {
    this.#isRelistWanted = false;
    return this.#speaksWatchList ? { kind: 'InitialWatch' } : LISTING;
  }

  async *#list(): AsyncGenerator<Batch<T>, ReflectorState> {
    const { clock, feed, settings } = this.#ports;
    const { signal } = this.#current;
    const requestedAtMs = clock.monotonicMs();
    const { pageSize, listDeadlineMs: deadlineMs } = settings;
    const request = { feed, clock, pageSize, deadlineMs, identify: this.#identify };
    const answer = await listAll(request, signal);
    if (signal.aborted) return LISTING;
    if (answer.kind === 'Failed') return this.#after(troubleOfList(answer.failure), LISTING);
    this.#lastFrameAtMs = clock.monotonicMs();
    const { objects, resourceVersion } = answer.value;
    yield* this.#apply(objects, resourceVersion, requestedAtMs);
    return { kind: 'Watching', resourceVersion };
  }

  async *#watchInitially(): AsyncGenerator<Batch<T>, ReflectorState> {
    const requestedAtMs = this.#ports.clock.monotonicMs();
    const stream = this.#open('');
    const initial = await collectInitialEvents(stream, this.#identify);
    this.#lastFrameAtMs = stream.lastFrameAtMs;
    if (initial.kind !== 'Synced') return this.#fallBack(stream, initial);
    this.#patience.bookmarked();
    stream.synced();
    yield* this.#apply(initial.objects, initial.resourceVersion, requestedAtMs);
    return { kind: 'Watching', resourceVersion: initial.resourceVersion, stream };
  }

  /** To pages: for good when the server does not speak WatchList, else until the next list. */
  #fallBack(
    stream: WatchStream,
    end: Exclude<InitialEvents<T>, { kind: 'Synced' }>,
  ): ReflectorState {
    stream.close();
    const met = end.kind === 'Ended' ? troubleOfEnd(end.because, FRUITLESS, 0) : troubleOf(end);
    if (met === undefined) return LISTING;
    if (met.reason !== 'Invalid' && met.reason !== 'Overdue') return this.#after(met, LISTING);
    this.#speaksWatchList = false;
    this.#ports.log.info('the API server does not stream lists, reading pages instead');
    return LISTING;
  }

  async *#watch(state: Watching): AsyncGenerator<Batch<T>, ReflectorState> {
    const stream = state.stream ?? this.#open(state.resourceVersion);
    const cursor = new WatchCursor(this.#ports.store, this.#identify, state.resourceVersion);
    for (;;) {
      const frame = await stream.next();
      this.#lastFrameAtMs = stream.lastFrameAtMs;
      if (frame.kind === 'Error' || frame.kind === 'Broken')
        return this.#leave(stream, cursor, troubleOf(frame));
      if (frame.kind === 'Ended')
        return this.#leave(stream, cursor, troubleOfEnd(frame.because, cursor, stream.livedMs()));
      if (frame.kind === 'Bookmark') this.#patience.bookmarked();
      const changes = cursor.apply(frame);
      if (changes === undefined) return this.#leave(stream, cursor, REWOUND);
      if (cursor.hasNews) this.#patience.calm();
      if (changes.length > 0) yield changes;
    }
  }

  #leave(stream: WatchStream, cursor: WatchCursor<T>, met: Trouble | undefined): ReflectorState {
    stream.close();
    this.#wasCut = stream.wasCut();
    this.#patience.ended(met?.reason, stream.livedMs());
    const resume: ReflectorState = { kind: 'Watching', resourceVersion: cursor.resourceVersion };
    return met === undefined ? resume : this.#after(met, resume);
  }

  #open(resourceVersion: string): WatchStream {
    const { chance, clock, settings } = this.#ports;
    if (this.#wasCut) this.#cutAtMs = clock.monotonicMs();
    const [from, to] = settings.watchTimeoutSeconds;
    const timeoutSeconds = from + Math.floor(chance.roll() * (to - from + 1));
    const limits = { idleMs: this.#patience.idleMs(), initialMs: settings.listDeadlineMs };
    const request = { resourceVersion, sendInitialEvents: resourceVersion === '', timeoutSeconds };
    return new WatchStream(this.#ports, request, limits, this.#current.signal);
  }

  #after(met: Trouble, resume: ReflectorState): ReflectorState {
    const pause = this.#patience.meet(met);
    const next = pause.next === 'Relist' ? this.#anew() : resume;
    return pause.forMs === 0 ? next : { kind: 'BackingOff', forMs: pause.forMs, next };
  }

  async *#apply(
    objects: readonly T[],
    resourceVersion: string,
    requestedAtMs: number,
  ): AsyncGenerator<Batch<T>, void> {
    const { store, scope, metrics } = this.#ports;
    const changes = store.replace(scope, objects, resourceVersion);
    metrics.count('cognito_operator_lists_total', {});
    if (changes.length > 0) yield changes;
    this.#latest.applied(requestedAtMs);
  }
}
