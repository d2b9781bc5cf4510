/** What each replica weighs and holds, sample by sample. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../ha/moments.ts';
import type { Replica } from '../ha/replica.ts';
import { samplesOf } from '../observability/page.ts';
import { tailOf } from '../support/launch.ts';
import type { Inspector } from './inspector.ts';

/** Of one replica at one moment. */
export interface Sample {
  readonly atMs: number;
  readonly rssBytes: number;
  /** The sums of its series, by name and, where it has one, by reason: `name` or `name reason`. */
  readonly metrics: ReadonlyMap<string, number>;
  /** Of a replica that is inspected. */
  readonly inside: Inside | undefined;
}

/** As the process itself tells it, just after its garbage was collected. */
export interface Inside {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** How many of each kind keep the process up: timers, sockets, requests. */
  readonly resources: Readonly<Record<string, number>>;
  /** Files and sockets that are open; NaN where nobody tells. */
  readonly descriptors: number;
}

/** One replica, as long as it is looked at. */
export interface Patient {
  readonly replica: Replica;
  readonly inspector: Inspector | undefined;
  readonly samples: Sample[];
}

/**
 * Of a replica that is starting or has just been killed there is none. One that is inspected is
 * never killed: the soak is over when it ends.
 */
export async function examine({ replica, inspector, samples }: Patient): Promise<void> {
  const [started] = replica.said('started');
  if (inspector !== undefined && hasEnded(replica)) throw new Error(`ended: ${tailOf(replica)}`);
  if (started === undefined || !replica.isRunning()) return;
  try {
    const inside = inspector && (await look(replica, inspector));
    const url = `http://127.0.0.1:${String(started['metricsPort'])}/metrics`;
    const page = await fetch(url, { headers: { connection: 'close' } });
    const metrics = sumsOf(await page.text());
    samples.push({ atMs: nowMs(), rssBytes: rssBytesOf(replica.pid), metrics, inside });
  } catch (error) {
    // A connection is reset a moment before the end of its process is known.
    await Promise.race([replica.exited, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
    if (replica.isRunning()) throw error;
  }
}

/** Also one that does not end, as it is inspected. */
function hasEnded(replica: Replica): boolean {
  return !replica.isRunning() || replica.said('leadership is lost').length > 0;
}

const ENDS_WITHIN_MS = 2_000;

/** Until `signal` is aborted; once more at the end. */
export async function examineEvery(
  everyMs: number,
  patients: () => readonly Patient[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const nextMs = nowMs() + everyMs;
    for (const each of patients()) await examine(each);
    await sleep(Math.max(0, nextMs - nowMs()), undefined, { signal }).catch(() => {});
  }
}

const TELL = '({ ...process.memoryUsage(), kinds: process.getActiveResourcesInfo() })';

interface Told {
  readonly rss: number;
  readonly heapUsed: number;
  readonly kinds: readonly string[];
}

async function look({ pid }: Replica, inspector: Inspector): Promise<Inside> {
  await inspector.collectGarbage();
  const { rss, heapUsed, kinds } = (await inspector.evaluate(TELL)) as Told;
  const resources: Record<string, number> = {};
  for (const kind of kinds) resources[kind] = (resources[kind] ?? 0) + 1;
  return { rssBytes: rss, heapBytes: heapUsed, resources, descriptors: descriptorsOf(pid) };
}

function descriptorsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : Number.NaN;
}

function rssBytesOf(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return Number.NaN;
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1]);
}

/** A metric that is declared and has no series yet is 0; one that is not there is not. */
export function sumsOf(page: string): ReadonlyMap<string, number> {
  const declared = [...page.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
  const sums = new Map(declared.map((name) => [name, 0]));
  for (const { name, labels, value } of samplesOf(page)) {
    const { reason } = labels;
    for (const key of reason === undefined ? [name] : [name, `${name} ${reason}`]) {
      sums.set(key, (sums.get(key) ?? 0) + value);
    }
  }
  return sums;
}
