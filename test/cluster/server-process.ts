/** A server that runs beside the tests: its words are kept in a file, its end is awaited. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { freezeProcess, thawProcess } from '../support/freeze.ts';
import type { Watchdog } from './watchdog.ts';

export interface ServerProcess {
  readonly processId: number;
  /** The last words of its log. */
  words(): string;
  isRunning(): boolean;
  /** Stops it in the middle of whatever it does; its sockets stay open. */
  freeze(): Promise<void>;
  thaw(): void;
  /** May be called twice. Nothing that these servers keep is worth a good-bye. */
  stop(): Promise<void>;
}

export interface ServerCommand {
  readonly file: string;
  readonly flags: readonly string[];
  readonly log: string;
  readonly env?: NodeJS.ProcessEnv;
}

const WORDS_CHARS_MAX = 3_000;

export function startServerProcess(command: ServerCommand, watchdog: Watchdog): ServerProcess {
  const log = openSync(command.log, 'a');
  const child = spawn(command.file, command.flags, {
    stdio: ['ignore', log, log],
    ...(command.env === undefined ? {} : { env: command.env }),
  });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`cannot start ${command.file}`);
  const processId = child.pid;
  watchdog.guard(processId);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    processId,
    words: () => readFileSync(command.log, 'utf8').slice(-WORDS_CHARS_MAX),
    isRunning: () => isRunning(child),
    freeze: () => freezeProcess(processId),
    thaw: () => thawProcess(processId),
    async stop() {
      if (isRunning(child)) child.kill('SIGKILL');
      await ended;
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Free a moment ago: another process may take it before its user does. */
export async function freePort(address: string): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, address, resolve);
  await promise;
  const bound = server.address();
  await new Promise((closed) => server.close(closed));
  if (bound === null || typeof bound === 'string') throw new Error('no port was given');
  return bound.port;
}
