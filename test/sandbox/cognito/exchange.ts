/**
 * One request on its way through: it lands at most once, its connection is answered or reset at
 * most once, in whatever order a fault wants, and the log learns of both.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../src/ports.ts';
import type { Alarms } from './alarms.ts';
import type { Call } from './call.ts';
import type { ApiError } from './errors.ts';
import type { Judge, Verdict } from './judge.ts';
import type { CallLog, CallRecord, Delivery } from './log.ts';
import type { Judgement } from './operations.ts';
import type { Answer } from './wire.ts';

/** What decides, encodes and remembers; the same for every exchange of one server. */
export interface Backend {
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: CallLog;
  readonly judge: Judge;
  encode(call: Call, judgement: Judgement): Answer;
}

export interface Line {
  readonly response: ServerResponse;
  /** How long an answer is on its way. */
  readonly answerMs: number;
}

export class Exchange {
  readonly backend: Backend;
  readonly call: Call;
  readonly record: CallRecord;
  readonly #line: Line;
  #answer: Answer | undefined;

  constructor(backend: Backend, call: Call, line: Line) {
    this.backend = backend;
    this.call = call;
    this.record = backend.log.open(call, backend.clock.monotonicMs());
    this.#line = line;
    // A client that gave up while its request was under way.
    line.response.on('close', () => this.#end('Lost'));
  }

  /** Reaches Cognito, which judges and applies it; once, later calls repeat the answer. */
  land(): Answer {
    this.#answer ??= this.#decided((nowMs) => this.backend.judge.judge(this.call, nowMs));
    return this.#answer;
  }

  /** Reaches Cognito, which answers with this error and applies nothing. */
  refuse(error: ApiError): Answer {
    const judgement = { kind: 'Failure', error } as const;
    this.#answer ??= this.#decided(() => ({ judgement, admitted: false }));
    return this.#answer;
  }

  send(answer: Answer, delivery: Delivery = 'Intact'): void {
    this.backend.alarms.after(this.#line.answerMs, () => {
      if (this.#end(delivery)) write(this.#line.response, answer);
    });
  }

  /** The client sees a reset connection, at once. */
  reset(): void {
    if (this.#end('Lost')) this.#line.response.socket?.resetAndDestroy();
  }

  #decided(decide: (nowMs: number) => Verdict): Answer {
    const { clock, log } = this.backend;
    const landedAt = clock.monotonicMs();
    const { judgement, admitted } = decide(landedAt);
    log.note(this.record, {
      landedAt,
      outcome: judgement.kind === 'Success' ? 'Success' : judgement.error.name,
      admitted,
      effect: judgement.kind === 'Success' && judgement.effect,
    });
    return this.backend.encode(this.call, judgement);
  }

  /** Whether this ended it: what comes later finds the connection gone. */
  #end(delivery: Delivery): boolean {
    if (this.record.delivery !== 'Pending') return false;
    this.backend.log.note(this.record, { answeredAt: this.backend.clock.monotonicMs(), delivery });
    return true;
  }
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
