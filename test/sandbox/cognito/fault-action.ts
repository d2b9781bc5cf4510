/**
 * What can go wrong with one call, and how it is played:
 *
 *   client ──▶ arrives ──▶ lands: rates, validation, effect ──▶ answer ──▶ client
 *                 │                                               │
 *         before-effect                                     after-effect
 *      resetBefore, late, hang                   resetAfter, hang, damaged answers
 */
import { randomUUID } from 'node:crypto';
import { emptied, garbage, htmlPage, misdirected, padded, rewritten, truncated } from './damage.ts';
import { type ApiError, tooManyRequests } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Stage } from './hold.ts';
import type { Answer } from './wire.ts';

export type FaultAction = Refusal | Damage | Interruption;

/** Refused by Cognito: nothing takes effect, no rate is used. */
export type Refusal =
  /** TooManyRequestsException, whatever the rates say. */
  | { readonly kind: 'throttle' }
  /** AccessDeniedException, as IAM words it. */
  | { readonly kind: 'accessDenied' }
  /** Any other; `httpStatus` is 400 by default. */
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly httpStatus?: number;
    };

/** Served and applied, but the answer arrives spoilt. */
export type Damage =
  /** Half of it arrives. */
  | { readonly kind: 'truncatedJson' }
  /** It is noise. */
  | { readonly kind: 'garbage' }
  /** It carries that many bytes nobody asked for. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** Status and headers arrive, no body. */
  | { readonly kind: 'emptyBody' }
  /** It names another identifier. */
  | { readonly kind: 'wrongEcho'; readonly identifier?: string }
  /** Its JSON is changed on the way. */
  | { readonly kind: 'rewrite'; readonly output: Rewrite };

/** Something on the way breaks, before the request takes effect or after. */
export type Interruption =
  /** The connection is reset before the request takes effect. */
  | { readonly kind: 'resetBefore' }
  /** It takes effect, then the connection is reset. */
  | { readonly kind: 'resetAfter' }
  /** The client sees a reset at once; the request lands that much later. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Never answered. */
  | { readonly kind: 'hang'; readonly effect: Effect }
  | Delay
  | Page;

/** Served normally, that much later; after-effect delays only the answer. */
interface Delay {
  readonly kind: 'delayMs';
  readonly ms: number;
  readonly stage?: Stage;
}

/** An HTML page; by default of a proxy (no request id) that did not pass the request on. */
interface Page {
  readonly kind: 'html';
  readonly status: number;
  readonly requestId?: 'present' | 'absent';
  readonly effect?: Effect;
  /** Instead of one that people can read. */
  readonly body?: string;
  /** It passes the request on so long after its answer. */
  readonly passedOnAfterMs?: number;
}

/** Whether the request took effect although its answer says otherwise. */
export type Effect = 'applied' | 'none';

export type Rewrite = (output: Readonly<Record<string, unknown>>) => Record<string, unknown>;

export function play(action: FaultAction, exchange: Exchange): void {
  exchange.backend.log.note(exchange.record, { fault: action.kind });
  switch (action.kind) {
    case 'throttle':
    case 'accessDenied':
    case 'error':
      return exchange.send(exchange.refuse(errorOf(action, exchange)));
    case 'truncatedJson':
    case 'garbage':
    case 'huge':
    case 'emptyBody':
    case 'wrongEcho':
    case 'rewrite':
      return exchange.send(damaged(action, exchange.land()), 'Damaged');
    case 'resetBefore':
    case 'resetAfter':
    case 'late':
    case 'hang':
    case 'delayMs':
    case 'html':
      return interrupt(action, exchange);
  }
}

function errorOf(action: Refusal, { backend, call }: Exchange): ApiError {
  if (action.kind === 'throttle') return tooManyRequests();
  if (action.kind === 'accessDenied') return backend.judge.denialOf(call);
  const { name, message, httpStatus = 400 } = action;
  return { name, message, status: httpStatus };
}

function damaged(action: Damage, sound: Answer): Answer {
  if (action.kind === 'truncatedJson') return truncated(sound);
  if (action.kind === 'garbage') return garbage(sound);
  if (action.kind === 'huge') return padded(sound, action.bytes);
  if (action.kind === 'emptyBody') return emptied(sound);
  if (action.kind === 'rewrite') return rewritten(sound, action.output);
  return misdirected(sound, action.identifier ?? 'another-identifier');
}

function interrupt(action: Interruption, exchange: Exchange): void {
  switch (action.kind) {
    case 'resetBefore':
      return exchange.reset();
    case 'resetAfter':
      exchange.land();
      return exchange.reset();
    case 'late':
      exchange.reset();
      return exchange.backend.alarms.after(action.ms, () => void exchange.land());
    case 'hang':
      if (action.effect === 'applied') exchange.land();
      return;
    case 'delayMs':
      return delay(action, exchange);
    case 'html':
      return answerWithPage(action, exchange);
  }
}

function delay({ ms, stage = 'before-effect' }: Delay, exchange: Exchange): void {
  if (stage === 'after-effect') exchange.land();
  exchange.backend.alarms.after(ms, () => exchange.send(exchange.land()));
}

function answerWithPage(page: Page, exchange: Exchange): void {
  const { status, requestId = 'absent', effect = 'none', passedOnAfterMs } = page;
  if (effect === 'applied') exchange.land();
  const id = requestId === 'present' ? randomUUID() : undefined;
  const sent = htmlPage(status, id);
  exchange.send({ ...sent, body: page.body ?? sent.body }, 'Damaged');
  if (passedOnAfterMs === undefined) return;
  exchange.backend.alarms.after(passedOnAfterMs, () => void exchange.land());
}
