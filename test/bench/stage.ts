/** Both servers, each in a process of its own, and what it takes to run operators against them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaryEnvironment } from '../support/canaries.ts';
import { createOutputWatch } from '../support/output-watch.ts';
import { waitFor } from '../support/wait.ts';
import type { CognitoCommands } from './cognito-server.ts';
import type { KubernetesCommands } from './kubernetes-server.ts';
import { type Flags, type Operator, startOperator } from './operator.ts';
import { type Remote, startRemote } from './remote.ts';
import type { Specimen } from './resources.ts';
import type { Conditions } from './row.ts';

export interface Stage extends AsyncDisposable {
  readonly kubernetes: Remote<KubernetesCommands>;
  readonly cognito: Remote<CognitoCommands>;
  /** Both sides hold them already, as an operator has left them. */
  load(all: readonly Specimen[]): Promise<void>;
  start(flags?: Flags): Operator;
  /** Waits for so many pages of Lists, of all there ever were. */
  untilListed(pages: number, withinMs?: number): Promise<void>;
  /** Waits until Cognito has created so many. */
  untilCreated(servers: number, withinMs?: number): Promise<void>;
}

/** The quota of servers of a pool, at most. */
export const SERVERS_MAX = 300;

export async function openStage({ bundle, nodeOptions }: Conditions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-bench-'));
  const [kubernetes, cognito] = await Promise.all([
    startRemote<KubernetesCommands>('./kubernetes-server.ts'),
    startRemote<CognitoCommands>('./cognito-server.ts'),
  ]);
  const kubeconfig = join(folder, 'kubeconfig');
  const operatorKubeconfig = await kubernetes.call('kubeconfig');
  writeFileSync(kubeconfig, operatorKubeconfig);
  const request = (method: string, path: string) => kubernetes.call('request', method, path);
  const output = createOutputWatch({ request, operatorKubeconfig });
  const environment = environmentOf(folder, kubeconfig, await cognito.call('url'));
  const operators: Operator[] = [];
  const untilSucceeded = async (operation: string, count: number, withinMs: number) => {
    await waitFor(
      `${count} calls of ${operation}`,
      async () => (await cognito.call('succeeded', operation)) >= count,
      { withinMs },
    );
  };
  return {
    kubernetes,
    cognito,
    load: async (all) => {
      const pools = [...new Set(all.map(({ userPoolId }) => userPoolId))];
      await cognito.call('addPools', pools, SERVERS_MAX);
      await Promise.all([cognito.call('load', all), kubernetes.call('load', all)]);
    },
    start: (flags = {}) => {
      const operator = startOperator({ bundle, nodeOptions, environment, flags });
      output.guard(operator, environment);
      operators.push(operator);
      return operator;
    },
    untilListed: (pages, withinMs = 30_000) =>
      untilSucceeded('ListResourceServers', pages, withinMs),
    untilCreated: (servers, withinMs = 120_000) =>
      untilSucceeded('CreateResourceServer', servers, withinMs),
    [Symbol.asyncDispose]: async () => {
      // Everything was measured: what it takes to look for them is on no clock.
      const leaks = await output.leaks();
      for (const operator of operators) await operator.stop();
      await Promise.all([kubernetes.close(), cognito.close()]);
      rmSync(folder, { recursive: true, force: true });
      complainOfLeaks(leaks);
    },
  };
}

/** @throws when there are any */
export function complainOfLeaks(leaks: readonly string[]): void {
  if (leaks.length > 0) throw new Error(`on this stage:\n${leaks.join('\n')}`);
}

/** Nothing of the machine's own: neither its credentials nor its cluster. */
export function environmentOf(folder: string, kubeconfig: string, url: string) {
  return {
    HOME: folder,
    KUBECONFIG: kubeconfig,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
    AWS_ENDPOINT_URL_STS: url,
    ...canaryEnvironment(),
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
