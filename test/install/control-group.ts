/** The memory of a container on this machine, by the account of its control group. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Memory {
  /** The most that ever counted against the limit; the page cache counts, and gives way. */
  readonly peakBytes: number;
  /** Of its processes, now. */
  readonly residentBytes: number;
}

export function memoryOf(containerId: string): Memory {
  const [peak] = globSync(PEAKS.map((name) => `/sys/fs/cgroup/**/*${containerId}*/${name}`));
  if (peak === undefined) throw new Error(`no control group of ${containerId} on this machine`);
  const statistics = readFileSync(join(dirname(peak), 'memory.stat'), 'utf8');
  return {
    peakBytes: Number(readFileSync(peak, 'utf8')),
    residentBytes: Number(/^(?:total_rss|anon) (\d+)$/m.exec(statistics)?.[1]),
  };
}

/** Under cgroup v1, and v2. */
const PEAKS = ['memory.max_usage_in_bytes', 'memory.peak'];
