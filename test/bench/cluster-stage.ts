/** A real control plane that keeps an audit log, the embedded Cognito, and operators on both. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binaries } from '../cluster/binaries.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { installCrd } from '../contract/kubernetes-world.ts';
import { createOutputWatch } from '../support/output-watch.ts';
import { waitFor } from '../support/wait.ts';
import { type Audit, auditInto } from './audit.ts';
import type { CognitoCommands } from './cognito-server.ts';
import { type Flags, type Operator, startOperator } from './operator.ts';
import { type Remote, startRemote } from './remote.ts';
import {
  COLLECTION,
  finalizedManifestOf,
  manifestOf,
  type Specimen,
  settledStatusOf,
} from './resources.ts';
import type { Conditions } from './row.ts';
import { complainOfLeaks, environmentOf, SERVERS_MAX } from './stage.ts';

export interface ClusterStage extends AsyncDisposable {
  readonly cognito: Remote<CognitoCommands>;
  readonly audit: Audit;
  /** Both sides hold them already, as an operator has left them. */
  load(all: readonly Specimen[]): Promise<void>;
  /** As a user would. */
  apply(one: Specimen): Promise<void>;
  start(flags?: Flags): Operator;
  /** Waits for so many pages of Lists, of all there ever were. */
  untilListed(pages: number, withinMs?: number): Promise<void>;
}

const WRITERS = 16;

export async function openClusterStage(
  { bundle, nodeOptions }: Conditions,
  binaries: Binaries,
): Promise<ClusterStage> {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-bench-'));
  const audit = auditInto(folder);
  const [plane, cognito] = await Promise.all([
    startControlPlane({ binaries, flags: audit.flags }),
    startRemote<CognitoCommands>('./cognito-server.ts'),
  ]);
  await installCrd(plane.client);
  const environment = environmentOf(folder, plane.kubeconfig, await cognito.call('url'));
  const operatorKubeconfig = readFileSync(plane.kubeconfig, 'utf8');
  const output = createOutputWatch({ request: plane.request, operatorKubeconfig });
  const operators: Operator[] = [];
  return {
    cognito,
    audit,
    load: async (all) => {
      const pools = [...new Set(all.map(({ userPoolId }) => userPoolId))];
      await cognito.call('addPools', pools, SERVERS_MAX);
      await Promise.all([cognito.call('load', all), settleAll(plane, all)]);
    },
    apply: async (one) => void (await must(plane, 'POST', COLLECTION, manifestOf(one))),
    start: (flags = {}) => {
      const operator = startOperator({ bundle, nodeOptions, environment, flags });
      output.guard(operator, environment);
      operators.push(operator);
      return operator;
    },
    untilListed: async (pages, withinMs = 60_000) => {
      const isListed = async () => (await cognito.call('succeeded', LIST)) >= pages;
      await waitFor(`${pages} pages of Lists`, isListed, { withinMs });
    },
    [Symbol.asyncDispose]: async () => {
      const leaks = await output.leaks();
      for (const operator of operators) await operator.stop();
      await Promise.all([plane.stop(), cognito.close()]);
      rmSync(folder, { recursive: true, force: true });
      complainOfLeaks(leaks);
    },
  };
}

const LIST = 'ListResourceServers';

async function settleAll(plane: ControlPlane, all: readonly Specimen[]): Promise<void> {
  const rest = all.values();
  const write = async (): Promise<void> => {
    for (const one of rest) await settle(plane, one);
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

async function settle(plane: ControlPlane, one: Specimen): Promise<void> {
  const { metadata } = await must(plane, 'POST', COLLECTION, finalizedManifestOf(one));
  const status = settledStatusOf(one, metadata.uid ?? '');
  await must(plane, 'PATCH', `${COLLECTION}/${one.name}/status`, { status });
}

async function must(plane: ControlPlane, method: string, path: string, body: object) {
  const answer = await plane.request(method, path, body);
  if (answer.status < 300) return answer.body;
  throw new Error(`${method} ${path}: ${answer.status} ${answer.body.message}`);
}
