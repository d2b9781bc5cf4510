/**
 * One replica of the operator. It has an access key of its own, so that the embedded Cognito's log
 * tells who called.
 */
import type { CallRecord } from '../sandbox/cognito/log.ts';
import { isMutation } from '../sandbox/cognito/log.ts';
import type { EmbeddedCognito } from '../sandbox/cognito/server.ts';
import { freezeProcess, thawProcess } from '../support/freeze.ts';
import type { OperatorProcess } from '../support/launch.ts';
import { ofLine } from './moments.ts';

export interface Replica extends OperatorProcess {
  readonly accessKey: string;
  /** When its term began; NaN when it has not led. */
  readonly ledAtMs: number;
  /** It began a term, knows of no end of it, and its process lives. */
  isLeading(): boolean;
  /** SIGSTOP: it stands still and notices nothing. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): void;
  /** What reached Cognito of it, in order of arrival; STS has no part in it. */
  calls(): readonly CallRecord[];
  mutations(): readonly CallRecord[];
}

export function replicaOf(
  operator: OperatorProcess,
  accessKey: string,
  { log }: EmbeddedCognito,
): Replica {
  const calls = () =>
    log.calls().filter((call) => call.accessKey === accessKey && call.pool !== undefined);
  return {
    ...operator,
    accessKey,
    get complaints() {
      return operator.complaints;
    },
    get ledAtMs() {
      return ofLine(operator.said('leading')[0]);
    },
    isLeading: () =>
      operator.isRunning() &&
      operator.said('leading').length > 0 &&
      operator.said('leadership is lost').length === 0,
    freeze: () => freezeProcess(operator.pid),
    thaw: () => thawProcess(operator.pid),
    calls,
    mutations: () => calls().filter(isMutation),
  };
}
