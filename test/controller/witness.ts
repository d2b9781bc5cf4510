/** A log and metrics that remember what they were told. */
import type { Fields, Log, Metrics } from '../../src/ports.ts';

export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Fields;
}

export interface Witness {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly lines: readonly Line[];
  /** Of the levels that somebody reads. */
  loud(): readonly Line[];
  /** What was counted or set, by name and label values, such as `lists{Pages}`. */
  metric(name: string): number | undefined;
}

export function createWitness(): Witness {
  const lines: Line[] = [];
  const values = new Map<string, number>();
  const write =
    (level: Line['level']) =>
    (message: string, fields: Fields = {}): void =>
      void lines.push({ level, message, fields });
  const seriesOf = (name: string, labels: Readonly<Record<string, string>>): string =>
    `${name}{${Object.values(labels).join()}}`;
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics: {
      count(name, labels, by = 1) {
        const series = seriesOf(name, labels);
        values.set(series, (values.get(series) ?? 0) + by);
      },
      observe: () => {},
      set: (name, labels, value) => void values.set(seriesOf(name, labels), value),
    },
    lines,
    loud: () => lines.filter(({ level }) => level === 'warn' || level === 'error'),
    metric: (name) => values.get(name),
  };
}
