/** Labels whose values are all known have those of the code that writes them, and no other. */
import { expect, test } from 'vitest';
import { METRICS } from '../../src/adapters/telemetry/metric-table.ts';
import { REASONS } from '../../src/api/conditions.ts';
import { REMEDIES } from '../../src/controller/watch-trouble.ts';
import { PRIORITY } from '../../src/controller/work-queue.ts';
import { COGNITO_FAILURES } from '../core/failures.ts';

test.each([
  ['workqueue_depth', 'priority', Object.values(PRIORITY).map(String)],
  ['cognito_operator_watch_reconnects_total', 'reason', ['Renewed', ...Object.keys(REMEDIES)]],
  ['cognito_operator_aws_requests_total', 'code', ['OK', ...Object.keys(COGNITO_FAILURES)]],
  ['cognito_operator_resources', 'reason', ['Unseen', ...REASONS]],
])('%s: the values of %s', (name, label, values) => {
  const { labels } = METRICS.find((metric) => metric.name === name) ?? {};
  const closed = labels?.[label] ?? 'Open';
  expect(closed === 'Open' ? closed : [...closed].sort()).toEqual([...values].sort());
});

/** Values that the outside brings, and nobody can list. */
const OPEN = [
  'rest_client_requests_total',
  'leader_election_master_status',
  'leader_election_slowpath_total',
  'cognito_operator_aws_unknown_errors_total',
  'cognito_operator_build_info',
];

test('only what comes from outside is open, and begins when it comes', () => {
  const open = METRICS.filter(({ labels }) => Object.values(labels).includes('Open'));
  expect(open.map(({ name }) => name)).toEqual(OPEN);
});
