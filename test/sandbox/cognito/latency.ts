/** How long a request and its answer are on their way; by chance, and repeatable by its seed. */
import type { Chance } from '../../../src/ports.ts';

export interface Latency {
  /** Until the request lands. */
  readonly requestMs: number;
  readonly answerMs: number;
}

/** Of both ways together: fixed, or a range; how much of it each way takes is up to chance. */
export type LatencyMs = number | readonly [low: number, high: number];

export function latencyBy(chance: Chance, latencyMs: LatencyMs): Latency {
  const [low, high] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
  const totalMs = low + chance.roll() * (high - low);
  const requestMs = totalMs * chance.roll();
  return { requestMs, answerMs: totalMs - requestMs };
}
