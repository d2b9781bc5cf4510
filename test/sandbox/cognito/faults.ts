/**
 * The switchboard of faults: rules that strike matching calls, and holds that stop one call at an
 * exact point. A hold goes before the rules; of the rules, the oldest that matches.
 */
import type { Call } from './call.ts';
import type { Exchange } from './exchange.ts';
import { type FaultAction, play } from './fault-action.ts';
import { type HeldCall, Holds, type Stage } from './hold.ts';
import type { Gatekeeper } from './signature.ts';

/** Each member that is present narrows the match; an empty match is every call. */
export interface CallMatch {
  readonly operation?: string;
  readonly pool?: string;
  readonly identifier?: string;
  readonly predicate?: (call: Call) => boolean;
}

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

interface Rule {
  readonly match: CallMatch;
  readonly times: number;
  readonly action: FaultAction;
  hits: number;
}

export class CognitoFaults {
  readonly #gatekeeper: Gatekeeper;
  readonly #rules = new Set<Rule>();
  readonly #holds = new Holds();

  constructor(gatekeeper: Gatekeeper) {
    this.#gatekeeper = gatekeeper;
  }

  add({ match = {}, times = Number.POSITIVE_INFINITY, action }: FaultRule): PlacedFault {
    const rule: Rule = { match, times, action, hits: 0 };
    this.#rules.add(rule);
    return {
      get hits() {
        return rule.hits;
      },
      clear: () => void this.#rules.delete(rule),
    };
  }

  /**
   * Resolves when the next matching call arrives, which then stands still at the stage until it
   * is released or dropped. Rejects when the faults are cleared or the server closes.
   */
  hold(match: CallMatch, stage: Stage = 'before-effect'): Promise<HeldCall> {
    return this.#holds.place((call) => matches(match, call), stage);
  }

  /** Every call is refused with UnrecognizedClientException until valid again. */
  setCredentialsValid(valid: boolean): void {
    this.#gatekeeper.setValidity(valid ? 'valid' : 'invalid');
  }

  /** Every call is refused with ExpiredTokenException until credentials are valid again. */
  expireCredentials(): void {
    this.#gatekeeper.setValidity('expired');
  }

  /** Takes back everything above; calls that are already held stay held. */
  clear(): void {
    this.#rules.clear();
    this.#holds.clear();
    this.#gatekeeper.setValidity('valid');
  }

  /** For the server: plays the fault that waits for this call, or serves it. */
  serve(exchange: Exchange): void {
    if (this.#holds.take(exchange)) return;
    const action = this.#strike(exchange.call);
    if (action === undefined) return exchange.send(exchange.land());
    play(action, exchange);
  }

  #strike(call: Call): FaultAction | undefined {
    for (const rule of this.#rules) {
      if (!matches(rule.match, call)) continue;
      rule.hits += 1;
      if (rule.hits >= rule.times) this.#rules.delete(rule);
      return rule.action;
    }
    return undefined;
  }
}

const matches = (match: CallMatch, call: Call): boolean =>
  (match.operation === undefined || match.operation === call.operation) &&
  (match.pool === undefined || match.pool === call.pool) &&
  (match.identifier === undefined || match.identifier === call.identifier) &&
  (match.predicate === undefined || match.predicate(call));
