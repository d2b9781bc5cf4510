/** The Leases port on the one Lease that is simulated: the same journeys as for all else. */
import type { KubernetesFailure } from '../../src/core/failure.ts';
import type { LeaseRecord } from '../../src/core/lease.ts';
import { type Answer, answered, type Leases } from '../../src/ports.ts';
import type { LeaseServer } from '../controller/lease-server.ts';
import { cross, deliver, type Journey, never, type Road, type Stage } from './journey.ts';
import { free, SILENCE } from './requests.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

export interface LeaseRequest {
  readonly verb: 'get' | 'create' | 'update' | 'watch';
  readonly record: LeaseRecord | undefined;
}

export type LeaseRoad = Road<LeaseRequest, KubernetesFailure>;

export interface LeaseParts {
  readonly server: LeaseServer;
  readonly time: VirtualTime;
  readonly life: Life;
  readonly road: LeaseRoad;
  readonly tell: (request: LeaseRequest, stage: Stage<KubernetesFailure>) => void;
  readonly journey: Pick<Journey<never>, 'outMs' | 'backMs'>;
}

/** Longer than any deadline of the elector. */
const DEADLINE_MS = 600_000;

export function createSimulatedLeases(parts: LeaseParts): Leases {
  const { server } = parts;
  const send = <T>(
    request: LeaseRequest,
    signal: AbortSignal,
    arrive: () => Answer<T, KubernetesFailure>,
  ) => sent(parts, request, signal, arrive);
  return {
    read: (signal) => send(asked('get'), signal, () => answered(server.record)),
    create: (lease, signal) => send(asked('create', lease), signal, () => server.create(lease)),
    update: (lease, signal) => send(asked('update', lease), signal, () => server.update(lease)),
    watch: (signal) => ({ [Symbol.asyncIterator]: () => watch(parts, signal) }),
  };
}

function asked(verb: LeaseRequest['verb'], record?: LeaseRecord): LeaseRequest {
  return { verb, record };
}

function sent<T>(
  { time, life, road, journey, tell }: LeaseParts,
  request: LeaseRequest,
  signal: AbortSignal,
  arrive: () => Answer<T, KubernetesFailure>,
) {
  const crossing = {
    time,
    life,
    deadlineMs: DEADLINE_MS,
    silence: SILENCE,
    journey: () => ({ ...journey, fate: 'Arrives' as const, ...road(request) }),
    tell: (stage: Stage<KubernetesFailure>) => tell(request, stage),
  };
  return cross<T, KubernetesFailure>(crossing, free(signal), arrive);
}

/** One that is refused ends at once; one whose road loses it is open and mute. */
function watch(parts: LeaseParts, signal: AbortSignal): AsyncIterator<LeaseRecord> {
  const { life, server, time } = parts;
  if (life.isOver) return { next: never };
  const { fate = 'Arrives', backMs = 0 } = parts.road(asked('watch')) ?? {};
  const hearing = new Hearing();
  const leave = server.onChange((record) => {
    if (life.isOver) leave();
    else if (fate !== 'Arrives') return;
    else if (backMs > 0) time.after(backMs, () => hearing.hear(record), life);
    else deliver(life, () => hearing.hear(record));
  });
  const end = (): void => {
    leave();
    hearing.end();
  };
  signal.addEventListener('abort', end);
  server.watchesEnd.addEventListener('abort', () => deliver(life, end));
  if (signal.aborted || typeof fate === 'object') end();
  return {
    next: () => hearing.next(),
    return: () => {
      end();
      return hearing.next();
    },
  };
}

type Heard = IteratorResult<LeaseRecord>;

const DONE: Heard = { done: true, value: undefined };

class Hearing {
  readonly #heard: LeaseRecord[] = [];
  #isOver = false;
  #wake: ((heard: Heard) => void) | undefined;

  next(): Promise<Heard> {
    const value = this.#heard.shift();
    if (this.#isOver) return Promise.resolve(DONE);
    if (value !== undefined) return Promise.resolve({ done: false, value });
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  hear(record: LeaseRecord): void {
    const wake = this.#wake;
    this.#wake = undefined;
    if (wake === undefined) this.#heard.push(record);
    else wake({ done: false, value: record });
  }

  end(): void {
    this.#isOver = true;
    this.#wake?.(DONE);
  }
}
