/**
 * Every call to AWS goes through here: its deadline, its one attempt, the reading of its answer,
 * and its place in the metrics. Never throws for what AWS or the network does.
 */
import type { CognitoFailure } from '../../core/failure.ts';
import type { Log, Metrics } from '../../ports.ts';
import { type Answer, answered, type Call, type Clock, failed, withheld } from '../../ports.ts';
import type { Read } from './answer.ts';
import { type Attempt, attempt, type Interceptable, type Raised } from './attempt.ts';
import { type AwsOperation, failureOf, garbled, isUnknownName } from './failure.ts';
import { nameOf, type Strike } from './wording.ts';

export interface DispatchOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly secrets: Strike;
  readonly callDeadlineMs: number;
}

export interface AwsRequest<Input extends object, Output extends object, Value> {
  readonly operation: AwsOperation;
  /** A fresh SDK command. */
  readonly command: Interceptable<Input, Output>;
  readonly send: (signal: AbortSignal) => Promise<Output>;
  readonly read: (output: unknown, requestId: string | undefined) => Read<Value>;
}

export type Dispatch = <Input extends object, Output extends object, Value>(
  request: AwsRequest<Input, Output, Value>,
  call: Call,
) => Promise<Answer<Value, CognitoFailure>>;

export function createDispatch(options: DispatchOptions): Dispatch {
  const { clock, metrics, secrets, callDeadlineMs } = options;
  const meet = createAcquaintance(options);
  return async (request, call) => {
    const { operation, command, send, read } = request;
    const start = clock.monotonicMs();
    const deadline = clock.deadline(callDeadlineMs, call.signal);
    const made = await attempt(command, send, { signal: deadline.signal, guard: call.guard });
    deadline.cancel();
    const judged = judge(made, read);
    if (judged.kind === 'Withheld') return withheld(judged.reason);
    const answer =
      judged.kind === 'Raised' ? failed(failureOf(judged, operation, secrets)) : judged;
    if (judged.kind === 'Raised') meet(judged, operation);
    const code = answer.kind === 'Answered' ? 'OK' : answer.failure.kind;
    metrics.count('cognito_operator_aws_requests_total', { operation, code });
    const seconds = (clock.monotonicMs() - start) / 1_000;
    metrics.observe('cognito_operator_aws_request_duration_seconds', { operation }, seconds);
    return answer;
  };
}

type Judged<Value> = Answer<Value, never> | Exclude<Attempt<never>, { readonly kind: 'Output' }>;

function judge<Output, Value>(
  made: Attempt<Output>,
  read: (output: unknown, requestId: string | undefined) => Read<Value>,
): Judged<Value> {
  if (made.kind !== 'Output') return made;
  const { output, requestId } = made;
  const reading = read(output, requestId);
  return reading.kind === 'Garbled' ? garbled(reading.why, requestId) : answered(reading.value);
}

/** Names beyond this many are counted and not logged. */
const LOGGED_NAMES_MAX = 100;

/** Counts the errors nobody here has met, and logs each name once. */
function createAcquaintance({ log, metrics, secrets }: DispatchOptions) {
  const logged = new Set<string>();
  return ({ error, phase }: Raised, operation: AwsOperation): void => {
    const name = nameOf(error, secrets);
    if (phase !== 'Answered' || !isUnknownName(name)) return;
    metrics.count('cognito_operator_aws_unknown_errors_total', { name });
    if (logged.has(name) || logged.size >= LOGGED_NAMES_MAX) return;
    logged.add(name);
    log.warn('AWS answered with an error of an unknown name', { name, operation });
  };
}
