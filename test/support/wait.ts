/** Waiting for what a process outside brings about: asked again and again, never a fixed sleep. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number | undefined;
  /** Added to the complaint when the time is over. */
  readonly tellMore?: () => string | Promise<string>;
}

/** Longer than the first two pauses after a denial, which may be 15 s and 30 s. */
const WITHIN_MS = 60_000;
const EVERY_MS = 20;

/** The first answer of `look` that is neither `undefined` nor `false`. */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  { withinMs = WITHIN_MS, everyMs = EVERY_MS, tellMore = () => '' }: Patience = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    if (performance.now() > deadline) {
      throw new Error(`waited ${withinMs} ms in vain for ${what}\n${await tellMore()}`);
    }
    await sleep(everyMs);
  }
}
