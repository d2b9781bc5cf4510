/** For each alert what makes it fire, and when; and what happens to a healthy operator. */
import {
  calls,
  leads,
  MINUTES,
  observed,
  repeated,
  requests,
  resources,
  type Series,
  series,
  turning,
} from './alert-world.ts';

export interface Scenario {
  readonly name: string;
  /** Laid over the healthy world; `Nothing`: no replica was ever there. */
  readonly series:
    | readonly Series[]
    | 'Nothing'
    | ((world: readonly Series[]) => readonly Series[]);
}

export interface Trouble extends Scenario {
  readonly alert: string;
  /** Minutes: still nothing by then, and the alert and no other by then. */
  readonly quietAt: number;
  readonly firesAt: number;
  /** Nothing again, where it ends by itself. */
  readonly overAt?: number;
}

const lasting = (before: string, after: string) => turning(before, after);
const afresh = (values: string) => `_x60 ${values}`;

function reason(alert: string, each: string, minutes: number): Trouble {
  return {
    alert,
    name: `resources stay ${each}`,
    series: resources(each, lasting('0', '3')),
    quietAt: 60 + minutes - 1,
    firesAt: 60 + minutes + 2,
  };
}

export const TROUBLES: readonly Trouble[] = [
  {
    alert: 'CognitoOperatorAbsent',
    name: 'no replica is there',
    series: 'Nothing',
    quietAt: 4,
    firesAt: 6,
  },
  {
    alert: 'CognitoOperatorNoLeader',
    name: 'nobody gets the Lease',
    series: [leads('a', lasting('1', '0'))],
    quietAt: 61,
    firesAt: 63,
  },
  {
    alert: 'CognitoOperatorTwoLeaders',
    name: 'both say that they lead',
    series: [leads('a', `1x${MINUTES}`), leads('b', lasting('0', '1'))],
    quietAt: 61,
    firesAt: 63,
  },
  {
    alert: 'CognitoOperatorRestarting',
    name: 'a replica starts every five minutes',
    series: [series('b', 'process_start_time_seconds', '1x59 2x5 3x5 4x5 5x5 6x106')],
    quietAt: 74,
    firesAt: 80,
    overAt: 160,
  },
  {
    alert: 'CognitoOperatorBug',
    name: 'a reconcile throws',
    series: [
      series('a', 'controller_runtime_reconcile_panics_total', lasting('0', '1'), {
        controller: 'resourceserver',
      }),
    ],
    quietAt: 59,
    firesAt: 63,
    overAt: 125,
  },
  {
    alert: 'CognitoOperatorRunDoesNotEnd',
    name: 'a run hangs',
    series: [
      series('a', 'workqueue_longest_running_processor_seconds', lasting('0', '0+60'), {
        name: 'resourceserver',
        controller: 'resourceserver',
      }),
    ],
    quietAt: 69,
    firesAt: 73,
  },
  {
    alert: 'CognitoOperatorQueueSlow',
    name: 'keys wait for a worker',
    series: (world) => observed(world, 'workqueue_queue_duration_seconds_bucket', 10),
    quietAt: 89,
    firesAt: 103,
  },
  {
    alert: 'CognitoOperatorEventLoopSlow',
    name: 'the process is starved',
    series: [series('a', 'nodejs_eventloop_lag_p99_seconds', lasting('0.01', '2'))],
    quietAt: 69,
    firesAt: 72,
  },
  {
    alert: 'CognitoOperatorCallsFail',
    name: 'the credentials are void',
    series: [
      calls('List', 'OK', lasting('0+1', '59')),
      calls('List', 'Denied', lasting('0', '0+1')),
    ],
    quietAt: 74,
    firesAt: 95,
  },
  {
    alert: 'CognitoOperatorThrottled',
    name: 'another tool uses the rate',
    series: [calls('List', 'Throttled', lasting('0', '0+1'))],
    quietAt: 74,
    firesAt: 95,
  },
  {
    alert: 'CognitoOperatorWaitsForRate',
    name: 'there is more to write than the rate allows',
    series: (world) =>
      observed(world, 'cognito_operator_gate_wait_seconds_bucket', 60).filter(
        ({ labels }) => labels['access'] === 'write',
      ),
    quietAt: 89,
    firesAt: 107,
  },
  {
    alert: 'CognitoOperatorSweepsLate',
    name: 'a pool is not listed any more',
    series: [
      series('a', 'cognito_operator_resync_seconds', `600x${MINUTES}`),
      series('a', 'cognito_operator_oldest_sweep_seconds', lasting('600', '600+60')),
    ],
    quietAt: 84,
    firesAt: 88,
  },
  {
    alert: 'CognitoOperatorDriftReturns',
    name: 'another tool undoes each repair',
    series: [series('a', 'cognito_operator_drift_repairs_total', lasting('0', '0+0.1'))],
    quietAt: 179,
    firesAt: 185,
  },
  {
    alert: 'CognitoOperatorUnknownError',
    name: 'AWS says something new',
    series: [
      series('a', 'cognito_operator_aws_unknown_errors_total', afresh('1x129'), {
        name: 'Strange',
      }),
    ],
    quietAt: 60,
    firesAt: 63,
    overAt: 125,
  },
  reason('CognitoOperatorAccessDenied', 'AccessDenied', 15),
  reason('CognitoOperatorAccessDenied', 'AccountMismatch', 15),
  reason('CognitoOperatorUserPoolNotFound', 'UserPoolNotFound', 30),
  reason('CognitoOperatorPoolFull', 'QuotaExceeded', 15),
  reason('CognitoOperatorStalled', 'AlreadyExists', 15),
  reason('CognitoOperatorStuck', 'ProgressingWithRetry', 30),
  reason('CognitoOperatorStuck', 'Unseen', 30),
  reason('CognitoOperatorDeletionBlocked', 'DeletionBlocked', 15),
  {
    alert: 'CognitoOperatorApiServerFails',
    name: 'the API server is overloaded',
    series: [
      requests('503', 'PATCH', afresh('0+10x129')),
      requests('<error>', 'GET', `0x${MINUTES}`),
    ],
    quietAt: 74,
    firesAt: 90,
  },
  {
    alert: 'CognitoOperatorForbidden',
    name: 'a verb is missing in the ClusterRole',
    series: [requests('403', 'PATCH', afresh('1+1x129'))],
    quietAt: 74,
    firesAt: 79,
  },
];

