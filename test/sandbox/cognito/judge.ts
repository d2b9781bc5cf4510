/**
 * What happens to a call that lands, in the order of the service's front door: known operation,
 * signature, rates, validation, the operation itself. Whether refused calls count against
 * the rates is not documented: here the invalid ones do, the unsigned and throttled do not.
 */
import type { Call } from './call.ts';
import { refusalOf } from './constraints.ts';
import {
  type ApiError,
  accessDenied,
  serialization,
  tooManyRequests,
  unknownOperation,
} from './errors.ts';
import { inputOf } from './input.ts';
import { isOperation, type Operation, operationModels } from './model.ts';
import { type Endpoint, type Judgement, operate, type World } from './operations.ts';
import type { AccountRates } from './rates.ts';
import type { Gatekeeper } from './signature.ts';
import { callerIdentity, identityIn } from './sts.ts';

export interface Verdict {
  readonly judgement: Judgement;
  /** It was within the request rates, and counts against them. */
  readonly admitted: boolean;
}

export interface Judge {
  /**
   * Judges the call by the rates, quotas and contents of this moment, and applies it.
   *
   * @param nowMs monotonic: the log has to say the very moment by which the rates were judged
   */
  judge(call: Call, nowMs: number): Verdict;
  /** What IAM says to a call it denies. */
  denialOf(call: Call): ApiError;
  accountId(): string;
  setAccountId(accountId: string): void;
}

export interface JudgeParts {
  readonly world: World;
  readonly rates: AccountRates;
  readonly gatekeeper: Gatekeeper;
  readonly accountId: string;
}

export function createJudge({ world, rates, gatekeeper, accountId }: JudgeParts): Judge {
  let identity = identityIn(accountId);

  const judgeQuery = (call: Call): Verdict =>
    refused(gatekeeper.refusalOf(call.credential, 'sts', call.request)) ?? {
      judgement: callerIdentity(call.input ?? {}, identity),
      admitted: false,
    };

  const judgeJson = (call: Call, nowMs: number): Verdict => {
    const { operation, credential } = call;
    if (!isOperation(operation)) return refusal(unknown(operation));
    const unsigned = refused(gatekeeper.refusalOf(credential, 'cognito-idp', call.request));
    if (unsigned !== undefined) return unsigned;
    const endpoint = { accountId: identity.accountId, region: regionOf(call) };
    const account = `${endpoint.accountId} ${endpoint.region}`;
    const isAdmitted = rates.admit({ operation, account, pool: call.pool }, nowMs);
    if (!isAdmitted) return refusal(tooManyRequests());
    return { judgement: judgeInput(world, operation, call.input, endpoint), admitted: true };
  };

  return {
    judge: (call, nowMs) => (call.protocol === 'query' ? judgeQuery(call) : judgeJson(call, nowMs)),
    denialOf: (call) => denial(call, identity),
    accountId: () => identity.accountId,
    setAccountId(next) {
      identity = identityIn(next);
    },
  };
}

function judgeInput(
  world: World,
  operation: Operation,
  input: Call['input'],
  endpoint: Endpoint,
): Judgement {
  if (input === undefined)
    return { kind: 'Failure', error: serialization('The request body is not a JSON object.') };
  const error = refusalOf(operationModels[operation].input, input);
  if (error !== undefined) return { kind: 'Failure', error };
  return operate(world, operation, inputOf(input), endpoint);
}

const refusal = (error: ApiError): Verdict => ({
  judgement: { kind: 'Failure', error },
  admitted: false,
});

const refused = (error: ApiError | undefined): Verdict | undefined =>
  error === undefined ? undefined : refusal(error);

const regionOf = ({ credential }: Call): string =>
  credential.kind === 'Signed' ? credential.region : '';

const unknown = (operation: string): ApiError =>
  unknownOperation(`The embedded Cognito does not know the operation ${operation}.`);

function denial(call: Call, { accountId, callerArn }: ReturnType<typeof identityIn>): ApiError {
  if (call.protocol === 'query')
    return accessDenied({ callerArn, action: `sts:${call.operation}`, resource: '*' });
  const userPool = `userpool/${call.pool ?? ''}`;
  return accessDenied({
    callerArn,
    action: `cognito-idp:${call.operation}`,
    resource: `arn:aws:cognito-idp:${regionOf(call)}:${accountId}:${userPool}`,
  });
}
