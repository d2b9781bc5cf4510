/** A log and metrics that remember. */
import type { Log, Metrics } from '../../src/ports.ts';

export interface Recorder {
  readonly log: Log;
  readonly metrics: Metrics;
  /** `level: message`, in order. */
  readonly lines: readonly string[];
  /** Sums of `count`, by `name{label values}`. */
  readonly counts: ReadonlyMap<string, number>;
}

export function createRecorder(): Recorder {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  const write = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics: {
      count(name, labels, by = 1) {
        const key = `${name}{${Object.values(labels).join()}}`;
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      observe: () => {},
      set: () => {},
    },
    lines,
    counts,
  };
}
