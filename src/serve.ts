/** The operator on its real adapters, with its ports open, from settings to exit code. */
import { readFileSync } from 'node:fs';
import { createAccount } from './adapters/cognito/account.ts';
import { createClients } from './adapters/cognito/clients.ts';
import { createDispatch } from './adapters/cognito/dispatch.ts';
import { createUserPools } from './adapters/cognito/user-pools.ts';
import { createCluster } from './adapters/kubernetes/cluster.ts';
import { createConnection } from './adapters/kubernetes/connection.ts';
import { createEvents } from './adapters/kubernetes/events.ts';
import { createLeases } from './adapters/kubernetes/leases.ts';
import { createSystemChance, createSystemClock } from './adapters/system.ts';
import { createMetrics, type Telemetry } from './adapters/telemetry/metrics.ts';
import { type Check, startMetricsPage, startProbes } from './adapters/telemetry/probes.ts';
import type { Secrets } from './api/secrets.ts';
import { createOperator, type Operator } from './operator.ts';
import type { Log, Ports } from './ports.ts';
import type { Settings } from './settings.ts';
import { VERSION } from './version.ts';

const IN_CLUSTER_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** What the process has that is no setting. */
export interface Surroundings {
  readonly log: Log;
  readonly secrets: Secrets;
  /** Who we are, in the Lease and in records: nobody else ever is. */
  readonly instance: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The version of Node. */
  readonly node: string;
  readonly stop: AbortSignal;
}

/** Until it is stopped or lost its leadership; the exit code. All that it opened is closed then. */
export async function serve(settings: Settings, surroundings: Surroundings): Promise<number> {
  const { log, node } = surroundings;
  const telemetry = createMetrics({ version: VERSION, node });
  const house = furnish(settings, { ...surroundings, ...telemetry });
  if (house.kind === 'Unusable') {
    log.error('the cluster cannot be used', { problem: house.problem });
    return 2;
  }
  return operate(settings, { ...house, telemetry }, surroundings);
}

type House =
  | { readonly kind: 'Usable'; readonly operator: Operator; close(): Promise<void> }
  | { readonly kind: 'Unusable'; readonly problem: string };

function furnish(settings: Settings, given: Given): House {
  const lease = `${settings.leaseNamespace ?? ownNamespace()}/${settings.leaseName}`;
  const around = { clock: createSystemClock(), chance: createSystemChance(), ...given };
  try {
    const kubernetes = kubernetesOf(settings, around, lease);
    const cognito = cognitoOf(settings, around);
    const ports: Ports = { ...around, ...kubernetes.ports, ...cognito.ports };
    const operator = createOperator(ports, { ...settings, lease, instance: given.instance });
    const close = async (): Promise<void> => {
      cognito.close();
      await kubernetes.close();
    };
    return { kind: 'Usable', operator, close };
  } catch (error) {
    return { kind: 'Unusable', problem: error instanceof Error ? error.message : String(error) };
  }
}

type Given = Surroundings & Pick<Ports, 'metrics'>;
type Around = Pick<Ports, 'clock' | 'chance'> & Given;

function kubernetesOf(settings: Settings, around: Around, lease: string) {
  const { kubernetesDeadlineMs: requestDeadlineMs, listDeadlineMs } = settings;
  const source = sourceOf(settings);
  const connection = createConnection({ ...around, source, version: VERSION });
  const ports = {
    cluster: createCluster({ connection, requestDeadlineMs, listDeadlineMs }),
    leases: createLeases({ ...around, connection, lease, requestDeadlineMs }),
    events: createEvents({ ...around, connection }),
  };
  return { ports, close: () => connection.close() };
}

function cognitoOf(settings: Settings, around: Around) {
  const { callDeadlineMs, accountId } = settings;
  const { environment } = around;
  const clients = createClients({
    ...around,
    version: VERSION,
    homeRegion: environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? HOME_REGION,
    connectTimeoutMs: callDeadlineMs / 2,
    requestTimeoutMs: 2 * callDeadlineMs,
    proxyEnvironment: environment,
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

interface Furnished {
  readonly operator: Operator;
  readonly telemetry: Telemetry;
  close(): Promise<void>;
}

async function operate(
  settings: Settings,
  house: Furnished,
  { log, node, stop }: Surroundings,
): Promise<number> {
  const { operator, telemetry } = house;
  const { probes, metrics } = await openPorts(settings, operator, telemetry);
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
  log.info('started', { version: VERSION, node, ...listening });
  const ended = await operator.run(stop);
  await close();
  return ended === 'Stopped' ? 0 : 1;
}

/** A port that is off has no server. */
async function openPorts(settings: Settings, operator: Operator, telemetry: Telemetry) {
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
