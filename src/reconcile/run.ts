/** One run of one key, from its beginning. */
import type { Run, Surroundings } from './surroundings.ts';

/** Enough of the process to tell it from those before it. */
const PROCESS_CHARS = 12;

/** Its id stands in the log and on the Events of the run: each finds the others by it. */
export function beginRun(
  { memory, settings }: Surroundings,
  key: string,
  priority: number,
  signal: AbortSignal,
): Run {
  const id = `${settings.instance.slice(-PROCESS_CHARS)}-${memory.nextRun()}`;
  return { id, key, priority, signal, deserving: [], places: new Map() };
}
