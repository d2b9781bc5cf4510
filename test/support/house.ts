/**
 * A house: a Kubernetes API, an embedded Cognito, and the built operator as a process or
 * more against both, with every time scaled down. Each has ports and folders of its own, so that
 * files run beside each other.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CognitoOptions,
  type EmbeddedCognito,
  startCognito,
} from '../sandbox/cognito/server.ts';
import type { EmbeddedKubernetesOptions } from '../sandbox/kubernetes/server.ts';
import { type CanaryEnvironment, canaryEnvironment } from './canaries.ts';
import { type HouseKubernetes, startHouseKubernetes } from './house-kubernetes.ts';
import { type Environment, type Flags, type OperatorProcess, tailOf } from './launch.ts';
import { startOperatorProcess } from './operator-process.ts';
import { createOutputWatch } from './output-watch.ts';
import { type Pool, poolOf } from './pool.ts';
import { SCALED } from './scaled.ts';
import { lawBrokenBy, type StatusWrite, statusWriteOf } from './status-writes.ts';
import { User } from './user.ts';

export interface HouseOptions {
  /** Over the scaled ones. */
  readonly flags?: Flags;
  readonly environment?: Environment;
  readonly cognito?: CognitoOptions;
  readonly kubernetes?: EmbeddedKubernetesOptions;
  /** How many operators to begin with; the first one leads when the house is ready. */
  readonly operators?: number;
}

export interface House {
  readonly kubernetes: HouseKubernetes;
  readonly cognito: EmbeddedCognito;
  /** All that were ever started, the dead included. */
  readonly operators: readonly OperatorProcess[];
  /** Every status that an operator wrote, oldest first. */
  readonly statusWrites: readonly StatusWrite[];
  /** What the operators sign with, unless a test gave them other variables. */
  readonly credentials: CanaryEnvironment;
  /** One more operator. */
  start(flags?: Flags, environment?: Environment): OperatorProcess;
  /** A user in a new namespace. */
  user(namespace?: string): Promise<User>;
  /** A new user pool, of this id if given. */
  pool(id?: string): Pool;
  leaseHolder(): Promise<string | undefined>;
  /** As if the Lease of a dead holder had been waited out. */
  dropLease(): Promise<void>;
  /**
   * Ends all; complains when an operator had a bug to report, broke a law of status, or let out a
   * secret: in its log, a metric, or anything it wrote to Kubernetes.
   */
  close(): Promise<void>;
}

const OPERATOR_NAMESPACE = 'cognito-operator';
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${OPERATOR_NAMESPACE}/leases`;
export const LEASE = `${LEASES}/cognito-operator`;

/** Quotas out of the way, for houses where many tests share one account. */
export const UNMETERED: Pick<HouseOptions, 'flags' | 'cognito'> = {
  flags: {
    'account-reads-per-second': '1000',
    'account-writes-per-second': '1000',
    'pool-calls-per-second': '200',
  },
  cognito: { rates: 'off' },
};

export async function startHouse(options: HouseOptions = {}): Promise<House> {
  const kubernetes = await startHouseKubernetes(options.kubernetes);
  await createNamespace(kubernetes, OPERATOR_NAMESPACE);
  const cognito = await startCognito(options.cognito);
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-house-'));
  const credentials = canaryEnvironment();
  const served = environmentOf(kubernetes, cognito, folder);
  const environment = { ...served, ...credentials, ...options.environment };
  const output = createOutputWatch(kubernetes);
  const operators: OperatorProcess[] = [];
  const statusWrites: StatusWrite[] = [];
  kubernetes.faults.onRequest((request, stage) => {
    const write = stage === 'applied' ? statusWriteOf(request) : undefined;
    if (write !== undefined) statusWrites.push(write);
  });
  const named = createNames();
  const house: House = {
    kubernetes,
    cognito,
    operators,
    statusWrites,
    credentials,
    start(flags, more) {
      const all = { ...SCALED, 'lease-namespace': OPERATOR_NAMESPACE, ...options.flags, ...flags };
      const around = { ...environment, ...more };
      const started = startOperatorProcess(all, around);
      output.guard(started, around);
      operators.push(started);
      return started;
    },
    async user(namespace = named('ns-')) {
      await createNamespace(kubernetes, namespace);
      return new User(kubernetes, namespace, () => tellAbout(operators, namespace));
    },
    pool(id = named('eu-west-1_E2e')) {
      cognito.addPool(id);
      return poolOf(cognito, id);
    },
    async leaseHolder() {
      const { status, body } = await kubernetes.request('GET', LEASE);
      const lease = body as { readonly spec: { readonly holderIdentity?: string } };
      return status === 200 ? (lease.spec.holderIdentity ?? '') : undefined;
    },
    async dropLease() {
      await kubernetes.request('DELETE', LEASE);
    },
    async close() {
      const leaks = await output.leaks();
      await Promise.all(operators.map((each) => each.kill()));
      await Promise.all([kubernetes.close(), cognito.close()]);
      rmSync(folder, { recursive: true, force: true });
      complain(house, leaks);
    },
  };
  for (let count = 0; count < (options.operators ?? 1); count += 1) {
    const operator = house.start();
    if (count === 0) await operator.untilLeading().catch((error) => giveUp(house, error));
  }
  return house;
}

/** It may be there already. */
async function createNamespace({ request }: HouseKubernetes, name: string): Promise<void> {
  const { status, body } = await request('POST', '/api/v1/namespaces', { metadata: { name } });
  if (status !== 201 && status !== 409) throw new Error(`no namespace: ${JSON.stringify(body)}`);
}

async function giveUp(house: House, error: unknown): Promise<never> {
  await house.close();
  throw error;
}

/** Nothing of the machine's own: neither its credentials nor its cluster. */
function environmentOf(
  kubernetes: HouseKubernetes,
  cognito: EmbeddedCognito,
  folder: string,
): Environment {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubernetes.operatorKubeconfig);
  return {
    HOME: folder,
    KUBECONFIG: kubeconfig,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url,
    AWS_ENDPOINT_URL_STS: cognito.url,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function createNames(): (prefix: string) => string {
  let count = 0;
  return (prefix) => {
    count += 1;
    return `${prefix}${count}`;
  };
}

/** Lines about one namespace or about none, and all that are loud. */
function tellAbout(operators: readonly OperatorProcess[], namespace: string): string {
  return operators
    .map(({ lines, complaints }) => {
      const isNear = (key: unknown) =>
        typeof key === 'string' ? key.startsWith(`${namespace}/`) : key === undefined;
      const matters = lines.filter(({ level, key }) => level !== 'debug' || isNear(key));
      return tailOf({ lines: matters, complaints });
    })
    .join('\n--- the next operator\n');
}

function complain({ operators, statusWrites }: House, leaks: readonly string[]): void {
  const bugs = operators.flatMap(({ lines }) => lines.filter(({ msg }) => /a bug\b/.test(msg)));
  const broken = statusWrites.flatMap((write) => lawBrokenBy(write) ?? []);
  const complaints = [...bugs.map((line) => JSON.stringify(line)), ...broken, ...leaks];
  if (complaints.length > 0) throw new Error(`in this house:\n${complaints.join('\n')}`);
}
