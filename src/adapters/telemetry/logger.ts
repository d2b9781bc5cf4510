/** One line of JSON for each entry: ISO time, level as a word, the message, the fields. */
import pino from 'pino';
import type { Secrets } from '../../api/secrets.ts';
import type { Log } from '../../ports.ts';
import { writableFields } from './fields.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

export interface LoggerOptions {
  /** The least that is written. */
  readonly level: Level;
  /** Cut out of every line, whoever wrote it. */
  readonly secrets: Pick<Secrets, 'strike'>;
  /** Gets whole lines; standard output when missing, written at once so that a crash loses none. */
  readonly destination?: { write(line: string): void };
}

export interface Logger extends Log {
  /** Debug lines from now on, or no more; either is told in a line that is always written. */
  toggleDebug(): void;
}

export function createLogger(options: LoggerOptions): Logger {
  const { level, secrets, destination = pino.destination(1) } = options;
  const quiet: Level = level === 'debug' ? 'info' : level;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: writableFields },
    },
    {
      write(line: string) {
        destination.write(secrets.strike(line));
      },
    },
  );
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    toggleDebug: () => {
      const logLevel: Level = logger.level === 'debug' ? quiet : 'debug';
      logger.level = 'debug';
      logger.info({ logLevel }, 'log level changed');
      logger.level = logLevel;
    },
  };
}
