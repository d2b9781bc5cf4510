/**
 * Runs `core/lease` against the API: waits for the Lease to be free, takes it, hands out a `Term`.
 *
 * A standby watches the Lease, so that a release is noticed at once, and reads it whenever it has
 * heard nothing for a retry period: a watch that is closed, forbidden or silently dead costs
 * seconds and no safety.
 *
 * Guarantee: of all replicas that go through here, one at most holds a term at any instant whose
 * `assertLeader` agrees; see `core/lease.ts` for why.
 */
import { type Claim, judge, type LeaseRecord, type Sighting, sight } from '../core/lease.ts';
import { LeaseAccess, type LeaseAccessPorts, type ReadAnswer } from './lease-access.ts';
import { createTerm, type Hold, type Term } from './term.ts';

export type ElectorPorts = LeaseAccessPorts;
export type { Term } from './term.ts';

export interface Elector {
  /**
   * Stands by until the Lease is ours. `signal` ends the waiting and not the term: `undefined` when
   * it was aborted first. A term is ended by whoever got it. May be called again after a loss.
   */
  lead(signal: AbortSignal): Promise<Term | undefined>;
}

export function createElector(ports: ElectorPorts): Elector {
  const access = new LeaseAccess(ports);
  const series = { name: ports.lease };
  ports.metrics.set('leader_election_master_status', series, 0);
  ports.metrics.count('leader_election_slowpath_total', series, 0);
  return { lead: (signal) => new Candidacy(access, signal).run() };
}

/** client-go's `JitterFactor`. */
const JITTER = 1.2;

/** Why a standby is woken. Without a reason each time would make an Error, with a stack. */
const NEWS = 'news';

class Candidacy {
  readonly #access: LeaseAccess;
  readonly #signal: AbortSignal;
  readonly #over = new AbortController();
  #sighting: Sighting | undefined;
  /** From the watch, not yet judged. */
  #news: LeaseRecord | undefined;
  #wake = new AbortController();

  constructor(access: LeaseAccess, signal: AbortSignal) {
    this.#access = access;
    this.#signal = signal;
  }

  async run(): Promise<Term | undefined> {
    const finish = (): void => {
      this.#over.abort();
      this.#wake.abort();
    };
    this.#signal.addEventListener('abort', finish);
    if (this.#signal.aborted) finish();
    const watching = this.#watch();
    const hold = await this.#standBy();
    this.#signal.removeEventListener('abort', finish);
    finish();
    await watching;
    return hold && this.#begin(hold);
  }

  /** A Lease won while we were being stopped goes back. */
  async #begin(hold: Hold): Promise<Term | undefined> {
    const term = createTerm(this.#access, hold);
    if (!this.#signal.aborted) return term;
    await term.end();
    return undefined;
  }

  async #standBy(): Promise<Hold | undefined> {
    while (!this.#over.signal.aborted) {
      const claim = await this.#look();
      const hold = claim && (await this.#take(claim));
      if (hold !== undefined) return hold;
      await this.#rest();
    }
    return undefined;
  }

  async #look(): Promise<Claim | undefined> {
    const { clock, identity, settings } = this.#access.ports;
    const answer = await this.#latest();
    if (answer.kind === 'Failed' || this.#over.signal.aborted) return undefined;
    const nowMs = clock.monotonicMs();
    this.#sighting = sight(this.#sighting, answer.value, nowMs, settings);
    const verdict = judge(this.#sighting, identity, nowMs);
    return verdict.kind === 'StandBy' ? undefined : verdict;
  }

  /** What the watch said last, which may be outdated: whoever acts on that is refused with 409. */
  async #latest(): Promise<ReadAnswer> {
    const news = this.#news;
    this.#news = undefined;
    if (news !== undefined) return { kind: 'Answered', value: news };
    return this.#access.read(this.#access.ports.settings.renewDeadlineMs / 2, this.#over.signal);
  }

  /** Not aborted by a stop: the Lease could be won without our knowing, and be waited out. */
  async #take(claim: Claim): Promise<Hold | undefined> {
    const { clock, settings } = this.#access.ports;
    const sentAtMs = clock.monotonicMs();
    const never = new AbortController().signal;
    const answer = await this.#access.claim(claim, settings.renewDeadlineMs / 2, never);
    if (answer.kind === 'Failed') return undefined;
    return { record: answer.value, sentAtMs };
  }

  async #rest(): Promise<void> {
    if (this.#over.signal.aborted || this.#news !== undefined) return;
    this.#wake = new AbortController();
    const { clock } = this.#access.ports;
    const leftMs = (this.#sighting?.freeAtMs ?? 0) - clock.monotonicMs();
    const pauseMs = this.#pauseMs();
    const restMs = leftMs > 0 ? Math.min(Math.ceil(leftMs), pauseMs) : pauseMs;
    await clock.sleep(restMs, this.#wake.signal);
  }

  /** One that lasted is opened anew at once: a release in a gap would wait for a read. */
  async #watch(): Promise<void> {
    const { leases, clock } = this.#access.ports;
    while (!this.#over.signal.aborted) {
      const nextAtMs = clock.monotonicMs() + this.#pauseMs();
      for await (const record of leases.watch(this.#over.signal)) {
        this.#news = record;
        this.#wake.abort(NEWS);
      }
      const leftMs = nextAtMs - clock.monotonicMs();
      if (leftMs > 0) await clock.sleep(leftMs, this.#over.signal);
    }
  }

  #pauseMs(): number {
    const { chance, settings } = this.#access.ports;
    return settings.retryPeriodMs * (1 + chance.roll() * JITTER);
  }
}
