/**
 * One open watch that cannot hang: a half-open connection shows as silence, and silence has a
 * limit, as has the whole stream when the server forgets to end it.
 *
 * Trusts: the feed ends the watch soon after its signal is aborted.
 */
import type { Clock, Feed, Frame, WatchRequest } from '../ports.ts';

export interface Ended {
  readonly kind: 'Ended';
  /** `Closed`: by the server. `Overdue`: not by the server, though its time was over. */
  readonly because: 'Closed' | 'Idle' | 'Overdue' | 'Interrupted';
}

export interface StreamLimits {
  /** Without any frame; `undefined` when the server is known to be silent. */
  readonly idleMs: number | undefined;
  /** For initial events, when they were asked for. */
  readonly initialMs: number;
}

/** What the server may take beyond `timeoutSeconds` before we end the watch ourselves. */
const GRACE_MS = 10_000;
const TIMER_MS = 1_000;

export class WatchStream {
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #frames: AsyncIterator<Frame>;
  readonly #idleMs: number;
  readonly #openedAtMs: number;
  #lastFrameAtMs: number;
  readonly #lifeMs: number;
  /** Until the initial events are over. */
  #initialMs: number;
  #because: Ended['because'] = 'Closed';
  readonly #detach: () => void;

  constructor(
    ports: { readonly feed: Feed; readonly clock: Clock },
    request: WatchRequest,
    limits: StreamLimits,
    signal: AbortSignal,
  ) {
    this.#clock = ports.clock;
    this.#idleMs = limits.idleMs ?? Number.POSITIVE_INFINITY;
    this.#initialMs = request.sendInitialEvents ? limits.initialMs : Number.POSITIVE_INFINITY;
    this.#lifeMs = request.timeoutSeconds * 1_000 + GRACE_MS;
    this.#openedAtMs = this.#lastFrameAtMs = ports.clock.monotonicMs();
    this.#frames = ports.feed.watch(request, this.#abort.signal)[Symbol.asyncIterator]();
    const interrupt = (): void => this.#end('Interrupted');
    this.#detach = () => signal.removeEventListener('abort', interrupt);
    signal.addEventListener('abort', interrupt);
    if (signal.aborted) interrupt();
    void this.#guard();
  }

  get lastFrameAtMs(): number {
    return this.#lastFrameAtMs;
  }

  livedMs(): number {
    return this.#clock.monotonicMs() - this.#openedAtMs;
  }

  /** Not by us, and sooner than was asked for, as exact as a server's timer is. */
  wasCut(): boolean {
    const isShort = this.livedMs() < this.#lifeMs - GRACE_MS - TIMER_MS;
    return isShort && this.#because !== 'Interrupted';
  }

  async next(): Promise<Frame | Ended> {
    const step = await this.#frames.next();
    if (this.#abort.signal.aborted || step.done === true) {
      this.close();
      return { kind: 'Ended', because: this.#because };
    }
    this.#lastFrameAtMs = this.#clock.monotonicMs();
    return step.value;
  }

  /** The initial events are over. */
  synced(): void {
    this.#initialMs = Number.POSITIVE_INFINITY;
  }

  /** May be called twice. */
  close(): void {
    this.#end(this.#because);
  }

  #end(because: Ended['because']): void {
    if (this.#abort.signal.aborted) return;
    this.#because = because;
    this.#abort.abort();
    this.#detach();
    void this.#frames.return?.();
  }

  async #guard(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const idleAtMs = this.#lastFrameAtMs + this.#idleMs;
      const overdueAtMs = this.#openedAtMs + Math.min(this.#lifeMs, this.#initialMs);
      const leftMs = Math.min(idleAtMs, overdueAtMs) - this.#clock.monotonicMs();
      if (leftMs <= 0) this.#end(idleAtMs < overdueAtMs ? 'Idle' : 'Overdue');
      else await this.#clock.sleep(leftMs, this.#abort.signal);
    }
  }
}
