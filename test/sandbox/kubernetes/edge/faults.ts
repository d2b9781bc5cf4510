/**
 * The switchboard for tests: everything that a network and an API server do wrong, on demand.
 *
 *   request -> onRequest('arrived') -> rules, hold('before') -> applied ->
 *              onRequest('applied') -> hold('after') -> resetAfter, hangAfter -> answer
 *
 * Rules apply in the order in which they were injected; each that matches strikes. All requests are
 * subject to faults except `EmbeddedKubernetes.request()`, which is the test's own back door.
 */

import { Failure } from '../failure.ts';
import type { Access } from '../verbs/access-review.ts';
import type { FaultedRequest, FaultRule, RequestMatch } from './fault-rules.ts';
import type { WatchStream } from './watch-stream.ts';

export type Stage = 'before' | 'after';

export interface HeldRequest {
  readonly request: FaultedRequest;
  /** Lets it go on. */
  release(): void;
  /** Resets its connection: unapplied when held before, unanswered when held after. */
  drop(): void;
}

export interface Revocable {
  /** How often it has struck. */
  readonly hits: number;
  remove(): void;
}

export interface KubernetesFaults {
  inject(rule: FaultRule): Revocable;
  /** The next request that matches waits at this stage; one request per call. */
  hold(match: RequestMatch, stage?: Stage): Promise<HeldRequest>;
  /** Runs synchronously, so that a test may kill a process at exactly this point. */
  onRequest(listener: (request: FaultedRequest, stage: 'arrived' | 'applied') => void): () => void;
  /** 403 for a verb on a resource (`resourceservers`, `resourceservers/status`, `*`). */
  deny(verb: string, resource: string): Revocable;
  /** Nothing goes in or out, watches included, until `thaw`. Connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Resets the connections of all open watches. */
  cutWatches(): void;
  /** Half-open: the watches that are open now never get another byte, nor an end. */
  stallWatches(): void;
  /** Ends all open watches cleanly, as their timeout would. */
  endWatches(): void;
  /** Ends all open watches with an ERROR frame: 410 Expired, for instance. */
  failWatches(code: number, reason: string, message: string): void;
  /** Writes this instead of the next frame of each open watch. */
  garbleNextFrame(text: string): void;
  readonly openWatches: number;
  /** Removes all rules, releases what is held, thaws. */
  clear(): void;
}

/** What the transport is told to do with a request at a stage. */
export type Verdict =
  | { readonly kind: 'go' }
  | { readonly kind: 'answer'; readonly rule: FaultRule }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

const GO: Verdict = { kind: 'go' };

interface ActiveRule {
  readonly rule: FaultRule;
  hits: number;
}

interface ActiveDenial {
  readonly verb: string;
  readonly resource: string;
  hits: number;
}

interface Hold {
  readonly match: RequestMatch;
  readonly stage: Stage;
  readonly caught: (held: HeldRequest) => void;
}

type Listener = (request: FaultedRequest, stage: 'arrived' | 'applied') => void;

export class Switchboard implements KubernetesFaults {
  readonly #rules = new Set<ActiveRule>();
  readonly #denials = new Set<ActiveDenial>();
  readonly #holds = new Set<Hold>();
  readonly #held = new Set<HeldRequest>();
  readonly #listeners = new Set<Listener>();
  readonly #streams = new Set<WatchStream>();
  #frozen: PromiseWithResolvers<void> | undefined;

