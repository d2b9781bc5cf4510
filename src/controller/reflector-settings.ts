/** The knobs of a reflector, with what client-go, kube-rs and kopf have learnt about them. */
import type { BackoffPolicy } from '../core/backoff.ts';

export interface ReflectorSettings {
  readonly pageSize: number;
  /** For each page of a list, and for the initial events of a watch. */
  readonly listDeadlineMs: number;
  /** From and to: after how long the server ends a watch; chance spreads the reconnects. */
  readonly watchTimeoutSeconds: readonly [number, number];
  /** A watch without any frame for so long is dead. Bookmarks come about once a minute. */
  readonly idleMs: number;
  /** Whether to ask for the initial state by the watch itself (WatchList). */
  readonly watchList: boolean;
  readonly backoff: BackoffPolicy;
}

export const REFLECTOR_SETTINGS: ReflectorSettings = {
  pageSize: 500,
  listDeadlineMs: 30_000,
  watchTimeoutSeconds: [240, 300],
  idleMs: 80_000,
  watchList: false,
  backoff: { kind: 'Doubling', baseMs: 800, maxMs: 30_000 },
};
