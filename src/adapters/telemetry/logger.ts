/** One line of JSON for each entry: ISO time, level as a word, the message, the fields. */
import pino from 'pino';
import type { Log } from '../../ports.ts';
import { writableFields } from './fields.ts';

export interface LoggerOptions {
  /** The least that is written. */
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Gets whole lines; standard output when missing, written at once so that a crash loses none. */
  readonly destination?: { write(line: string): void };
}

export function createLogger({ level, destination = pino.destination(1) }: LoggerOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: writableFields },
    },
    destination,
  );
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
