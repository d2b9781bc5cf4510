/**
 * One term of leadership: renews the Lease until it ends or is lost.
 *
 * Guarantees: `assertLeader` compares the monotonic clock and nothing else, so it says no on the
 * first line after a stall of the event loop; once it said no it never says yes again. `lost`
 * aborts when the Lease names another, or could not be renewed in time.
 *
 * Assumes: whoever gets a term ends it, after everything done under it has come to rest.
 */
import { type Claim, judgeAsLeader, type LeaseRecord } from '../core/lease.ts';
import type { Guard } from '../ports.ts';
import type { LeaseAccess } from './lease-access.ts';

export interface Term {
  /** Monotonic; the Lease was ours before this moment. */
  readonly startedAtMs: number;
  /** Aborted when leadership is lost; not by `end`. */
  readonly lost: AbortSignal;
  /** Synchronous: asked in the last step before a request leaves. */
  readonly assertLeader: Guard;
  /**
   * Leads no longer, and releases the Lease if it is still ours, so that a standby takes over at
   * once. The last thing a process does; may be called twice; takes `renewDeadlineMs` at most.
   */
  end(): Promise<void>;
}

/** What the write that won or renewed the Lease left behind. */
export interface Hold {
  readonly record: LeaseRecord;
  /** Monotonic, from before that write was sent. */
  readonly sentAtMs: number;
}

export function createTerm(access: LeaseAccess, hold: Hold): Term {
  const term = new RenewingTerm(access, hold);
  return {
    startedAtMs: access.ports.clock.monotonicMs(),
    lost: term.lost,
    assertLeader: () => (term.isLeading() ? undefined : 'NotLeader'),
    end: () => term.end(),
  };
}

/** Writes of the release, when others keep editing the Lease. */
const RELEASE_TRIES_MAX = 3;

class RenewingTerm {
  readonly #access: LeaseAccess;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  readonly #renewing: Promise<void>;
  /** The Lease as we last wrote it; `undefined` when that may be outdated. */
  #record: LeaseRecord | undefined;
  #validUntilMs: number;
  #renewAtMs: number;
  #ending: Promise<void> | undefined;

  constructor(access: LeaseAccess, hold: Hold) {
    const { renewDeadlineMs, retryPeriodMs } = access.ports.settings;
    this.#access = access;
    this.#record = hold.record;
    this.#validUntilMs = hold.sentAtMs + renewDeadlineMs;
    this.#renewAtMs = hold.sentAtMs + retryPeriodMs;
    this.#report(1);
    this.#renewing = this.#renewUntilStopped();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  isLeading(): boolean {
    return !this.#stop.signal.aborted && this.#nowMs() < this.#validUntilMs;
  }

  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    this.#report(0);
    await this.#release();
  }

  async #renewUntilStopped(): Promise<void> {
    const { clock } = this.#access.ports;
    while (!this.#stop.signal.aborted) {
      const wakeAtMs = Math.min(this.#renewAtMs, this.#validUntilMs);
      await clock.sleep(Math.max(wakeAtMs - this.#nowMs(), 0), this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      if (this.#nowMs() >= this.#validUntilMs) return this.#lose('not renewed in time');
      await this.#renew();
    }
  }

  /** The fast path writes over what we wrote last; after any failure the Lease is read first. */
  async #renew(): Promise<void> {
    const isFast = this.#record !== undefined;
    this.#renewAtMs = this.#nowMs() + this.#access.ports.settings.retryPeriodMs;
    const claim = await this.#claim();
    if (claim === undefined || this.#stop.signal.aborted) return;
    const sentAtMs = this.#nowMs();
    const answer = await this.#access.claim(claim, this.#withinMs(), this.#stop.signal);
    this.#record = undefined;
    if (answer.kind === 'Answered') return this.#renewed({ record: answer.value, sentAtMs });
    const { kind } = answer.failure;
    if (isFast && (kind === 'Conflict' || kind === 'Gone')) this.#renewAtMs = this.#nowMs();
  }

  async #claim(): Promise<Claim | undefined> {
    if (this.#record !== undefined) return { kind: 'Renew', record: this.#record };
    const { identity, metrics, lease } = this.#access.ports;
    metrics.count('leader_election_slowpath_total', { name: lease });
    const answer = await this.#access.read(this.#withinMs(), this.#stop.signal);
    if (answer.kind === 'Failed') return undefined;
    const verdict = judgeAsLeader(answer.value, identity);
    if (verdict.kind !== 'Lost') return verdict;
    this.#lose('the lease names another holder', { holder: verdict.holder });
    return undefined;
  }

  /** An answer that came too late renews nothing: a term is never taken up again. */
  #renewed(hold: Hold): void {
    this.#record = hold.record;
    if (!this.isLeading()) return;
    this.#validUntilMs = hold.sentAtMs + this.#access.ports.settings.renewDeadlineMs;
  }

  #lose(because: string, fields: { readonly holder?: string } = {}): void {
    const { log, lease } = this.#access.ports;
    log.error('leadership is lost', { lease, because, ...fields });
    this.#report(0);
    this.#stop.abort();
    this.#lost.abort(new Error(`leadership is lost: ${because}`));
  }

  async #release(): Promise<void> {
    const { clock, settings, log, lease } = this.#access.ports;
    const deadline = clock.deadline(settings.renewDeadlineMs, new AbortController().signal);
    for (let tries = 0; tries < RELEASE_TRIES_MAX && !deadline.signal.aborted; tries += 1)
      if (await this.#releaseOnce(deadline.signal)) return deadline.cancel();
    deadline.cancel();
    log.warn('the lease was not released: the next leader waits it out', { lease });
  }

  /** @returns whether the Lease is not ours any more */
  async #releaseOnce(signal: AbortSignal): Promise<boolean> {
    const { identity, settings } = this.#access.ports;
    const withinMs = settings.renewDeadlineMs / 2;
    if (this.#record === undefined) {
      const answer = await this.#access.read(withinMs, signal);
      if (answer.kind === 'Failed') return false;
      if (answer.value?.holder !== identity) return true;
      this.#record = answer.value;
    }
    const answer = await this.#access.release(this.#record, withinMs, signal);
    this.#record = undefined;
    return answer.kind === 'Answered';
  }

  /** For one request: what is left until `validUntil`, at most half of the renew deadline. */
  #withinMs(): number {
    const { renewDeadlineMs } = this.#access.ports.settings;
    return Math.min(renewDeadlineMs / 2, this.#validUntilMs - this.#nowMs());
  }

  #nowMs(): number {
    return this.#access.ports.clock.monotonicMs();
  }

  #report(isLeader: 0 | 1): void {
    const { metrics, lease } = this.#access.ports;
    metrics.set('leader_election_master_status', { name: lease }, isLeader);
  }
}