  inject(rule: FaultRule): Revocable {
    const active = { rule, hits: 0 };
    this.#rules.add(active);
    return revocable(active, this.#rules);
  }

  deny(verb: string, resource: string): Revocable {
    const active = { verb, resource, hits: 0 };
    this.#denials.add(active);
    return revocable(active, this.#denials);
  }

  hold(match: RequestMatch, stage: Stage = 'before'): Promise<HeldRequest> {
    const { promise, resolve } = Promise.withResolvers<HeldRequest>();
    this.#holds.add({ match, stage, caught: resolve });
    return promise;
  }

  onRequest(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  freeze(): void {
    this.#frozen ??= Promise.withResolvers<void>();
    for (const stream of this.#streams) stream.freeze();
  }

  thaw(): void {
    for (const stream of this.#streams) stream.thaw();
    this.#frozen?.resolve();
    this.#frozen = undefined;
  }

  cutWatches(): void {
    for (const stream of this.#streams) stream.reset();
  }

  stallWatches(): void {
    for (const stream of this.#streams) stream.stall();
  }

  endWatches(): void {
    for (const stream of this.#streams) stream.end();
  }

  failWatches(code: number, reason: string, message: string): void {
    const { status } = new Failure({ code, reason, message });
    for (const stream of this.#streams) {
      stream.write(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
      stream.end();
    }
  }

  garbleNextFrame(text: string): void {
    for (const stream of this.#streams) stream.garbleNext(text);
  }

  get openWatches(): number {
    return this.#streams.size;
  }

  clear(): void {
    this.#rules.clear();
    this.#denials.clear();
    this.#holds.clear();
    for (const held of this.#held) held.release();
    this.thaw();
  }

  /** For the transport: a watch was opened; returns what to call when it is gone. */
  track(stream: WatchStream): () => void {
    this.#streams.add(stream);
    if (this.#frozen !== undefined) stream.freeze();
    return () => this.#streams.delete(stream);
  }

  isDenied({ verb, resource, subresource }: Access): boolean {
    const asked = subresource === '' ? resource : `${resource}/${subresource}`;
    for (const denial of this.#denials) {
      if (denial.verb !== '*' && denial.verb !== verb) continue;
      if (denial.resource !== '*' && denial.resource !== asked) continue;
      denial.hits += 1;
      return true;
    }
    return false;
  }

  /** For the transport: before the request is applied. */
  async before(request: FaultedRequest): Promise<readonly FaultRule[] | Verdict> {
    for (const listener of this.#listeners) listener(request, 'arrived');
    await this.#frozen?.promise;
    const struck = this.#strike(request);
    const held = await this.#holdAt(request, 'before');
    if (held.kind !== 'go') return held;
    for (const rule of struck) {
      const verdict = await this.#applyBefore(rule);
      if (verdict.kind !== 'go') return verdict;
    }
    await this.#frozen?.promise;
    return struck;
  }

  /** For the transport: after the request is applied, before it is answered. */
  async after(request: FaultedRequest, struck: readonly FaultRule[]): Promise<Verdict> {
    for (const listener of this.#listeners) listener(request, 'applied');
    const held = await this.#holdAt(request, 'after');
    await this.#frozen?.promise;
    if (held.kind !== 'go') return held;
    if (struck.some(({ action }) => action.kind === 'resetAfter')) return { kind: 'reset' };
    if (struck.some(({ action }) => action.kind === 'hangAfter')) return { kind: 'hang' };
    return GO;
  }

  #strike(request: FaultedRequest): readonly FaultRule[] {
    const struck = [...this.#rules].filter(({ rule }) => rule.match(request));
    for (const active of struck) {
      active.hits += 1;
      if (active.hits >= (active.rule.times ?? Number.POSITIVE_INFINITY))
        this.#rules.delete(active);
    }
    return struck.map(({ rule }) => rule);
  }

  async #applyBefore(rule: FaultRule): Promise<Verdict> {
    const { action } = rule;
    switch (action.kind) {
      case 'status':
      case 'raw':
        return { kind: 'answer', rule };
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, action.ms));
        return GO;
      case 'resetBefore':
        return { kind: 'reset' };
      case 'hangBefore':
        return { kind: 'hang' };
      case 'resetAfter':
      case 'hangAfter':
        return GO;
    }
  }

  #holdAt(request: FaultedRequest, stage: Stage): Promise<Verdict> {
    const hold = [...this.#holds].find((one) => one.stage === stage && one.match(request));
    if (hold === undefined) return Promise.resolve(GO);
    this.#holds.delete(hold);
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const settle = (verdict: Verdict): void => {
      this.#held.delete(held);
      resolve(verdict);
    };
    const held: HeldRequest = {
      request,
      release: () => settle(GO),
      drop: () => settle({ kind: 'reset' }),
    };
    this.#held.add(held);
    hold.caught(held);
    return promise;
  }
}

function revocable<T extends { hits: number }>(active: T, all: Set<T>): Revocable {
  return {
    get hits() {
      return active.hits;
    },
    remove: () => {
      all.delete(active);
    },
  };
}
