/**
 * The switchboard of faults: rules that wait for matching calls, and holds that stop one call at
 * an exact point. A hold goes before the rules; of the rules, the oldest that matches.
 *
 *   client ──▶ arrives ──▶ lands: quotas, validation, effect ──▶ answer ──▶ client
 *                 │                                               │
 *         before-effect                                     after-effect
 *      resetBefore, late, hang                   resetAfter, hang, damaged answers
 */
import { randomUUID } from 'node:crypto';
import type { Call } from './call.ts';
import { emptied, garbage, htmlPage, misdirected, padded, rewritten, truncated } from './damage.ts';
import { tooManyRequests } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { createHolds, type HeldCall, type Stage } from './hold.ts';
import type { Gatekeeper } from './signature.ts';
import type { Answer } from './wire.ts';

/** Each member that is present narrows the match; an empty match is every call. */
export interface CallMatch {
  readonly operation?: string;
  readonly pool?: string;
  readonly identifier?: string;
  readonly predicate?: (call: Call) => boolean;
}

/** Whether the request took effect although its answer says otherwise. */
export type Effect = 'applied' | 'none';

export type FaultAction =
  /** TooManyRequestsException, whatever the rates say. */
  | { readonly kind: 'throttle' }
  /** Refused by Cognito with this error; `httpStatus` is 400 by default. */
  | ErrorAction
  /** AccessDeniedException, as IAM words it. */
  | { readonly kind: 'accessDenied' }
  | HtmlAction
  /** Takes effect; half of the answer arrives. */
  | { readonly kind: 'truncatedJson' }
  /** Takes effect; the answer is noise. */
  | { readonly kind: 'garbage' }
  /** Takes effect; the answer carries an unknown member of that size. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** Takes effect; status and headers arrive, no body. */
  | { readonly kind: 'emptyBody' }
  /** The connection is reset before the request takes effect. */
  | { readonly kind: 'resetBefore' }
  /** It takes effect, then the connection is reset. */
  | { readonly kind: 'resetAfter' }
  | DelayAction
  /** Never answered. */
  | { readonly kind: 'hang'; readonly effect: Effect }
  /** The client sees a reset at once; the request lands that much later. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Takes effect; the answer names another identifier. */
  | { readonly kind: 'wrongEcho'; readonly identifier?: string }
  /** Takes effect; the answer's JSON is changed on the way. */
  | { readonly kind: 'rewrite'; readonly output: Rewrite };

interface ErrorAction {
  readonly kind: 'error';
  readonly name: string;
  readonly message: string;
  readonly httpStatus?: number;
}

/** An HTML page, by default of a proxy (no request id) that did not pass the request on. */
interface HtmlAction {
  readonly kind: 'html';
  readonly status: number;
  readonly requestId?: 'present' | 'absent';
  readonly effect?: Effect;
}

/** Served normally, that much later; after-effect delays only the answer. */
interface DelayAction {
  readonly kind: 'delayMs';
  readonly ms: number;
  readonly stage?: Stage;
}

export type Rewrite = (output: Readonly<Record<string, unknown>>) => Record<string, unknown>;

export interface FaultRule {
  readonly match?: CallMatch;
  /** How many calls it strikes; until cleared when absent. */
  readonly times?: number;
  readonly action: FaultAction;
}

export interface PlacedFault {
  /** Calls it has struck. */
  readonly hits: number;
  clear(): void;
}

export interface CognitoFaults {
  add(rule: FaultRule): PlacedFault;
  /**
   * Resolves when the next matching call arrives, which then stands still at the stage
   * (before-effect by default) until it is released or dropped. Rejects when the server closes.
   */
  hold(match: CallMatch, stage?: Stage): Promise<HeldCall>;
  /** Every call is refused with UnrecognizedClientException until valid again. */
  setCredentialsValid(valid: boolean): void;
  /** Every call is refused with ExpiredTokenException until credentials are valid again. */
  expireCredentials(): void;
  /** Takes back everything above; calls that are already held stay held. */
  clear(): void;
}

export interface Switchboard {
  readonly faults: CognitoFaults;
  /** Plays the fault that waits for this call, or serves it. */
  play(exchange: Exchange): void;
  close(): void;
}

