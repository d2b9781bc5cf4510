/**
 * Time and chance as the machine has them: the only file that may ask for them.
 *
 * Trusts: Node's monotonic clock does not jump; it may stand still while the machine sleeps.
 */
import { randomUUID } from 'node:crypto';
import type { Chance, Clock } from '../ports.ts';

/** Node fires a longer timer at once: about 24.8 days, further than any setting reaches. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export function createSystemClock(): Clock {
  return {
    wallMs: () => Date.now(),
    timestamp: () => new Date().toISOString(),
    monotonicMs: () => performance.now(),
    sleep,
    deadline,
  };
}

export function createSystemChance(): Chance {
  return { roll: () => Math.random(), uuid: () => randomUUID() };
}

/** Leaves no timer and no listener behind, whichever way it ends. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
    resolve();
  };
  const timer = setTimeout(wake, Math.min(ms, TIMER_MS_MAX));
  signal.addEventListener('abort', wake);
  return promise;
}

/**
 * The reason is a `TimeoutError`, or the parent's own reason. `AbortSignal.any` would keep an
 * entry on a long-lived parent for each call; `cancel` (may be called twice) takes ours away.
 */
function deadline(ms: number, parent: AbortSignal): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController();
  const abort = (reason: unknown): void => {
    cancel();
    controller.abort(reason);
  };
  const followParent = (): void => abort(parent.reason);
  const expire = (): void => abort(new DOMException(`no answer in ${ms} ms`, 'TimeoutError'));
  const cancel = (): void => {
    clearTimeout(timer);
    parent.removeEventListener('abort', followParent);
  };
  const timer = setTimeout(expire, Math.min(ms, TIMER_MS_MAX));
  parent.addEventListener('abort', followParent);
  if (parent.aborted) followParent();
  return { signal: controller.signal, cancel };
}
