/**
 * How long a reflector bears silence, and how long it pauses after trouble. Trouble in a row makes
 * pauses longer; a watch that lived or brought something new ends the row.
 */
import { type BackoffPolicy, delayMs } from '../core/backoff.ts';
import type { Chance, Clock, Fields, Log, Metrics } from '../ports.ts';
import {
  REMEDIES,
  RESUMES_MAX,
  SENTENCES,
  type Trouble,
  type TroubleReason,
} from './watch-trouble.ts';

export interface PatiencePorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly scope: string | undefined;
  readonly settings: { readonly idleMs: number; readonly backoff: BackoffPolicy };
}

export interface Pause {
  readonly forMs: number;
  readonly next: 'Relist' | 'Resume';
}

/** A server may ask us to wait, not to give up. */
const RETRY_AFTER_MS_MAX = 60_000;
/** A list anew without a pause, at most so often. */
const HURRY_EVERY_MS = 1_000;
/** A watch that lived so long was a success, whatever it brought. */
const LONG_MS = 120_000;
/** Silent watches in a row from a server that never sent a bookmark: it does not send any. */
const SILENCES_MAX = 2;

const RECONNECTS = 'cognito_operator_watch_reconnects_total';
const EXPECTED: ReadonlySet<TroubleReason> = new Set(['Expired', 'Idle', 'Overdue', 'Short']);

export class Patience {
  readonly #ports: PatiencePorts;
  #failures = 0;
  /** Why the last time, and how many times in a row for that. */
  #reason: TroubleReason | undefined;
  #repeats = 0;
  #hurriedAtMs = Number.NEGATIVE_INFINITY;
  #isBookmarked = false;
  #silences = 0;

  constructor(ports: PatiencePorts) {
    this.#ports = ports;
  }

  /** What to do about it; counted and said. */
  meet(trouble: Trouble): Pause {
    const { reason } = trouble;
    this.#failures += 1;
    this.#repeats = reason === this.#reason ? this.#repeats + 1 : 1;
    this.#reason = reason;
    this.#report(trouble);
    const isStuck = this.#repeats >= (RESUMES_MAX[reason] ?? Number.POSITIVE_INFINITY);
    const remedy = isStuck ? 'RelistLater' : REMEDIES[reason];
    const forMs = remedy === 'Relist' && this.#mayHurry() ? 0 : this.#pauseMs(trouble);
    return { forMs, next: remedy === 'Resume' ? 'Resume' : 'Relist' };
  }

  /** The row of trouble has ended. */
  calm(): void {
    this.#failures = 0;
    this.#repeats = 0;
    this.#reason = undefined;
  }

  bookmarked(): void {
    this.#isBookmarked = true;
  }

  /** A watch ended: how decides how much silence the next one may keep. */
  ended(because: TroubleReason | undefined, livedMs: number): void {
    if (because === undefined) this.#ports.metrics.count(RECONNECTS, { reason: 'Renewed' });
    if (livedMs >= LONG_MS) this.calm();
    if (this.#silences >= SILENCES_MAX) return;
    this.#silences = because === 'Idle' ? this.#silences + 1 : 0;
  }

  /** `undefined`: any silence, until the watch has outlived its time. */
  idleMs(): number | undefined {
    const isMute = !this.#isBookmarked && this.#silences >= SILENCES_MAX;
    return isMute ? undefined : this.#ports.settings.idleMs;
  }

  #mayHurry(): boolean {
    const nowMs = this.#ports.clock.monotonicMs();
    if (this.#failures > 1 || nowMs < this.#hurriedAtMs + HURRY_EVERY_MS) return false;
    this.#hurriedAtMs = nowMs;
    return true;
  }

  #pauseMs(trouble: Trouble): number {
    const { chance, settings } = this.#ports;
    const askedMs = Math.min(trouble.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX);
    return Math.max(delayMs(settings.backoff, this.#failures, chance.roll()), askedMs);
  }

  #report({ reason, message }: Trouble): void {
    const { log, metrics, scope } = this.#ports;
    metrics.count(RECONNECTS, { reason });
    const fields: Fields = { reason, scope, because: message, failures: this.#failures };
    if (this.#repeats > 1) return log.debug(SENTENCES[reason], fields);
    if (EXPECTED.has(reason)) return log.info(SENTENCES[reason], fields);
    log.warn(SENTENCES[reason], fields);
  }
}
