/** The ports of one process of a world: all it sends passes here, and is told to the world. */

import type { CognitoFailure } from '../../src/core/failure.ts';
import type { Account, Log, Metrics, Ports } from '../../src/ports.ts';
import { answered, failed } from '../../src/ports.ts';
import { createSimulatedCluster } from './cluster.ts';
import type { CognitoRequest } from './cognito.ts';
import { createSimulatedLeases, type LeaseRoad } from './leases.ts';
import type { Replica } from './replica.ts';
import type { KubernetesRequest, KubernetesRoad, WatchRoad } from './requests.ts';
import { type CognitoRoad, createSimulatedUserPools } from './user-pools.ts';
import type { World } from './world.ts';

/** What befalls a request as it departs; a test sets them, and sets them anew. */
export interface Roads {
  kubernetes: Travelling<KubernetesRoad>;
  cognito: Travelling<CognitoRoad>;
  /** Before a request to Kubernetes departs. */
  connectMs?: Travelling<(request: KubernetesRequest) => number>;
  /** Before a request to Cognito departs. */
  cognitoConnectMs?: Travelling<(request: CognitoRequest) => number>;
  watch?: WatchRoad;
  lease?: LeaseRoad;
  /** Asked for credentials, and whose they are; what is told instead of an answer. */
  account?: (question: 'caller' | 'credentials') => CognitoFailure | undefined;
  /** What it takes to get credentials that are there. */
  credentialsMs?: () => number;
}

type Travelling<R extends (request: never) => unknown> = (
  request: Parameters<R>[0],
  by: Replica,
) => ReturnType<R>;

export interface Line {
  readonly atMs: number;
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a world gives to its processes, beside what all may see of it. */
export interface Ground extends World {
  readonly streams: Set<() => void>;
  readonly chance: Ports['chance'];
}

const KUBERNETES_WAY = { outMs: 1, backMs: 1 };
const COGNITO_WAY = { outMs: 5, backMs: 5 };
const LEASE_WAY = { outMs: 0, backMs: 0 };

export function portsOf(world: Ground, replica: Replica): Ports {
  const { clock, chance } = world;
  return {
    clock: clock.clockOf(replica),
    chance,
    log: logOf(world, replica),
    metrics: metricsOf(world),
    events: {
      publish: (notice) => {
        if (replica.isOver) return;
        world.events.push({ ...notice, atMs: clock.nowMs });
        world.tell({ kind: 'Event', notice });
      },
      flush: async () => {},
    },
    cluster: clusterOf(world, replica),
    leases: createSimulatedLeases({
      server: world.lease,
      time: clock,
      life: replica,
      road: (request) => world.roads.lease?.(request),
      journey: LEASE_WAY,
      tell: (request, stage) => world.tell({ kind: 'Lease', by: replica.instance, request, stage }),
    }),
    userPools: userPoolsOf(world, replica),
    account: accountOf(world, replica),
  };
}

function clusterOf(world: Ground, replica: Replica) {
  return createSimulatedCluster({
    objects: world.objects,
    time: world.clock,
    life: replica,
    road: (request) => {
      if (request.verb.startsWith('patch'))
        world.writes.push({ ...request, atMs: world.clock.nowMs });
      return world.roads.kubernetes(request, replica);
    },
    connectMs: (request) => world.roads.connectMs?.(request, replica) ?? 0,
    watchRoad: (request) => world.roads.watch?.(request),
    tell: (request, stage) =>
      world.tell({ kind: 'Kubernetes', by: replica.instance, request, stage }),
    journey: KUBERNETES_WAY,
    breaks: world.streams,
  });
}

function userPoolsOf(world: Ground, replica: Replica) {
  return createSimulatedUserPools({
    cognito: world.cognito,
    time: world.clock,
    life: replica,
    account: replica.account,
    road: (request) => {
      world.calls.push({ ...request, atMs: world.clock.nowMs });
      return world.roads.cognito(request, replica);
    },
    connectMs: (request) => world.roads.cognitoConnectMs?.(request, replica) ?? 0,
    tell: (request, stage) => world.tell({ kind: 'Cognito', by: replica.instance, request, stage }),
    journey: COGNITO_WAY,
  });
}

/** Known without asking, unless the world makes it a secret that only STS tells. */
function accountOf(world: Ground, replica: Replica): Account {
  const { account } = replica;
  const clock = world.clock.clockOf(replica);
  let isKnown = world.roads.account === undefined;
  return {
    known: () => (isKnown ? account : undefined),
    caller: async () => {
      const failure = world.roads.account?.('caller');
      if (failure !== undefined) return failed(failure);
      isKnown = true;
      return answered(account);
    },
    credentials: async (signal) => {
      const ms = world.roads.credentialsMs?.() ?? 0;
      if (ms > 0) await clock.sleep(ms, signal);
      const failure = world.roads.account?.('credentials');
      return failure === undefined ? answered(undefined) : failed(failure);
    },
  };
}

function logOf(world: Ground, replica: Replica): Log {
  const write =
    (level: keyof Log): Log['info'] =>
    (message, fields = {}) => {
      if (replica.isOver) return;
      if (level !== 'debug') world.lines.push({ atMs: world.clock.nowMs, level, message, fields });
      world.tell({ kind: 'Line', by: replica.instance, level, message });
      if (message.includes('a bug')) world.broken.push(`${message}: ${String(fields['error'])}`);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}

function metricsOf(world: Ground): Metrics {
  return {
    count: (name, labels) => world.tell({ kind: 'Count', name, labels }),
    observe: () => {},
    set: (name, _, value) => void world.gauges.set(name, value),
  };
}
