/**
 * The metrics of `metric-table.ts` in Prometheus' format. Series whose labels are all known start
 * at 0, so that the first error is an increase. A name or label that is not in the table throws.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../ports.ts';
import { METRICS, type Metric, OPEN_SERIES_MAX } from './metric-table.ts';

export interface Build {
  readonly version: string;
  /** Node's version. */
  readonly node: string;
}

export interface Telemetry {
  readonly metrics: Metrics;
  readonly contentType: string;
  /** The page that Prometheus scrapes. */
  render(): Promise<string>;
}

type Labels = Readonly<Record<string, string>>;

/** One metric of the table and the series that are written to it. */
interface Series {
  readonly metric: Metric;
  write(labels: Labels, value: number): void;
}

/** Sums of prom-client, gauges with a counter's name; what they add up is there without them. */
const MISNAMED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

export function createMetrics(build: Build): Telemetry {
  const registry = new Registry();
  const all = new Map(METRICS.map((metric) => [metric.name, createSeries(metric, registry)]));
  const write = (kind: Metric['kind'], name: string, labels: Labels, value: number): void => {
    const series = all.get(name);
    if (series?.metric.kind !== kind) throw new Error(`the table has no ${kind} ${name}`);
    series.write(labels, value);
  };
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  write('Gauge', 'cognito_operator_build_info', { ...build }, 1);
  return {
    metrics: {
      count: (name, labels, by = 1) => write('Counter', name, labels, by),
      observe: (name, labels, value) => write('Histogram', name, labels, value),
      set: (name, labels, value) => write('Gauge', name, labels, value),
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}

function createSeries(metric: Metric, registry: Registry): Series {
  const { write, zero } = createWriter(metric, registry);
  const seen = new Set<string>();
  for (const labels of knownLabels(metric)) zero({ ...metric.fixed, ...labels });
  return {
    metric,
    write: (labels, value) => {
      checkLabels(metric, labels);
      write({ ...metric.fixed, ...bounded(metric, labels, seen) }, value);
    },
  };
}

interface Writer {
  readonly write: (labels: Labels, value: number) => void;
  readonly zero: (labels: Labels) => void;
}

function createWriter(metric: Metric, registry: Registry): Writer {
  const { kind, name, help } = metric;
  const labelNames = [...Object.keys(metric.fixed), ...Object.keys(metric.labels)];
  const options = { name, help, labelNames, registers: [registry] };
  switch (kind) {
    case 'Counter': {
      const counter = new Counter(options);
      const write: Writer['write'] = (labels, value) => counter.inc(labels, value);
      return { write, zero: (labels) => write(labels, 0) };
    }
    case 'Gauge': {
      const gauge = new Gauge(options);
      const write: Writer['write'] = (labels, value) => gauge.set(labels, value);
      return { write, zero: (labels) => write(labels, 0) };
    }
    case 'Histogram': {
      const histogram = new Histogram({ ...options, buckets: [...metric.buckets] });
      return {
        write: (labels, value) => histogram.observe(labels, value),
        zero: (labels) => histogram.zero(labels),
      };
    }
  }
}

/** Every combination of labels, or none when one of them is open. */
function knownLabels({ labels }: Metric): readonly Labels[] {
  return Object.entries(labels).reduce<readonly Labels[]>(
    (combinations, [name, values]) =>
      values === 'Open'
        ? []
        : combinations.flatMap((others) => values.map((value) => ({ ...others, [name]: value }))),
    [{}],
  );
}

function checkLabels({ name, labels }: Metric, given: Labels): void {
  const names = Object.keys(given);
  const isComplete = Object.keys(labels).every((label) => names.includes(label));
  const isKnown = Object.entries(given).every(([label, value]) => {
    const values = labels[label];
    return values === 'Open' || values?.includes(value);
  });
  if (!isComplete || !isKnown) throw new Error(`no labels of ${name}: ${JSON.stringify(given)}`);
}

/** Values from outside cannot grow the page without end. */
function bounded({ labels }: Metric, given: Labels, seen: Set<string>): Labels {
  const open = Object.keys(labels).filter((label) => labels[label] === 'Open');
  if (open.length === 0) return given;
  const series = JSON.stringify(open.map((label) => given[label]));
  if (seen.size < OPEN_SERIES_MAX) seen.add(series);
  if (seen.has(series)) return given;
  return { ...given, ...Object.fromEntries(open.map((label) => [label, 'Other'])) };
}
