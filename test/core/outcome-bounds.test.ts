/** How long a wait is where somebody else names it, and what a failure keeps of its words. */
import { describe, expect, test } from 'vitest';
import { RETRY } from '../../src/core/backoff.ts';
import { accountMismatch, failedCall, requeueOf, stopOutcome } from '../../src/core/outcome.ts';
import { ACCOUNT, aResourceServer, aView, OTHER_ACCOUNT } from '../support/builders.ts';
import { ALREADY_EXISTS, NOT_FOUND, UNANSWERED } from './failures.ts';

describe('an API server that asks us to wait', () => {
  const failure = {
    kind: 'KubernetesFailed',
    answered: true,
    status: 429,
    message: 'slow down',
    retryAfterMs: 5_000,
  } as const;

  test('is obeyed', () => {
    const stop = { kind: 'WriteFailed', of: 'Record', failure } as const;
    const outcome = stopOutcome(aView().stopped(stop).view());
    expect(outcome).toEqual({
      kind: 'KubernetesFailed',
      message: 'slow down',
      retryAfterMs: 5_000,
    });
    expect(requeueOf(outcome, false)).toEqual({ kind: 'After', delayMs: 5_000 });
  });

  test('is obeyed for a minute at most', () => {
    const outcome = { ...failure, retryAfterMs: 3_600_000 };
    expect(requeueOf(outcome, false)).toEqual({ kind: 'After', delayMs: 60_000 });
  });

  test('and does not say for how long is asked at backoff', () => {
    const outcome = { kind: 'KubernetesFailed', message: 'no' } as const;
    expect(requeueOf(outcome, false)).toEqual({ kind: 'Again', policy: RETRY });
  });
});

test.each([
  { remainingMs: -1, want: { kind: 'After', delayMs: 0 } },
  { remainingMs: 1_500, want: { kind: 'After', delayMs: 1_500 } },
  { remainingMs: 1_501, want: { kind: 'Again', policy: { ...RETRY, maxMs: 1_501 } } },
])('what may land for $remainingMs ms more is looked for in time', ({ remainingMs, want }) => {
  expect(requeueOf({ kind: 'Waiting', for: 'Late', remainingMs }, false)).toEqual(want);
});

describe('a failed call', () => {
  const view = aView(aResourceServer().finalized().withRemote());

  test.each(['Update', 'Delete'] as const)(
    'an %s that finds nothing decides again',
    (operation) => {
      expect(failedCall(view.view(), NOT_FOUND, operation)).toEqual({ kind: 'Conflict' });
    },
  );

  test('is told with the name of the error', () => {
    expect(failedCall(view.view(), UNANSWERED, 'Update')).toEqual({
      kind: 'Unanswered',
      mutation: true,
      operation: 'Update',
      message: 'TimeoutError: no answer in time',
    });
  });

  test('of a server that is said to be there and is not, is a mutation that went wrong', () => {
    const contradicted = view.rejected(ALREADY_EXISTS).view();
    expect(failedCall(contradicted, ALREADY_EXISTS, 'Create')).toEqual({
      kind: 'Unavailable',
      mutation: true,
      operation: 'Create',
      message: ALREADY_EXISTS.message,
    });
  });

  test('that says so of a server that nobody has just tried to create is refused as it says', () => {
    expect(failedCall(view.view(), ALREADY_EXISTS, 'Update')).toEqual({
      kind: 'Rejected',
      reason: ALREADY_EXISTS.reason,
      message: ALREADY_EXISTS.message,
    });
  });
});

test('credentials of another account are told with both accounts', () => {
  const recorded = aResourceServer().finalized().withRemote({ accountId: ACCOUNT });
  expect(accountMismatch(aView(recorded).withAccount(OTHER_ACCOUNT).view())).toEqual({
    kind: 'AccountMismatch',
    recorded: ACCOUNT,
    caller: OTHER_ACCOUNT,
  });
});