interface Rule {
  readonly match: CallMatch;
  readonly times: number;
  readonly action: FaultAction;
  hits: number;
}

export function createSwitchboard(gatekeeper: Gatekeeper): Switchboard {
  const rules = new Set<Rule>();
  const holds = createHolds();

  const strike = (call: Call): FaultAction | undefined => {
    const rule = [...rules].find(({ match }) => matches(match, call));
    if (rule === undefined) return undefined;
    rule.hits += 1;
    if (rule.hits >= rule.times) rules.delete(rule);
    return rule.action;
  };

  return {
    faults: {
      add({ match = {}, times = Number.POSITIVE_INFINITY, action }) {
        const rule: Rule = { match, times, action, hits: 0 };
        rules.add(rule);
        return {
          get hits() {
            return rule.hits;
          },
          clear: () => rules.delete(rule),
        };
      },
      hold: (match, stage = 'before-effect') => holds.place((call) => matches(match, call), stage),
      setCredentialsValid: (valid) => gatekeeper.setValidity(valid ? 'valid' : 'invalid'),
      expireCredentials: () => gatekeeper.setValidity('expired'),
      clear() {
        rules.clear();
        holds.clear('the faults were cleared');
        gatekeeper.setValidity('valid');
      },
    },
    play(exchange) {
      if (holds.take(exchange)) return;
      const action = strike(exchange.call);
      if (action === undefined) return exchange.send(exchange.land());
      exchange.backend.log.note(exchange.record, { fault: action.kind });
      playAction(action, exchange);
    },
    close: () => holds.clear('the embedded Cognito was closed'),
  };
}

const matches = (match: CallMatch, call: Call): boolean =>
  (match.operation === undefined || match.operation === call.operation) &&
  (match.pool === undefined || match.pool === call.pool) &&
  (match.identifier === undefined || match.identifier === call.identifier) &&
  (match.predicate === undefined || match.predicate(call));

/** One line per kind: what lands, and what arrives. */
function playAction(action: FaultAction, exchange: Exchange): void {
  const { backend, call } = exchange;
  const damaged = (answer: Answer): void => exchange.send(answer, 'Damaged');
  switch (action.kind) {
    case 'throttle':
      return exchange.send(exchange.refuse(tooManyRequests()));
    case 'error':
      return exchange.send(exchange.refuse({ ...action, status: action.httpStatus ?? 400 }));
    case 'accessDenied':
      return exchange.send(exchange.refuse(backend.judge.denialOf(call)));
    case 'html':
      return playHtml(action, exchange);
    case 'truncatedJson':
      return damaged(truncated(exchange.land()));
    case 'garbage':
      return damaged(garbage(exchange.land()));
    case 'huge':
      return damaged(padded(exchange.land(), action.bytes));
    case 'emptyBody':
      return damaged(emptied(exchange.land()));
    case 'resetBefore':
      return exchange.reset();
    case 'resetAfter':
      exchange.land();
      return exchange.reset();
    case 'delayMs':
      return playDelay(action, exchange);
    case 'hang':
      if (action.effect === 'applied') exchange.land();
      return;
    case 'late':
      exchange.reset();
      return backend.alarms.after(action.ms, () => void exchange.land());
    case 'wrongEcho':
      return damaged(misdirected(exchange.land(), action.identifier ?? 'another-identifier'));
    case 'rewrite':
      return damaged(rewritten(exchange.land(), action.output));
  }
}

function playHtml(
  { status, requestId = 'absent', effect = 'none' }: HtmlAction,
  exchange: Exchange,
): void {
  const unlanded: Answer = {
    status,
    headers: { 'x-amzn-requestid': randomUUID() },
    body: '',
  };
  const sound = effect === 'applied' ? exchange.land() : unlanded;
  exchange.send(htmlPage({ status, requestId }, sound), 'Damaged');
}

function playDelay({ ms, stage = 'before-effect' }: DelayAction, exchange: Exchange): void {
  if (stage === 'after-effect') exchange.land();
  exchange.backend.alarms.after(ms, () => exchange.send(exchange.land()));
}
