/**
 * Both servers and the operator as a process, on loopback, with their files in one folder. The
 * operator sees nothing of the reader's own AWS, Kubernetes or proxy settings.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedCognito } from '../cognito/server.ts';
import { startCognito } from '../cognito/server.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../kubernetes/server.ts';
import { createOperatorProcess, type OperatorProcess } from './operator-process.ts';
import { until } from './until.ts';

export interface Stage extends AsyncDisposable {
  readonly kubernetes: EmbeddedKubernetes;
  readonly cognito: EmbeddedCognito;
  /** Not started yet. */
  readonly operator: OperatorProcess;
  readonly folder: string;
  /** Path of a kubeconfig, for the operator and for guests. */
  readonly kubeconfig: string;
  readonly logPath: string;
}

export interface StageSettings {
  readonly folder: string;
  readonly bundle: string;
  readonly flags: readonly string[];
  readonly pools: readonly string[];
}

/** Of the operator; how the log of Cognito tells its calls from those of others. */
export const ACCESS_KEY = 'AKIAEXAMPLEOPERATOR';

/** The relations of the defaults, in a fraction of their time. */
export const SCALED_FLAGS = [
  '--lease-duration=3s',
  '--renew-deadline=2s',
  '--retry-period=500ms',
  '--call-deadline=800ms',
  '--late=1s',
  '--resync=5s',
] as const;

export const SCALED_IN_WORDS =
  'lease 3/2/0.5 s, call deadline 0.8 s, late calls 1 s, resync 5 s (by default 15/10/2 s, 4 s, ' +
  '30 s and 10 min)';

const LEADING_WITHIN_MS = 60_000;
/** There and back, so that calls overlap as they do in the world. */
const LATENCY_MS = [10, 60] as const;

const LOOPBACK_FLAGS = ['--bind-address=127.0.0.1', '--metrics-port=0', '--probes-port=0'] as const;

export async function setStage(settings: StageSettings): Promise<Stage> {
  await using started = new AsyncDisposableStack();
  const kubernetes = started.use(await startKubernetes());
  const cognito = started.adopt(
    await startCognito({ latencyMs: LATENCY_MS, pools: settings.pools }),
    (each) => each.close(),
  );
  const kubeconfig = join(settings.folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubernetes.kubeconfig(), { mode: 0o600 });
  const logPath = join(settings.folder, 'operator.log');
  writeFileSync(logPath, '');
  const home = join(settings.folder, 'home');
  mkdirSync(home);
  const operator = started.use(
    createOperatorProcess({
      bundle: settings.bundle,
      flags: [...LOOPBACK_FLAGS, ...settings.flags],
      environment: environmentOf({ home, kubeconfig, cognitoUrl: cognito.url }),
      logPath,
    }),
  );
  const all = started.move();
  const { folder } = settings;
  const close = (): Promise<void> => all.disposeAsync();
  return {
    kubernetes,
    cognito,
    operator,
    folder,
    kubeconfig,
    logPath,
    [Symbol.asyncDispose]: close,
  };
}

/** Whether it leads in time. */
export function startLeading({ operator }: Stage, signal: AbortSignal): Promise<boolean> {
  operator.start();
  const isLeading = () => operator.log().some(({ msg }) => msg === 'leading');
  return until(isLeading, LEADING_WITHIN_MS, signal);
}

interface Surroundings {
  readonly home: string;
  readonly kubeconfig: string;
  readonly cognitoUrl: string;
}

/** Complete: nothing is inherited. */
function environmentOf({ home, kubeconfig, cognitoUrl }: Surroundings): Record<string, string> {
  return {
    HOME: home,
    KUBECONFIG: kubeconfig,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognitoUrl,
    AWS_ENDPOINT_URL_STS: cognitoUrl,
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: 'anything',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
