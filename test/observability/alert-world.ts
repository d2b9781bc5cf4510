/**
 * A world as Prometheus records it, minute by minute: two replicas, one of which leads, each with
 * the series of a real page. Scenarios lay other series over it.
 */
import { createMetrics } from '../../src/adapters/telemetry/metrics.ts';
import { ALERTS } from './alert-rules.ts';
import { type Sample, samplesOf } from './page.ts';
import { selectorsOf } from './promql.ts';

export type Replica = 'a' | 'b' | 'c';

/** promtool's notation: `0x60` stays, `0+2x60` grows by two a minute, `_x60` is not there. */
export type Values = string;

export interface Series {
  readonly replica: Replica;
  readonly name: string;
  readonly labels: Sample['labels'];
  readonly values: Values;
}

/** How long a scenario lasts, and when something begins to go wrong in it. */
export const MINUTES = 190;
export const BEGINS = 60;

const LEASE = { name: 'cognito-operator/cognito-operator' };
const ASKED = new Set(ALERTS.flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric)));

export function series(replica: Replica, name: string, values: Values, labels = {}): Series {
  return { replica, name, labels, values };
}

/** From `BEGINS` on something else. */
export function turning(before: string, after: string): Values {
  return `${before}x${BEGINS - 1} ${after}x${MINUTES - BEGINS}`;
}

export function leads(replica: Replica, values: Values): Series {
  return series(replica, 'leader_election_master_status', values, LEASE);
}

export function resources(reason: string, values: Values): readonly Series[] {
  return (['a', 'b'] as const).map((replica) =>
    series(replica, 'cognito_operator_resources', values, { reason }),
  );
}

export function calls(operation: string, code: string, values: Values): Series {
  return series('a', 'cognito_operator_aws_requests_total', values, { operation, code });
}

export function requests(code: string, method: string, values: Values): Series {
  const host = '10.0.0.1:443';
  return series('a', 'rest_client_requests_total', values, { code, method, host });
}

/** All that a page shows before anything happened, twice. */
export async function aWorld(): Promise<readonly Series[]> {
  const page = await createMetrics({ version: '1.2.3', node: '26.0.0' }).render();
  const samples = samplesOf(page).filter(({ name }) => ASKED.has(name));
  const still = (replica: Replica) =>
    samples.map(({ name, labels, value }) => series(replica, name, `${value}x${MINUTES}`, labels));
  return laid([...still('a'), ...still('b')], aHealthyDay(samples));
}

/** The leader works: it looks, waits for nothing, and renews its Lease. */
function aHealthyDay(samples: readonly Sample[]): readonly Series[] {
  const always = (value: number | string): Values => `${value}x${MINUTES}`;
  return [
    leads('a', always(1)),
    leads('b', always(0)),
    ...observed(samples, 'cognito_operator_gate_wait_seconds_bucket', 0),
    ...observed(samples, 'workqueue_queue_duration_seconds_bucket', 0),
    calls('List', 'OK', always('0+1')),
    calls('Update', 'OK', always('0+0.2')),
    requests('200', 'PUT', always('0+30')),
    requests('409', 'PATCH', always('0+0.1')),
    ...resources('Synced', always(40)),
    ...resources('Paused', always(2)),
    series('a', 'cognito_operator_resync_seconds', always(600)),
    series('a', 'cognito_operator_oldest_sweep_seconds', repeated('0+60x10')),
    ...(['a', 'b'] as const).flatMap((replica) => [
      series(replica, 'nodejs_eventloop_lag_p99_seconds', always(0.011)),
      series(replica, 'process_start_time_seconds', always(1_000)),
    ]),
  ];
}

/** `values` again and again. */
export function repeated(values: Values): Values {
  return Array.from({ length: 24 }, () => values).join(' ');
}

/** Of a histogram: from `BEGINS` on nothing takes less than that many seconds. */
export function observed(
  samples: readonly Pick<Sample, 'name' | 'labels'>[],
  name: string,
  atLeast: number,
): readonly Series[] {
  const buckets = samples.filter((sample) => sample.name === name);
  return buckets.map(({ labels }) => {
    const le = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
    const values = le > atLeast ? `0+1x${MINUTES}` : turning('0+1', `${BEGINS}`);
    return series('a', name, values, labels);
  });
}

/**
 * Of a world what a scenario changes: its replicas, all series of the metrics that it lays over,
 * and what tells whose they are. The rest of the world stays as it is, in which nothing fires.
 */
export function touched(world: readonly Series[], over: readonly Series[]): readonly Series[] {
  const names = new Set(['cognito_operator_build_info', ...over.map(({ name }) => name)]);
  const replicas = new Set(over.map(({ replica }) => replica));
  return laid(world, over).filter(({ name, replica }) => names.has(name) && replicas.has(replica));
}

/** The later one of two for the same series counts. */
export function laid(world: readonly Series[], over: readonly Series[]): readonly Series[] {
  const all = new Map([...world, ...over].map((each) => [nameOf(each, ''), each]));
  return [...all.values()];
}

/** As Prometheus writes it, with the labels of its target. */
export function nameOf({ replica, name, labels }: Series, job: string): string {
  const target = { job, namespace: 'identity', instance: replica };
  const pairs = Object.entries({ ...labels, ...target }).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return `${name}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}
