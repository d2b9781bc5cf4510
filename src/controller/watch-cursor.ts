/** Applies the frames of one watch to the store and keeps the place to resume from. */
import type { Frame } from '../ports.ts';
import { isOlder } from './resource-version.ts';
import type { Change, Entry, Store } from './store.ts';

export type Tale = Exclude<Frame, { kind: 'Error' | 'Broken' }>;

export class WatchCursor<T extends Entry> {
  readonly #store: Store<T>;
  readonly #identify: (object: unknown) => T | undefined;
  #resourceVersion: string;
  #hasNews = false;

  constructor(
    store: Store<T>,
    identify: (object: unknown) => T | undefined,
    resourceVersion: string,
  ) {
    this.#store = store;
    this.#identify = identify;
    this.#resourceVersion = resourceVersion;
  }

  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /** Whether an object came that the place we started from did not know. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /** @returns `undefined` when the frame is from before the place we are at; it is not applied */
  apply(frame: Tale): readonly Change<T>[] | undefined {
    if (frame.kind === 'Bookmark') return this.#moveTo(frame.resourceVersion) ? [] : undefined;
    const object = this.#identify(frame.object);
    if (object === undefined) return [];
    const before = this.#resourceVersion;
    if (!this.#moveTo(object.resourceVersion)) return undefined;
    this.#hasNews ||= object.resourceVersion !== before;
    return this.#store.observe(frame.kind === 'Deleted' ? 'Delete' : 'Upsert', object);
  }

  #moveTo(resourceVersion: string): boolean {
    if (isOlder(resourceVersion, this.#resourceVersion)) return false;
    this.#resourceVersion = resourceVersion;
    return true;
  }
}
