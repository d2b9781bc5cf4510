/** The memory of a container on this machine, by the account of its control group. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Memory {
  /** The most that ever counted against the limit; the page cache counts, and gives way. */
  readonly peakBytes: number;
  /** Of its processes, now. */
  readonly residentBytes: number;
}

export function memoryOf(containerId: string): Memory {
  const [folder] = globSync([
    `/sys/fs/cgroup/memory/**/*${containerId}*`,
    `/sys/fs/cgroup/**/*${containerId}*`,
  ]);
  if (folder === undefined) throw new Error(`no control group of ${containerId} on this machine`);
  const isSecondVersion = globSync(join(folder, 'memory.peak')).length > 0;
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const resident = new RegExp(`^${isSecondVersion ? 'anon' : 'total_rss'} (\\d+)$`, 'm');
  return {
    peakBytes: Number(read(isSecondVersion ? 'memory.peak' : 'memory.max_usage_in_bytes')),
    residentBytes: Number(resident.exec(read('memory.stat'))?.[1]),
  };
}
