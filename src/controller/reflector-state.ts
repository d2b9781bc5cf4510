/**
 * ```
 *   Listing --------- listed -------> Watching <---+  ended cleanly: go on from its place
 *   InitialWatch ---- synced -------> Watching ----+
 *   each of them ---- trouble ------> BackingOff ----> itself, or a new list
 *   each of them ---- the signal ---> Stopped
 * ```
 */
import type { WatchStream } from './watch-stream.ts';

export interface Watching {
  readonly kind: 'Watching';
  readonly resourceVersion: string;
  /** The one that InitialWatch opened. */
  readonly stream?: WatchStream;
}

export type ReflectorState =
  /** Pages of a list, buffered. */
  | { readonly kind: 'Listing' }
  /** The initial events of a watch, buffered. */
  | { readonly kind: 'InitialWatch' }
  | Watching
  | { readonly kind: 'BackingOff'; readonly forMs: number; readonly next: ReflectorState }
  | { readonly kind: 'Stopped' };

export const LISTING: ReflectorState = { kind: 'Listing' };
