import { describe, expect, test } from 'vitest';
import { recordFate } from '../../src/core/failure.ts';
import { failedCall, requeueOf, stopOutcome } from '../../src/core/outcome.ts';
import { aResourceServer, aView } from '../support/builders.ts';
import { wordOfOutcome } from './decisions.ts';
import { COGNITO_FAILURES, KUBERNETES_FAILURES, NOT_SENT, REPLICA, withheld } from './failures.ts';
import { ALL_ROWS } from './outcomes.ts';

describe('when a key runs again', () => {
  test.each(ALL_ROWS)('after $name, $when', ({ outcome, requeue }) => {
    expect(requeueOf(outcome, true)).toEqual(requeue);
  });

  test.each(ALL_ROWS)('after $name, $when, while another key probes', (row) => {
    expect(requeueOf(row.outcome, false)).toEqual(row.unprobed ?? row.requeue);
  });
});

const view = aView(aResourceServer().finalized().withRemote()).waitingFor(12_000).view();

describe('what a failed call of Cognito means', () => {
  test.each([
    { kind: 'NotSent', check: 'NotSent(Describe)', mutation: 'NotSent(Update)', fate: 'Cleared' },
    {
      kind: 'Unanswered',
      check: 'Unanswered(Describe)',
      mutation: 'Unanswered(Update)',
      fate: 'StaysUntilLate',
    },
    {
      kind: 'Unavailable',
      check: 'Unavailable(Describe)',
      mutation: 'Unavailable(Update)',
      fate: 'StaysUntilDescribed',
    },
    { kind: 'Throttled', check: 'Waiting(Lane)', mutation: 'Waiting(Lane)', fate: 'Cleared' },
    { kind: 'Denied', check: 'Denied(Describe)', mutation: 'Denied(Update)', fate: 'Cleared' },
    {
      kind: 'NotFound',
      check: 'PoolMissing(Describe)',
      mutation: 'Conflict',
      fate: 'Cleared',
    },
    { kind: 'QuotaReached', check: 'QuotaReached', mutation: 'QuotaReached', fate: 'Cleared' },
    {
      kind: 'Rejected',
      check: 'Rejected(InvalidParameter)',
      mutation: 'Rejected(InvalidParameter)',
      fate: 'Cleared',
    },
  ] as const)('$kind: $mutation, and the record is $fate', ({ kind, check, mutation, fate }) => {
    const failure = COGNITO_FAILURES[kind];
    expect(wordOfOutcome(failedCall(view, failure, 'Describe'))).toBe(check);
    expect(wordOfOutcome(failedCall(view, failure, 'Update'))).toBe(mutation);
    expect(recordFate(failure)).toBe(fate);
  });

  test('a mutation that fails is one, and a check is none', () => {
    expect(failedCall(view, NOT_SENT, 'Delete')).toMatchObject({ mutation: true });
    expect(failedCall(view, NOT_SENT, 'List')).toMatchObject({ mutation: false });
  });

  test('a replica of the pool is another refusal than a bad parameter', () => {
    expect(wordOfOutcome(failedCall(view, REPLICA, 'Update'))).toBe(
      'Rejected(OperationNotEnabled)',
    );
  });

  test('a throttled call counts as the wait that it goes on', () => {
    const outcome = failedCall(view, COGNITO_FAILURES.Throttled, 'Update');
    expect(outcome).toMatchObject({ mutation: true, waitedMs: 12_000 });
  });

  test.each([
    { reason: 'NotLeader', want: 'Abandoned' },
    { reason: 'Stopping', want: 'Abandoned' },
    { reason: 'PlaceVoid', want: 'NotSent(Update)' },
    { reason: 'ClaimChanged', want: 'NotSent(Update)' },
    { reason: 'ObservationStale', want: 'NotSent(Update)' },
  ] as const)('withheld by $reason: $want', ({ reason, want }) => {
    expect(wordOfOutcome(failedCall(view, withheld(reason), 'Update'))).toBe(want);
  });
});

const SAID = { message: 'no', retryAfterMs: undefined };

describe('what a failed write to Kubernetes means', () => {
  test.each([
    { kind: 'Conflict', want: 'Conflict' },
    { kind: 'Gone', want: 'Released' },
    { kind: 'KubernetesFailed', want: 'KubernetesFailed' },
    { kind: 'NotSent', want: 'KubernetesFailed' },
  ] as const)('$kind: $want', ({ kind, want }) => {
    const stop = { kind: 'WriteFailed', of: 'Record', failure: KUBERNETES_FAILURES[kind] } as const;
    expect(wordOfOutcome(stopOutcome(aView().stopped(stop).view()))).toBe(want);
  });

  test.each([
    { of: 'Finalizer', status: 403, want: 'Forbidden' },
    { of: 'Finalizer', status: 500, want: 'KubernetesFailed' },
    { of: 'Record', status: 403, want: 'KubernetesFailed' },
    { of: 'Rival', status: 403, want: 'KubernetesFailed' },
  ] as const)('$status for a $of: $want', ({ of, status, want }) => {
    const failure = { kind: 'KubernetesFailed', answered: true, status, ...SAID } as const;
    const stop = { kind: 'WriteFailed', of, failure } as const;
    expect(wordOfOutcome(stopOutcome(aView().stopped(stop).view()))).toBe(want);
  });

  test.each([
    { reason: 'NotLeader', want: 'Abandoned' },
    { reason: 'Stopping', want: 'Abandoned' },
    { reason: 'ClaimChanged', want: 'Conflict' },
    { reason: 'ObservationStale', want: 'Conflict' },
    { reason: 'PlaceVoid', want: 'Conflict' },
  ] as const)('withheld by $reason: $want', ({ reason, want }) => {
    const stop = { kind: 'WriteFailed', of: 'Record', failure: withheld(reason) } as const;
    expect(wordOfOutcome(stopOutcome(aView().stopped(stop).view()))).toBe(want);
  });
});

test.each([true, false])(
  'no place in the gate is a wait that counts (mutation: %s)',
  (mutation) => {
    const stopped = aView().waitingFor(3_000).stopped({ kind: 'NoPlace', mutation }).view();
    expect(stopOutcome(stopped)).toEqual({
      kind: 'Waiting',
      for: 'Lane',
      mutation,
      waitedMs: 3_000,
    });
  },
);
