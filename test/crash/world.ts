/**
 * A world for one run: a namespace, a Cognito with a pool, and operators one after the other, each
 * behind proxies of its own. When none is left the next one starts, as a Deployment would have it.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { LEASES } from '../contract/kubernetes-world.ts';
import type { Launch } from '../ha/stage.ts';
import { type EmbeddedCognito, startCognito } from '../sandbox/cognito/server.ts';
import { kubeconfigText } from '../sandbox/kubernetes/edge/kubeconfig.ts';
import type { Listener } from '../sandbox/kubernetes/edge/listener.ts';
import { aResourceServer, FOREIGN } from '../support/builders.ts';
import { canaryEnvironment } from '../support/canaries.ts';
import { type Environment, type Flags, tailOf } from '../support/launch.ts';
import { createOutputWatch, type OutputWatch } from '../support/output-watch.ts';
import { type Pool, poolOf } from '../support/pool.ts';
import { SHORT_LEASE } from '../support/scaled.ts';
import { User } from '../support/user.ts';
import { cognitoCall, kubernetesCall } from './call.ts';
import type { Cluster } from './cluster.ts';
import { Life } from './life.ts';
import { startProxy, type Toll } from './proxy.ts';

export interface WorldOptions {
  readonly cluster: Cluster;
  readonly launch: Launch;
  /** Over the scaled ones. */
  readonly flags?: Flags;
  /** Whether the operator serves the namespace of the neighbour, too. */
  readonly isAcross?: boolean;
  /** What becomes of the calls of a life. */
  readonly toll: (life: Life) => Toll;
}

/** Somebody else's server, in every pool. */
export const NEVER_OURS = 'never-ours';
/** In no picture: it is there in some runs of a scenario, and in others not. */
export const PASSER_BY = 'passer-by';
const POOL = 'eu-west-1_Crash';

/**
 * As `settings.ts` wants them beside each other: so long that a busy machine ends no term. Where
 * nobody is left to wait for a Lease it is taken away, as if it had been waited out.
 */
const SCALED: Flags = {
  late: '5s',
  'metrics-port': '0',
  'probes-port': '0',
  'bind-address': '127.0.0.1',
  'log-level': 'debug',
};

/** For who waits a Lease out. */
export const HASTY: Flags = {
  ...SHORT_LEASE,
  'call-deadline': '1500ms',
  late: '2s',
};

type Namespaces = readonly [own: string, beside: string];

export class World implements AsyncDisposable {
  readonly user: User;
  /** Of another namespace. */
  readonly neighbour: User;
  readonly pool: Pool;
  readonly cognito: EmbeddedCognito;
  /** All that ever began. */
  readonly lives: Life[] = [];
  readonly #options: WorldOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'cognito-operator-crash-'));
  readonly #dispatcher = new Agent();
  readonly #proxies: Listener[] = [];
  readonly #output: OutputWatch;
  #bornCount = 0;
  #isOver = false;
  #succession: Promise<void> = Promise.resolve();

  static async open(options: WorldOptions): Promise<World> {
    const name = `crash-${randomUUID().slice(0, 8)}`;
    const namespaces = [name, `${name}-beside`] as const;
    const { request } = options.cluster.door;
    for (const each of namespaces) {
      const namespace = { metadata: { name: each } };
      const { status } = await request('POST', '/api/v1/namespaces', namespace);
      if (status !== 201) throw new Error(`no namespace: ${status}`);
    }
    return new World(options, namespaces, await startCognito({ pools: [POOL] }));
  }

  private constructor(options: WorldOptions, namespaces: Namespaces, cognito: EmbeddedCognito) {
    const [namespace, beside] = namespaces;
    this.#options = options;
    this.cognito = cognito;
    this.user = new User(options.cluster.door, namespace, this.tell);
    this.neighbour = new User(options.cluster.door, beside, this.tell);
    this.pool = poolOf(cognito, POOL);
    this.pool.put(FOREIGN, NEVER_OURS);
    const { cluster } = options;
    const operatorKubeconfig = this.#kubeconfigText(cluster.upstream.url);
    this.#output = createOutputWatch({ ...cluster.door, operatorKubeconfig }, namespaces);
  }

