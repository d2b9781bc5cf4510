/**
 * The real operator in a world of its own: a clock that stands still, chance from a seed, an API
 * server and a Cognito that lose, delay and refuse what a test says, people who come in between.
 *
 *   const world = createWorld();
 *   world.people.apply(aResourceServer().named('a'));
 *   world.start();
 *   await world.advance(5_000);
 *
 * Beside what a test asks, the laws are watched with every change: `world.broken` stays empty.
 */
import type { OperatorSettings } from '../../src/operator.ts';
import type { Chance, Notice } from '../../src/ports.ts';
import { LeaseServer } from '../controller/lease-server.ts';
import type { Rates } from '../sandbox/cognito/rates.ts';
import { ACCOUNT, LATE_MS, POOL } from '../support/builders.ts';
import { createLoadedChance, createSeededChance } from '../support/seeded-chance.ts';
import { type CognitoRequest, SimulatedCognito } from './cognito.ts';
import { type Ghost, watchLaws } from './laws.ts';
import type { Moment, Witness } from './moment.ts';
import { Objects } from './objects.ts';
import { createPeople, type People } from './people.ts';
import { type Line, portsOf, type Roads } from './ports.ts';
import { type Replica, startReplica } from './replica.ts';
import type { KubernetesRequest } from './requests.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

export interface WorldOptions {
  readonly settings?: Partial<OperatorSettings>;
  /** Of the operator; without one, every roll is 0.5. */
  readonly seed?: number;
  readonly pools?: readonly string[];
  readonly rates?: Rates | 'off';
  readonly serversPerPool?: number;
  /** Servers a page of a List. */
  readonly pageSize?: number;
  /** What ended by itself is started again so much later; without it, by nobody. */
  readonly restartMs?: number;
  /** Sees every moment, beside the laws. */
  readonly witnesses?: readonly Witness[];
}

export type Timed<T> = T & { readonly atMs: number };

export interface World {
  readonly clock: VirtualTime;
  readonly objects: Objects;
  readonly people: People;
  readonly cognito: SimulatedCognito;
  readonly lease: LeaseServer;
  readonly roads: Roads;
  /** Requests as they departed. */
  readonly calls: Timed<CognitoRequest>[];
  readonly writes: Timed<KubernetesRequest>[];
  readonly events: Timed<Notice>[];
  readonly lines: Line[];
  readonly gauges: Map<string, number>;
  /** Sentences about laws that did not hold. */
  readonly broken: string[];
  readonly ghost: Ghost;
  /** Those that live, the oldest first. */
  readonly replicas: readonly Replica[];
  /** The credentials of processes that start from now on. */
  account: string;
  /** Another process. */
  start(): void;
  /** The oldest process is killed: what it sent may still land, and it learns nothing any more. */
  kill(): void;
  /** All watches are reset. */
  resetWatches(): void;
  tell(moment: Moment): void;
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export const SETTINGS: OperatorSettings = {
  namespaces: [],
  pageSize: 500,
  listDeadlineMs: 30_000,
  watchList: false,
  watchIdleMs: 80_000,
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2_000,
  lease: 'cognito-operator/cognito-operator',
  labelSelector: [],
  concurrency: 16,
  shutdownGraceMs: 25_000,
  callDeadlineMs: 4_000,
  lateMs: LATE_MS,
  resyncMs: 600_000,
  instance: 'instance-1',
  accountReadsPerSecond: 20,
  accountWritesPerSecond: 15,
  poolCallsPerSecond: 5,
  share: 0.8,
};

const QUOTA = 25;

export function createWorld(options: WorldOptions = {}): World {
  return new OneWorld(options);
}

export interface Nature {
  readonly clock: VirtualTime;
  readonly objects: Objects;
  readonly cognito: SimulatedCognito;
  readonly chance: Chance;
}

function natureOf(options: WorldOptions): Nature {
  const { pools = [POOL], rates = 'off', seed, serversPerPool = QUOTA, pageSize = 50 } = options;
  const clock = createVirtualTime(1_000);
  const chance = seed === undefined ? createLoadedChance(0.5) : createSeededChance(seed);
  const cognito = new SimulatedCognito({
    clock,
    chance: createSeededChance(seed ?? 0),
    account: ACCOUNT,
    pools,
    rates,
    serversPerPool,
    pageSize,
  });
  return { clock, objects: new Objects(clock), cognito, chance };
}

class OneWorld implements World {
  readonly clock: VirtualTime;
  readonly objects: Objects;
  readonly cognito: SimulatedCognito;
  readonly people: People;
  readonly lease = new LeaseServer();
  readonly roads: Roads = { kubernetes: () => undefined, cognito: () => undefined };
  readonly calls: Timed<CognitoRequest>[] = [];
  readonly writes: Timed<KubernetesRequest>[] = [];
  readonly events: Timed<Notice>[] = [];
  readonly lines: Line[] = [];
  readonly gauges = new Map<string, number>();
  readonly broken: string[] = [];
  readonly streams = new Set<() => void>();
  readonly chance: Chance;
  readonly ghost: Ghost;
  account = ACCOUNT;
  readonly #options: WorldOptions;
  readonly #settings: OperatorSettings;
  readonly #witnesses: readonly Witness[];
  #replicas: readonly Replica[] = [];
  #starts = 0;
  #isStopping = false;

  constructor(options: WorldOptions) {
    const { clock, objects, cognito, chance } = natureOf(options);
    this.clock = clock;
    this.objects = objects;
    this.cognito = cognito;
    this.chance = chance;
    this.people = createPeople(objects);
    this.#options = options;
    this.#settings = { ...SETTINGS, ...options.settings };
    const laws = watchLaws(this, this.#settings);
    this.ghost = laws;
    this.#witnesses = [laws.see, ...(options.witnesses ?? [])];
    objects.onChange((change) => this.tell({ kind: 'Change', change }));
    cognito.onEffect((effect) => this.tell({ kind: 'Effect', effect }));
  }

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  tell(moment: Moment): void {
    for (const see of this.#witnesses) see(moment, this.clock.nowMs);
  }

  start(): void {
    this.#starts += 1;
    const instance = `instance-${this.#starts}`;
    const replica = startReplica({
      instance,
      account: this.account,
      settings: { ...this.#settings, instance },
      time: this.clock,
      portsOf: (it) => portsOf(this, it),
      tell: (passage, how) => this.#pass(instance, passage, how),
      onBug: (sentence) => void this.broken.push(sentence),
    });
    this.#replicas = [...this.#replicas, replica];
  }

  kill(): void {
    this.#replicas[0]?.kill();
  }

  resetWatches(): void {
    for (const snap of this.streams) snap();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const replica of this.#replicas) replica.stop();
    await this.advance(60_000);
  }

  #pass(instance: string, passage: Extract<Moment, { kind: 'Process' }>['passage'], how: string) {
    this.tell({ kind: 'Process', by: instance, passage, how });
    if (passage !== 'Killed' && passage !== 'Ended') return;
    this.#replicas = this.#replicas.filter((each) => each.instance !== instance);
    const { restartMs } = this.#options;
    if (restartMs === undefined || this.#isStopping) return;
    this.clock.after(restartMs, () => this.start());
  }
}
