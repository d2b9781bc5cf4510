/**
 * The clock the embedded Cognito lives by: monotonic milliseconds, and alarms on them. Tests pass
 * a manual one, so that windows, latency and late requests need no sleeping.
 */
export interface Clock {
  now(): number;
  /** Calls `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

export interface ManualClock extends Clock {
  /** Moves time, running what falls due on the way, in order. */
  advance(ms: number): void;
}

export const monotonicClock: Clock = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

interface Alarm {
  readonly due: number;
  readonly task: () => void;
}

export function createManualClock(start = 0): ManualClock {
  let now = start;
  const alarms = new Set<Alarm>();
  const nextDueBy = (end: number): Alarm | undefined =>
    [...alarms].filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)[0];

  return {
    now: () => now,
    after(ms, task) {
      const alarm: Alarm = { due: now + ms, task };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    advance(ms) {
      const end = now + ms;
      for (let alarm = nextDueBy(end); alarm !== undefined; alarm = nextDueBy(end)) {
        alarms.delete(alarm);
        now = Math.max(now, alarm.due);
        alarm.task();
      }
      now = end;
    },
  };
}
