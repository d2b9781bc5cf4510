/** The operators that run in containers of this machine, as its own `/proc` shows them. */
import { globSync, readFileSync } from 'node:fs';

/** Process ids. */
export function operatorProcesses(): readonly string[] {
  return globSync('/proc/[0-9]*/cmdline')
    .filter((path) => textOf(path).split('\0').includes('/app/main.mjs'))
    .map((path) => path.split('/')[2] ?? '');
}

/** SIGKILL: nothing is finished, nothing is released. */
export function killOperatorIn(containerId: string): void {
  const found = operatorProcesses().find((each) =>
    textOf(`/proc/${each}/cgroup`).includes(containerId),
  );
  if (found === undefined) throw new Error(`no operator runs in ${containerId} on this machine`);
  process.kill(Number(found), 'SIGKILL');
}

/** A process may end while we look. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
