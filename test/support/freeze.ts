/** Processes that stand still and notice nothing, in the middle of whatever they do. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { waitFor } from './wait.ts';

/** Ends once it does nothing more: a thread that waits for a core works on for milliseconds. */
export async function freezeProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await waitFor(`process ${pid} to stand still`, () => isStill(pid), { everyMs: 1 });
}

export function thawProcess(pid: number): void {
  process.kill(pid, 'SIGCONT');
}

/** Where there is no `/proc`, nobody can tell. */
function isStill(pid: number): boolean {
  if (!existsSync('/proc/self/task')) return true;
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).every((task) => stateOf(`${tasks}/${task}/stat`) === 'T');
}

/** @returns undefined for a thread that ended */
function stateOf(file: string): string | undefined {
  try {
    return /\) (\w)/.exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
