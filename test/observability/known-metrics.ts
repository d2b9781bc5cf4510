/** Every series that a page of the operator can show: names, and labels with their values. */
import { METRICS } from '../../src/adapters/telemetry/metric-table.ts';
import { createMetrics } from '../../src/adapters/telemetry/metrics.ts';
import { samplesOf } from './page.ts';
import { groupLabelsOf, type Matcher, selectorsOf } from './promql.ts';

/** Label -> its values, or `Open`. */
type Labels = ReadonlyMap<string, readonly string[] | 'Open'>;

/** Of whoever is scraped, whatever it shows. */
export const TARGET_LABELS: readonly string[] = ['job', 'namespace', 'instance', 'pod'];

const SUFFIXES = { Counter: [''], Gauge: [''], Histogram: ['_bucket', '_sum', '_count'] } as const;

export async function knownMetrics(): Promise<ReadonlyMap<string, Labels>> {
  const page = await createMetrics({ version: '1.2.3', node: '26.0.0' }).render();
  const known = new Map<string, Labels>();
  for (const { name, labels } of samplesOf(page)) {
    known.set(name, new Map(Object.keys(labels).map((label) => [label, 'Open' as const])));
  }
  for (const { kind, name, fixed, labels } of METRICS) {
    const closed = Object.entries(fixed).map(([label, value]) => [label, [value]] as const);
    for (const suffix of SUFFIXES[kind]) {
      const le = suffix === '_bucket' ? ([['le', 'Open']] as const) : [];
      known.set(name + suffix, new Map([...closed, ...Object.entries(labels), ...le]));
    }
  }
  return known;
}

/** What the expression asks for and never gets. */
export function faultsOf(expression: string, known: ReadonlyMap<string, Labels>) {
  const selectors = selectorsOf(expression);
  const faults = selectors.flatMap(({ metric, matchers }) => {
    const labels = known.get(metric);
    if (labels === undefined) return [`no metric ${metric}`];
    return matchers.flatMap((matcher) => faultsOfMatcher(metric, labels, matcher));
  });
  const all = new Set(selectors.flatMap(({ metric }) => [...(known.get(metric)?.keys() ?? [])]));
  const strange = groupLabelsOf(expression).filter(
    (label) => !all.has(label) && !TARGET_LABELS.includes(label),
  );
  return [...faults, ...strange.map((label) => `grouped by ${label}, which none has`)];
}

function faultsOfMatcher(metric: string, labels: Labels, { label, operator, value }: Matcher) {
  if (TARGET_LABELS.includes(label)) return [];
  const values = labels.get(label);
  if (values === undefined) return [`${metric} has no label ${label}`];
  if (values === 'Open') return [];
  const asked = operator.includes('~') ? value.split('|') : [value];
  const unknown = asked.filter((each) => !values.some((one) => isLike(one, each, operator)));
  return unknown.map((each) => `${metric} has no ${label}="${each}"`);
}

function isLike(value: string, asked: string, operator: string): boolean {
  return operator.includes('~') ? new RegExp(`^(?:${asked})$`).test(value) : value === asked;
}