  async start(): Promise<Life> {
    const { cluster, launch, toll, flags, isAcross = false } = this.#options;
    const life = new Life(this.#bornCount);
    this.#bornCount += 1;
    const behind = toll(life);
    const amazon = { url: this.cognito.url, dispatcher: this.#dispatcher };
    const kubernetes = await startProxy(cluster.upstream, kubernetesCall, this.#looking(behind));
    const cognito = await startProxy(amazon, cognitoCall, behind);
    this.#proxies.push(kubernetes, cognito);
    const { namespace } = this.user;
    const namespaces = isAcross ? `${namespace},${this.neighbour.namespace}` : namespace;
    const scope = { namespaces, 'lease-namespace': namespace };
    const kubeconfig = this.#kubeconfigFor(life, kubernetes.url);
    const around = environmentOf(this.#folder, kubeconfig, cognito.url);
    life.begin(launch({ ...SCALED, ...flags, ...scope }, around));
    this.#output.guard(life.operator, around);
    this.lives.push(life);
    void life.operator.exited.then(this.#follow);
    return life;
  }

  /** Who leads, as far as one knows from outside. */
  readonly leader = (): Life | undefined =>
    this.lives.find((life) => life.isAlive() && life.isLeading());

  /** Sentences about credentials that got out: in what was sent, stored, logged, or measured. */
  readonly leaks = (): Promise<readonly string[]> => this.#output.leaks();

  /** Until it is disposed of. */
  readonly isStanding = (): boolean => !this.#isOver;

  /** Somebody makes a resource that is none of the scenario's: one more notification. */
  readonly passBy = async (): Promise<void> => {
    const identifier = `https://${PASSER_BY}.example.com`;
    const passing = aResourceServer().named(PASSER_BY).inPool(POOL).identifiedAs(identifier);
    await this.user.apply(passing.paused());
  };

  /** What the operators said last. */
  readonly tell = (): string =>
    this.lives.map(({ operator }) => tailOf(operator)).join('\n--- the next life\n');

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#succession;
    await Promise.all(this.lives.map((each) => each.kill()));
    await Promise.all(this.#proxies.map((each) => each.close()));
    await this.#dispatcher.destroy();
    await this.cognito.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  readonly #follow = (): void => {
    this.#succession = this.#succeed();
  };

  /** A fault of the harness here is unhandled, and ends the run. */
  async #succeed(): Promise<void> {
    if (this.#isOver || this.lives.some((each) => each.isAlive())) return;
    const lease = `${LEASES}/namespaces/${this.user.namespace}/leases/cognito-operator`;
    await this.#options.cluster.door.request('DELETE', lease);
    await this.start();
  }

  #kubeconfigFor({ number }: Life, url: string): string {
    const path = join(this.#folder, `kubeconfig-${number}`);
    writeFileSync(path, this.#kubeconfigText(url));
    return path;
  }

  #kubeconfigText(url: string): string {
    const { token } = this.#options.cluster;
    return kubeconfigText({ url, token, user: 'operator', namespace: this.user.namespace });
  }

  #looking(toll: Toll): Toll {
    return {
      ...toll,
      at: (call, stage) => {
        if (stage === 'before' && call.request !== undefined) this.#output.look(call.request);
        return toll.at(call, stage);
      },
    };
  }
}

/** Nothing of the machine's own: neither its credentials nor its cluster. */
function environmentOf(folder: string, kubeconfig: string, cognitoUrl: string): Environment {
  return {
    HOME: folder,
    KUBECONFIG: kubeconfig,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognitoUrl,
    AWS_ENDPOINT_URL_STS: cognitoUrl,
    ...canaryEnvironment(),
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
