/**
 * The process edge: settings, signals, exit code. The only file that touches `process`.
 *
 * Light: the SDKs are loaded by `serve.ts`, when there are listeners for all signals. Until then a
 * SIGUSR2 ends the process.
 *
 * Exit codes: 0 stopped as asked; 1 leadership lost or given up, or a bug, to be started again;
 * 2 the settings are wrong, which starting again will not cure.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createLogger } from './adapters/telemetry/logger.ts';
import { createSecrets } from './api/secrets.ts';
import type { Log } from './ports.ts';
import { parseSettings, type Settings } from './settings.ts';
import { VERSION } from './version.ts';

const NODE_MAJOR_MIN = 22;

async function main(): Promise<void> {
  const parsed = parseSettings(process.argv.slice(2), process.env);
  switch (parsed.kind) {
    case 'Help':
      process.stdout.write(parsed.text);
      return;
    case 'Version':
      process.stdout.write(`cognito-operator ${VERSION}\n`);
      return;
    case 'Problems':
      process.stderr.write(problemsText(parsed.problems));
      process.exitCode = 2;
      return;
    case 'Settings':
      // All was closed; but a connection that is being made keeps Node up until it gives up itself.
      process.exit(await serveAsOperator(parsed.settings));
  }
}

function problemsText(problems: readonly string[]): string {
  const lines = problems.map((each) => `  - ${each}\n`).join('');
  return `cognito-operator: these settings cannot be used:\n${lines}Try --help.\n`;
}

async function serveAsOperator(settings: Settings): Promise<number> {
  const secrets = createSecrets();
  const log = createLogger({ level: settings.logLevel, secrets });
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < NODE_MAJOR_MIN) {
    log.error('this version of Node.js is too old', { node: process.version, NODE_MAJOR_MIN });
    return 2;
  }
  dieOnBugs(log);
  process.on('SIGUSR2', () => log.toggleDebug());
  const stop = stopSignal(log);
  const { serve } = await import('./serve.ts');
  const { env: environment, version: node } = process;
  const instance = `${hostname()}_${randomUUID()}`;
  return serve(settings, { log, secrets, instance, environment, node, stop });
}

/** Nobody continues in an unknown state: the kubelet starts us again. */
function dieOnBugs(log: Log): void {
  const die = (error: unknown): void => {
    log.error('unexpected error: this is a bug', { error });
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
}

function stopSignal(log: Log): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      log.info('stopping', { signal: name });
      stop.abort();
    });
  }
  return stop.signal;
}

/** Last, so that every constant above is there. */
await main();
