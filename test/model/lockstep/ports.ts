/** Ports on which every request waits until the model says what becomes of it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RateGate } from '../../../src/gate.ts';
import { type Answer, type Call, failed, type Guard, type Ports } from '../../../src/ports.ts';
import type { World } from '../world.ts';

/** One request that waits. */
export interface Asked {
  readonly by: string;
  readonly port: 'read' | 'patchObject' | 'patchStatus' | Operation;
  /** The key, for Kubernetes. */
  readonly key: string;
  /** The patch, or what Cognito is to hold. */
  readonly load: unknown;
  readonly guard: Guard;
  readonly answer: (answer: Answer<unknown>) => void;
}

type Operation = 'list' | 'describe' | 'create' | 'update' | 'delete';

export interface Desk {
  readonly ports: Ports;
  /** Whatever runs inside asks in this name. */
  as<T>(name: string, run: () => T): T;
  waiting(by: string): readonly Asked[];
  answer(asked: Asked, answer: Answer<unknown>): void;
}

/** @param now the world as it is when somebody asks for the time */
export function createDesk(now: () => World): Desk {
  const names = new AsyncLocalStorage<string>();
  const waiting = new Set<Asked>();
  const ask = (port: Asked['port'], key: string, load: unknown, { guard }: Pick<Call, 'guard'>) => {
    const { promise, resolve } = Promise.withResolvers<Answer<unknown>>();
    waiting.add({ by: names.getStore() ?? '', port, key, load, guard, answer: resolve });
    return promise as Promise<never>;
  };
  return {
    ports: createPorts(ask, now),
    as: (name, run) => names.run(name, run),
    waiting: (by) => [...waiting].filter((each) => each.by === by),
    answer: (asked, answer) => {
      waiting.delete(asked);
      asked.answer(answer);
    },
  };
}

type Ask = (
  port: Asked['port'],
  key: string,
  load: unknown,
  call: Pick<Call, 'guard'>,
) => Promise<never>;

function createPorts(ask: Ask, now: () => World): Ports {
  const never = () => Promise.reject(new Error('nobody asks for this here'));
  const silent = () => undefined;
  let moments = 0;
  const timestamp = (): string => {
    moments += 1;
    return `2026-01-01T00:00:00.${moments}Z`;
  };
  return {
    cluster: {
      feed: () => ({ list: never, watch: () => [] as unknown as AsyncIterable<never> }),
      read: (key) => ask('read', key, undefined, { guard: silent }),
      patchObject: (key, patch, call) => ask('patchObject', key, patch, call),
      patchStatus: (key, patch, call) => ask('patchStatus', key, patch, call),
      schema: never,
    },
    userPools: {
      list: (_, __, call) => ask('list', '', undefined, call),
      describe: (_, call) => ask('describe', '', undefined, call),
      create: (_, desired, call) => ask('create', '', desired, call),
      update: (_, desired, call) => ask('update', '', desired, call),
      delete: (_, call) => ask('delete', '', undefined, call),
    },
    account: {
      caller: async () => failed({ kind: 'Unavailable', name: '', message: '', requestId: '' }),
      known: silent,
      credentials: async () => ({ kind: 'Answered', value: undefined }),
    },
    clock: {
      monotonicMs: () => now().nowMs,
      wallMs: () => 0,
      timestamp,
      sleep: never,
      deadline: (_, parent) => ({ signal: parent, cancel: silent }),
    },
    leases: { read: never, create: never, update: never, watch: () => [] as never },
    events: { publish: silent, flush: never },
    chance: { roll: () => 0.5, uuid: () => '' },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    metrics: { count: silent, observe: silent, set: silent },
  };
}

/** A place for everybody, unless there is none for anybody. */
export function createGate(isFull: () => boolean): RateGate {
  const nothing = () => undefined;
  return {
    take: ({ lanes }) => {
      if (isFull()) return undefined;
      return lanes.map(({ id }) => ({
        lane: id,
        voidMs: Number.POSITIVE_INFINITY,
        enter: nothing,
        leave: nothing,
        giveBack: nothing,
      }));
    },
    stepAside: nothing,
    waitingSince: nothing,
    forget: nothing,
    advance: () => ({ wake: [], nextMs: undefined }),
  };
}
