/**
 * All moments here are milliseconds of this process's `performance.now()`: also those that a
 * replica wrote into its log, or a caller into its signature, by the machine's wall clock.
 */
import type { LogLine } from '../support/launch.ts';

export function nowMs(): number {
  return performance.now();
}

export function ofWallMs(wallMs: number): number {
  return wallMs - performance.timeOrigin;
}

/** NaN for a line that tells no time. */
export function ofLine(line: LogLine | undefined): number {
  return ofWallMs(Date.parse(String(line?.['time'])));
}
