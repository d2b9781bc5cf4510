/**
 * Every metric there is: no other name, no other label is ever written. Names and labels of
 * controller-runtime and client-go are kept, so that stock dashboards and alerts work.
 */
import { REASONS } from '../../api/conditions.ts';

/** All values there can be, or `Open`: values from outside, bounded by `OPEN_SERIES_MAX`. */
export type LabelValues = readonly string[] | 'Open';

export interface Metric {
  readonly kind: 'Counter' | 'Gauge' | 'Histogram';
  readonly name: string;
  readonly help: string;
  /** Labels that never vary. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Of a histogram, in its unit. */
  readonly buckets: readonly number[];
}

/** Series with an open label beyond this many share the value `Other`. */
export const OPEN_SERIES_MAX = 100;

const CONTROLLER = { controller: 'resourceserver' };
/** Of the queue, as `PRIORITY` has them. */
const PRIORITIES = ['40', '30', '20', '10', '0', '-10'];
/** Why a watch ended, as `TroubleReason` has them, or that its time was over. */
const RECONNECTS = [
  'Renewed',
  'Expired',
  'Rewound',
  'TooLarge',
  'TooManyRequests',
  'Unauthorized',
  'Forbidden',
  'NotFound',
  'Invalid',
  'Refused',
  'Broken',
  'Idle',
  'Overdue',
  'Short',
];
const QUEUE = { name: 'resourceserver', controller: 'resourceserver' };
const OPERATIONS = ['List', 'Describe', 'Create', 'Update', 'Delete', 'GetCallerIdentity'];
const CODES = [
  'OK',
  'NotSent',
  'Unanswered',
  'Unavailable',
  'Throttled',
  'Denied',
  'NotFound',
  'QuotaReached',
  'Rejected',
];

/** controller-runtime's, thinned. */
const RECONCILE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** client-go's. */
const QUEUE_SECONDS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1_000];
const CALL_SECONDS = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4];
const WAIT_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900];

type Rest = Partial<Pick<Metric, 'fixed' | 'labels'>>;

export const METRICS: readonly Metric[] = [
  counter('controller_runtime_reconcile_total', 'Reconciles by how they ended.', {
    fixed: CONTROLLER,
    labels: { result: ['success', 'error', 'requeue', 'requeue_after'] },
  }),
  counter(
    'controller_runtime_reconcile_errors_total',
    'Reconciles that failed, for now or until somebody acts.',
    {
      fixed: CONTROLLER,
    },
  ),
  counter(
    'controller_runtime_terminal_reconcile_errors_total',
    'Reconciles that ended with what only the user can change.',
    { fixed: CONTROLLER },
  ),
  counter('controller_runtime_reconcile_panics_total', 'Reconciles that threw: each is a bug.', {
    fixed: CONTROLLER,
  }),
  histogram('controller_runtime_reconcile_time_seconds', 'How long a reconcile took.', {
    buckets: RECONCILE_SECONDS,
    fixed: CONTROLLER,
  }),
  gauge('controller_runtime_max_concurrent_reconciles', 'The setting `concurrency`.', {
    fixed: CONTROLLER,
  }),
  gauge('controller_runtime_active_workers', 'Reconciles under way.', { fixed: CONTROLLER }),

  gauge('workqueue_depth', 'Keys that are ready and wait for a worker.', {
    fixed: QUEUE,
    labels: { priority: PRIORITIES },
  }),
  counter('workqueue_adds_total', 'Keys added to the queue.', { fixed: QUEUE }),
  counter('workqueue_retries_total', 'Keys that came back after a failure.', { fixed: QUEUE }),
  histogram('workqueue_queue_duration_seconds', 'How long a ready key waited for a worker.', {
    buckets: QUEUE_SECONDS,
    fixed: QUEUE,
  }),
  histogram('workqueue_work_duration_seconds', 'How long a key was worked on.', {
    buckets: QUEUE_SECONDS,
    fixed: QUEUE,
  }),
  gauge('workqueue_unfinished_work_seconds', 'Age of all work under way, added up.', {
    fixed: QUEUE,
  }),
  gauge('workqueue_longest_running_processor_seconds', 'Age of the oldest work under way.', {
    fixed: QUEUE,
  }),

  counter('rest_client_requests_total', 'Requests to the API server.', {
    labels: { code: 'Open', method: 'Open', host: 'Open' },
  }),
  gauge('leader_election_master_status', '1 while this process leads.', {
    labels: { name: 'Open' },
  }),
  counter('leader_election_slowpath_total', 'Renewals that had to read the Lease first.', {
    labels: { name: 'Open' },
  }),

  counter('cognito_operator_aws_requests_total', 'Calls to AWS by how they ended.', {
    labels: { operation: OPERATIONS, code: CODES },
  }),
  histogram('cognito_operator_aws_request_duration_seconds', 'How long a call to AWS took.', {
    buckets: CALL_SECONDS,
    labels: { operation: OPERATIONS },
  }),
  counter(
    'cognito_operator_aws_unknown_errors_total',
    'Answers of AWS with an error of a name that nobody here knows.',
    { labels: { name: 'Open' } },
  ),
  histogram('cognito_operator_gate_wait_seconds', 'How long a key waited for its turn to call.', {
    buckets: WAIT_SECONDS,
    labels: { access: ['read', 'write'] },
  }),
  gauge('cognito_operator_gate_waiting', 'Keys that wait for their turn to call.', {
    labels: { access: ['read', 'write'] },
  }),
  counter('cognito_operator_sweeps_total', 'Sweeps of a user pool by how they ended.', {
    labels: { result: ['Complete', 'Failed'] },
  }),
  counter('cognito_operator_sweeps_late_total', 'Sweeps later than the setting `resync` asks.'),
  gauge('cognito_operator_resync_seconds', 'The setting `resync`; 0 while another leads.'),
  gauge('cognito_operator_oldest_sweep_seconds', 'Age of the oldest complete sweep of a pool.'),
  counter('cognito_operator_drift_repairs_total', 'Resource servers set right after a change.'),
  gauge('cognito_operator_resources', 'Resources by the reason of their condition Ready.', {
    labels: { reason: ['Unseen', ...REASONS] },
  }),
  counter('cognito_operator_events_dropped_total', 'Kubernetes Events that were not sent.'),
  counter('cognito_operator_lists_total', 'Complete lists of the resources.'),
  counter('cognito_operator_watch_reconnects_total', 'Watches opened anew, by the reason.', {
    labels: { reason: RECONNECTS },
  }),
  counter(
    'cognito_operator_unidentified_objects_total',
    'Objects without name, uid or resourceVersion, which are ignored.',
  ),
  gauge('cognito_operator_build_info', '1, labelled with what runs.', {
    labels: { version: 'Open', node: 'Open' },
  }),
];

function counter(name: string, help: string, rest: Rest = {}): Metric {
  return { kind: 'Counter', name, help, fixed: {}, labels: {}, buckets: [], ...rest };
}

function gauge(name: string, help: string, rest: Rest = {}): Metric {
  return { kind: 'Gauge', name, help, fixed: {}, labels: {}, buckets: [], ...rest };
}

function histogram(
  name: string,
  help: string,
  rest: Rest & { readonly buckets: readonly number[] },
): Metric {
  return { kind: 'Histogram', name, help, fixed: {}, labels: {}, ...rest };
}
