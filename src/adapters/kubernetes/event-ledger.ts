/**
 * What was told about which resource, so that a repeat becomes a count and not another Event, and
 * so that no resource floods its namespace. The rules are client-go's: a repeat within six minutes
 * joins the series, a series that goes on is told again after thirty, and each object may have 25
 * notices at once and one more every five minutes.
 *
 * Synchronous, and bounded: what was not touched for longest is forgotten first.
 */
import type { Notice } from '../../ports.ts';

/** One Event of the API, as told so far. */
export interface Series {
  /** Of the Event. */
  readonly name: string;
  readonly notice: Notice;
  readonly startWallMs: number;
  count: number;
  lastWallMs: number;
  lastAtMs: number;
  /** Of the run that repeated it last. */
  lastReconcileID: string;
  /** What the API server knows, or is being told; 0 before that. */
  toldCount: number;
  toldAtMs: number;
}

export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export interface EventLedger {
  /** The series that is to be told now; `Flood` when the resource has had its share. */
  note(notice: Notice, now: Moment): readonly Series[] | 'Flood';
  /** Those whose last count was not told. */
  untold(): readonly Series[];
  /** It could not be told: the next repeat begins another. */
  forget(series: Series): void;
}

const FINISH_MS = 6 * 60_000;
const REFRESH_MS = 30 * 60_000;
const ENTRIES_MAX = 4_096;
const BURST = 25;
const REFILL_MS = 300_000;

/** @param nameFor an Event's name, different each time */
export function createEventLedger(nameFor: (notice: Notice) => string): EventLedger {
  const shares = createShares();
  const all = new Map<string, Series>();

  /** In order of their last repeat, the oldest first. */
  const finish = (nowMs: number): readonly Series[] => {
    const finished: Series[] = [];
    for (const [key, series] of all) {
      const isOver = series.lastAtMs + FINISH_MS <= nowMs || all.size > ENTRIES_MAX;
      if (!isOver) break;
      all.delete(key);
      if (isUntold(series)) finished.push(series);
    }
    return finished;
  };

  return {
    note(notice, now) {
      if (!shares.spend(notice.uid, now.monotonicMs)) return 'Flood';
      const finished = finish(now.monotonicMs);
      const key = keyOf(notice);
      const series = all.get(key) ?? begin(notice, nameFor(notice), now);
      series.count += 1;
      series.lastWallMs = now.wallMs;
      series.lastAtMs = now.monotonicMs;
      series.lastReconcileID = notice.reconcileID;
      touch(all, key, series);
      return isDue(series) ? [...finished, series] : finished;
    },
    untold: () => [...all.values()].filter(isUntold),
    forget(series) {
      const key = keyOf(series.notice);
      if (all.get(key) === series) all.delete(key);
    },
  };
}

/** A bucket of tokens for each resource. */
function createShares() {
  const buckets = new Map<string, { readonly tokens: number; readonly atMs: number }>();
  return {
    spend(uid: string, nowMs: number): boolean {
      const { tokens, atMs } = buckets.get(uid) ?? { tokens: BURST, atMs: nowMs };
      const filled = Math.min(BURST, tokens + (nowMs - atMs) / REFILL_MS);
      const isEnough = filled >= 1;
      touch(buckets, uid, { tokens: isEnough ? filled - 1 : filled, atMs: nowMs });
      const [oldest] = buckets.keys();
      if (buckets.size > ENTRIES_MAX && oldest !== undefined) buckets.delete(oldest);
      return isEnough;
    },
  };
}

function begin(notice: Notice, name: string, { wallMs, monotonicMs }: Moment): Series {
  const times = { startWallMs: wallMs, lastWallMs: wallMs, lastAtMs: monotonicMs };
  const told = { toldCount: 0, toldAtMs: monotonicMs };
  return { name, notice, ...times, count: 0, lastReconcileID: notice.reconcileID, ...told };
}

/** Another note is another thing to tell, not a repeat; another version or run is not. */
function keyOf({ type, action, reason, uid, key, note }: Notice): string {
  return JSON.stringify([type, action, reason, uid, key, note]);
}

/** The first time, the first repeat, and then once in a while. */
function isDue({ toldCount, toldAtMs, lastAtMs }: Series): boolean {
  return toldCount < 2 || toldAtMs + REFRESH_MS <= lastAtMs;
}

function isUntold({ count, toldCount }: Series): boolean {
  return count > toldCount;
}

function touch<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
}
