/**
 * One request on its way through: it lands at most once, its connection is answered or reset at
 * most once, in whatever order a fault wants, and the log learns of both.
 */
import type { ServerResponse } from 'node:http';
import type { Alarms } from './alarms.ts';
import type { Call } from './call.ts';
import type { Clock } from './clock.ts';
import type { ApiError } from './errors.ts';
import type { Judge } from './judge.ts';
import type { CallLog, CallRecord, Delivery } from './log.ts';
import type { Judgement } from './operations.ts';
import type { Answer } from './wire.ts';

/** What decides and encodes; the same for every exchange of one server. */
export interface Backend {
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: CallLog;
  readonly judge: Judge;
  encode(call: Call, judgement: Judgement): Answer;
}

export interface Exchange {
  readonly call: Call;
  readonly record: CallRecord;
  readonly backend: Backend;
  /** Reaches Cognito, which judges it and applies it; once, later calls repeat the answer. */
  land(): Answer;
  /** Cognito's answer is this error, and nothing is applied. */
  refuse(error: ApiError): Answer;
  send(answer: Answer, delivery?: Delivery): void;
  /** The client sees a reset connection, at once. */
  reset(): void;
}

export interface Line {
  readonly response: ServerResponse;
  /** How long an answer is on its way. */
  readonly answerMs: number;
}

export function createExchange(
  backend: Backend,
  call: Call,
  record: CallRecord,
  { response, answerMs }: Line,
): Exchange {
  const { clock, alarms, log } = backend;
  let landed: Answer | undefined;

  const decide = (judgement: Judgement, admitted: boolean): Answer => {
    log.note(record, {
      landedAt: clock.now(),
      outcome: judgement.kind === 'Success' ? 'Success' : judgement.error.name,
      admitted,
      effect: judgement.kind === 'Success' && judgement.effect,
    });
    landed = backend.encode(call, judgement);
    return landed;
  };
  const end = (delivery: Delivery): boolean => {
    if (record.delivery !== 'Pending') return false;
    log.note(record, { answeredAt: clock.now(), delivery });
    return true;
  };
  const land = (): Answer => {
    if (landed !== undefined) return landed;
    const { judgement, admitted } = backend.judge.judge(call);
    return decide(judgement, admitted);
  };

  // A client that gave up while its request was under way.
  response.on('close', () => end('Lost'));
  return {
    call,
    record,
    backend,
    land,
    refuse: (error) => decide({ kind: 'Failure', error }, false),
    send(answer, delivery = 'Intact') {
      alarms.after(answerMs, () => {
        if (end(delivery)) write(response, answer);
      });
    },
    reset() {
      if (end('Lost')) response.socket?.resetAndDestroy();
    },
  };
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