/** Its series end when the process does. */
function gone(world: readonly Series[], replica: 'a' | 'b'): readonly Series[] {
  return world
    .filter((each) => each.replica === replica)
    .map((each) => ({ ...each, values: `${each.values.split(/[+x ]/)[0]}x59 stale` }));
}

/** Somebody new comes, with all that `like` shows. */
function newcomer(world: readonly Series[], like: 'a' | 'b'): readonly Series[] {
  return world
    .filter((each) => each.replica === like)
    .map((each) => ({ ...each, replica: 'c', values: `_x60 ${each.values}` }));
}

export const HEALTHY: readonly Scenario[] = [
  { name: 'one replica works and the other stands by', series: [] },
  {
    name: 'the leader is replaced, and the standby takes over',
    series: (world) => [
      ...gone(world, 'a'),
      ...newcomer(world, 'b'),
      leads('b', lasting('0', '1')),
      leads('c', `_x60 0x${MINUTES - 60}`),
    ],
  },
  {
    name: 'two replicas seem to lead for one scrape',
    series: [leads('a', '1x61 stale'), leads('b', lasting('0', '1'))],
  },
  {
    name: 'a storm of throttling passes in five minutes',
    series: [
      calls('List', 'Throttled', '0x59 0+20x5 120x125'),
      ...resources('Throttled', '0x59 9x10 0x120'),
    ],
  },
  {
    name: 'somebody changes fifty resource servers, once',
    series: [series('a', 'cognito_operator_drift_repairs_total', lasting('0', '50'))],
  },
  {
    name: 'a namespace goes, and refuses Events for a moment',
    series: [requests('403', 'POST', afresh('1+5x5 30x124'))],
  },
  {
    name: 'resources come and go all day',
    series: [
      ...resources('Progressing', repeated('1x8 0x1')),
      ...resources('Deleting', repeated('0x4 2x5')),
      ...resources('UserPoolNotFound', repeated('1x8 0x1')),
    ],
  },
  {
    name: 'a Create finds its resource server there, and a Describe does not',
    series: [
      calls('Describe', 'NotFound', lasting('0', '0+5')),
      calls('Create', 'Rejected', lasting('0', '0+1')),
    ],
  },
  {
    name: 'nothing is called at all',
    series: [calls('List', 'OK', `0x${MINUTES}`), calls('Update', 'OK', `0x${MINUTES}`)],
  },
];
