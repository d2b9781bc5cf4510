/** Waiting for the world to be so, for a bounded time. */
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 40;

/** False when it did not come about in time. Rejects with the reason of the signal. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs) {
    signal.throwIfAborted();
    if (await isSo()) return true;
    await pause(LOOK_EVERY_MS, signal);
  }
  return isSo();
}

/** Rejects with the reason of the signal, not with a wrapper around it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
