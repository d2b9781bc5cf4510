/**
 * Replicas of the built operator on one real API server, in a namespace and with a Lease of their
 * own, and an embedded Cognito that knows them apart.
 */
import { readFileSync } from 'node:fs';
import type { Admin } from '../cluster/admin.ts';
import { installCrd, LEASES } from '../contract/kubernetes-world.ts';
import {
  type CognitoOptions,
  type EmbeddedCognito,
  startCognito,
} from '../sandbox/cognito/server.ts';
import { canaryEnvironment } from '../support/canaries.ts';
import { type Environment, type Flags, type OperatorProcess, tailOf } from '../support/launch.ts';
import { readMetric } from '../support/metrics-page.ts';
import { createOutputWatch } from '../support/output-watch.ts';
import { type Pool, poolOf } from '../support/pool.ts';
import { SCALED as HOUSE_SCALED, SHORT_LEASE } from '../support/scaled.ts';
import { User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';
import { type Replica, replicaOf } from './replica.ts';

export type Launch = (flags: Flags, environment: Environment) => OperatorProcess;

export interface StageOptions {
  readonly admin: Admin;
  readonly launch: Launch;
  /** Over the scaled ones. */
  readonly flags?: Flags;
  readonly cognito?: CognitoOptions;
  /** To begin with; the first one leads when the stage is open. */
  readonly replicas?: number;
  /** Whenever one ends another one is started, as a Deployment does. */
  readonly areReplaced?: boolean;
}

export interface Stage extends AsyncDisposable {
  readonly admin: Admin;
  readonly cognito: EmbeddedCognito;
  readonly user: User;
  /** All that were ever started, the dead included. */
  readonly replicas: readonly Replica[];
  start(flags?: Flags, environment?: Environment): Replica;
  pool(): Pool;
  /** The one that leads now, or will in a moment; another one than `before` if given. */
  untilLed(before?: Replica): Promise<Replica>;
  /** Waits until it is ready to take over. */
  untilReady(replica: Replica): Promise<void>;
  /** The sum of a metric's series. */
  metric(replica: Replica, name: string): Promise<number>;
  leaseHolder(): Promise<string>;
  /** When its holder says that it was renewed last, by the holder's own wall clock. */
  leaseRenewedAtMs(): Promise<number>;
  /** What the replicas said last. */
  tell(): string;
}

/** Of the scaled settings: short, but a busy machine must not end a term. */
export const LEASE_MS = 8_000;

/** As `settings.ts` wants them beside each other. */
export const SCALED: Flags = {
  ...HOUSE_SCALED,
  ...SHORT_LEASE,
  'call-deadline': '800ms',
  late: '1s',
  'kubernetes-deadline': '2s',
  'list-deadline': '5s',
  'shutdown-grace': '5s',
};

/** The defaults of the program. */
export const DEFAULT_LEASE: Flags = {
  'lease-duration': '15s',
  'renew-deadline': '10s',
  'retry-period': '2s',
  'call-deadline': '4s',
  late: '30s',
  'kubernetes-deadline': '10s',
  'shutdown-grace': '25s',
};

/** So long that whoever waits for any of it does so in vain. */
export const AGES: Flags = {
  'lease-duration': '30m',
  'renew-deadline': '20m',
  'retry-period': '10m',
};

/** Longer than any failover here. */
const LED_WITHIN_MS = 60_000;

export async function openStage(options: StageOptions): Promise<Stage> {
  const { admin } = options;
  await installCrd(admin.client);
  const namespace = await newNamespace(admin);
  const cognito = await startCognito(options.cognito);
  const replicas: Replica[] = [];
  const tellMore = (): string => replicas.map(tailOf).join('\n--- the next replica\n');
  const flags = {
    ...SCALED,
    ...options.flags,
    namespaces: namespace,
    'lease-namespace': namespace,
  };
  const count = { pools: 0 };
  const close = new AbortController();
  const lease = async () => (await admin.request('GET', leasePath(namespace))).body.spec;
  const credentials = canaryEnvironment();
  const operatorKubeconfig = readFileSync(admin.kubeconfig, 'utf8');
  const output = createOutputWatch({ request: admin.request, operatorKubeconfig });
  const stage: Stage = {
    admin,
    cognito,
    user: new User(admin, namespace, tellMore),
    tell: tellMore,
    replicas,
    start(more, environment) {
      const accessKey = `AKIAREPLICA${String(replicas.length + 1).padStart(5, '0')}`;
      const own = { ...environmentOf(admin, cognito), ...credentials };
      const around = { ...own, AWS_ACCESS_KEY_ID: accessKey, ...environment };
      const operator = options.launch({ ...flags, ...more }, around);
      output.guard(operator, around);
      const replica = replicaOf(operator, accessKey, cognito);
      replicas.push(replica);
      const replace = () => options.areReplaced === true && !close.signal.aborted && stage.start();
      void replica.exited.then(replace);
      return replica;
    },
    pool() {
      count.pools += 1;
      const id = `eu-west-1_Ha${count.pools}`;
      cognito.addPool(id);
      return poolOf(cognito, id);
    },
    untilLed: (before) =>
      waitFor('a leader', () => replicas.find((each) => each !== before && each.isLeading()), {
        withinMs: LED_WITHIN_MS,
        tellMore,
      }),
    async untilReady(replica) {
      const { probesPort } = await replica.untilSaid('started');
      const url = `http://127.0.0.1:${String(probesPort)}/readyz`;
      await waitFor('a replica to be ready', async () => (await fetch(url)).ok, { tellMore });
    },
    async metric(replica, name) {
      const { metricsPort } = await replica.untilSaid('started');
      return readMetric(metricsPort, name);
    },
    async leaseHolder() {
      const holder = (await lease())?.['holderIdentity'];
      return typeof holder === 'string' ? holder : '';
    },
    leaseRenewedAtMs: async () => Date.parse(String((await lease())?.['renewTime'])),
    async [Symbol.asyncDispose]() {
      close.abort();
      const leaks = await output.leaks();
      await Promise.all(replicas.map((each) => each.kill()));
      await cognito.close();
      if (leaks.length > 0) throw new Error(`on this stage:\n${leaks.join('\n')}`);
    },
  };
  await startReplicas(stage, options.replicas ?? 2);
  return stage;
}

async function startReplicas(stage: Stage, count: number): Promise<void> {
  try {
    for (let index = 0; index < count; index += 1) {
      const replica = stage.start();
      await (index === 0 ? replica.untilLeading() : stage.untilReady(replica));
    }
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
}

/* --------------------------------------------------------------- the API server */

async function newNamespace(admin: Admin): Promise<string> {
  const metadata = { generateName: 'ha-' };
  const { body } = await admin.request('POST', '/api/v1/namespaces', { metadata });
  return body.metadata.name;
}

function leasePath(namespace: string): string {
  return `${LEASES}/namespaces/${namespace}/leases/cognito-operator`;
}

/** Nothing of the machine's own: neither its credentials nor its cluster. */
function environmentOf(admin: Admin, cognito: EmbeddedCognito) {
  return {
    HOME: admin.folder,
    KUBECONFIG: admin.kubeconfig,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url,
    AWS_ENDPOINT_URL_STS: cognito.url,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
