/** Milliseconds of the machine's monotonic clock: the same in every process of one machine. */
export function sharedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What to add to a moment of this process's `performance.now()`. */
export function sharedOffsetMs(): number {
  return sharedMs() - performance.now();
}
