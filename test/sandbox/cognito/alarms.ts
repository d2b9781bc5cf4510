/** Alarms that can be cancelled together, so that nothing outlives the server that set them. */
import type { Clock } from './clock.ts';

export interface Alarms {
  /** Runs `task` at once when `ms` is 0, else once after it. */
  after(ms: number, task: () => void): void;
  /** Never resolves once everything was cancelled. */
  sleep(ms: number): Promise<void>;
  cancelAll(): void;
}

export function createAlarms(clock: Clock): Alarms {
  const pending = new Set<() => void>();
  const after = (ms: number, task: () => void): void => {
    if (ms <= 0) return task();
    const cancel = clock.after(ms, () => {
      pending.delete(cancel);
      task();
    });
    pending.add(cancel);
  };
  return {
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    cancelAll() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}
