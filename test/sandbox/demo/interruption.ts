/** Ctrl-C and its kin: the first asks everything to end, the second does not ask. */
import { constants } from 'node:os';

export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** As a shell reports a command that a signal ended. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

export function interruptions(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const interruption = new Interruption(name);
      if (interrupted.signal.aborted) process.exit(interruption.exitCode);
      interrupted.abort(interruption);
    });
  }
  // Whom we talk to is gone, as after `| head`: Node tells that as an error of the stream.
  process.stdout.on('error', () => interrupted.abort(new Interruption('SIGPIPE')));
  return interrupted.signal;
}
