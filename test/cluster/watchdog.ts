/**
 * Ends the processes that this one started when this one dies, however it dies: even SIGKILL
 * closes the pipe on which the watchdog listens. It has a session of its own, so that what ends
 * this process's group does not end the watchdog before its work is done.
 */
import { spawn } from 'node:child_process';

export interface Watchdog {
  /** Also a stopped process is ended. */
  guard(processId: number): void;
  /** All ended in good order: nothing is left to do. */
  dismiss(): void;
}

const SCRIPT = `
guarded=
while read -r line; do
  [ "$line" = dismissed ] && exit
  guarded="$guarded $line"
done
[ -n "$guarded" ] && kill -KILL $guarded
rm -rf "$1"
`;

/** The folder, too, is removed when nobody else does it. */
export function startWatchdog(folder: string): Watchdog {
  const child = spawn('sh', ['-c', SCRIPT, 'watchdog', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return {
    guard: (processId) => child.stdin.write(`${processId}\n`),
    dismiss: () => child.stdin.end('dismissed\n'),
  };
}
