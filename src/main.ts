/**
 * The process edge: settings, real adapters, signals, exit code. The only file that touches
 * `process`.
 *
 * Exit codes: 0 stopped as asked; 1 leadership lost or given up, or a bug, to be started again;
 * 2 the settings are wrong, which starting again will not cure.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createAccount } from './adapters/cognito/account.ts';
import { createClients } from './adapters/cognito/clients.ts';
import { createDispatch } from './adapters/cognito/dispatch.ts';
import { createUserPools } from './adapters/cognito/user-pools.ts';
import { createCluster } from './adapters/kubernetes/cluster.ts';
import { createConnection } from './adapters/kubernetes/connection.ts';
import { createEvents } from './adapters/kubernetes/events.ts';
import { createLeases } from './adapters/kubernetes/leases.ts';
import { createSystemChance, createSystemClock } from './adapters/system.ts';
import { createLogger } from './adapters/telemetry/logger.ts';
import { createMetrics, type Telemetry } from './adapters/telemetry/metrics.ts';
import { type Check, startMetricsPage, startProbes } from './adapters/telemetry/probes.ts';
import { createSecrets, type Secrets } from './api/secrets.ts';
import { createOperator, type Operator } from './operator.ts';
import type { Log, Ports } from './ports.ts';
import { parseSettings, type Settings } from './settings.ts';
import { VERSION } from './version.ts';

const NODE_MAJOR_MIN = 22;
const IN_CLUSTER_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

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
  const telemetry = createMetrics({ version: VERSION, node: process.version });
  const house = furnish(settings, { log, secrets, ...telemetry });
  if (house.kind === 'Unusable') {
    log.error('the cluster cannot be used', { problem: house.problem });
    return 2;
  }
  return operate(settings, { ...house, log, telemetry });
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

/* --------------------------------------------------------------- the adapters */

type House =
  | { readonly kind: 'Usable'; readonly operator: Operator; close(): Promise<void> }
  | { readonly kind: 'Unusable'; readonly problem: string };

function furnish(settings: Settings, output: Output): House {
  const instance = `${hostname()}_${randomUUID()}`;
  const lease = `${settings.leaseNamespace ?? ownNamespace()}/${settings.leaseName}`;
  const around = { clock: createSystemClock(), chance: createSystemChance(), ...output };
  try {
    const kubernetes = kubernetesOf(settings, around, { instance, lease });
    const cognito = cognitoOf(settings, around);
    const ports: Ports = { ...around, ...kubernetes.ports, ...cognito.ports };
    const operator = createOperator(ports, { ...settings, lease, instance });
    const close = async (): Promise<void> => {
      cognito.close();
      await kubernetes.close();
    };
    return { kind: 'Usable', operator, close };
  } catch (error) {
    return { kind: 'Unusable', problem: error instanceof Error ? error.message : String(error) };
  }
}

type Output = Pick<Ports, 'log' | 'metrics'> & { readonly secrets: Secrets };
type Around = Pick<Ports, 'clock' | 'chance'> & Output;

function kubernetesOf(
  settings: Settings,
  around: Around,
  { instance, lease }: { readonly instance: string; readonly lease: string },
) {
  const { kubernetesDeadlineMs: requestDeadlineMs, listDeadlineMs } = settings;
  const source = sourceOf(settings);
  const connection = createConnection({ ...around, source, version: VERSION });
  const ports = {
    cluster: createCluster({ connection, requestDeadlineMs, listDeadlineMs }),
    leases: createLeases({ ...around, connection, lease, requestDeadlineMs }),
    events: createEvents({ ...around, connection, instance }),
  };
  return { ports, close: () => connection.close() };
}

function cognitoOf(settings: Settings, around: Around) {
  const { callDeadlineMs, accountId } = settings;
  const clients = createClients({
    ...around,
    version: VERSION,
    homeRegion: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? HOME_REGION,
    connectTimeoutMs: callDeadlineMs / 2,
    requestTimeoutMs: 2 * callDeadlineMs,
    proxyEnvironment: process.env,
  });
  const dispatch = createDispatch({ ...around, callDeadlineMs });
  const credentialsDeadlineMs = settings.kubernetesDeadlineMs;
  const ports = {
    userPools: createUserPools(clients, dispatch),
    account: createAccount({ ...around, clients, dispatch, credentialsDeadlineMs, accountId }),
  };
  return { ports, close: () => clients.close() };
}

/** For the credential chain alone, where nothing names a Region: pools bring theirs. */
const HOME_REGION = 'us-east-1';

function sourceOf({ kubeconfig, context }: Settings) {
  if (kubeconfig !== undefined) return { kind: 'File', path: kubeconfig, context } as const;
  return { kind: 'Default', context } as const;
}

function ownNamespace(): string {
  try {
    return readFileSync(IN_CLUSTER_NAMESPACE, 'utf8').trim();
  } catch {
    return 'default';
  }
}

/* ---------------------------------------------------------------- the process */

interface Furnished {
  readonly operator: Operator;
  readonly log: Log;
  readonly telemetry: Telemetry;
  close(): Promise<void>;
}

async function operate(settings: Settings, house: Furnished): Promise<number> {
  const { operator, log, telemetry } = house;
  const { probes, metrics } = await serve(settings, operator, telemetry);
  const close = async (): Promise<void> => {
    for (const each of [probes, metrics]) if (each.kind === 'Started') await each.close();
    await house.close();
  };
  if (probes.kind === 'Refused' || metrics.kind === 'Refused') {
    log.error('a port cannot be opened', { probes, metrics });
    await close();
    return 2;
  }
  const listening = { probesPort: probes.port, metricsPort: metrics.port };
  log.info('started', { version: VERSION, node: process.version, ...listening });
  const ended = await operator.run(stopSignal(log));
  await close();
  return ended === 'Stopped' ? 0 : 1;
}

/** A port that is off has no server. */
async function serve(settings: Settings, operator: Operator, telemetry: Telemetry) {
  const { bindAddress: host, probesPort, metricsPort } = settings;
  const ready: Check = () => (operator.isReady() ? undefined : 'the resources are not listed yet');
  return {
    probes:
      probesPort === undefined ? OFF : await startProbes({ port: probesPort, host }, LIVE, ready),
    metrics:
      metricsPort === undefined
        ? OFF
        : await startMetricsPage({ port: metricsPort, host }, telemetry),
  };
}

/** Whoever answers is alive; what is wrong with the outside is no reason to start again. */
const LIVE: Check = () => undefined;

const OFF = { kind: 'Started', port: undefined, close: async () => {} } as const;

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
