/** Requests to the simulated API server: what they ask for, and what befalls them on their way. */
import type { KubernetesFailure } from '../../src/core/failure.ts';
import type { Answer, Call, Frame, WatchRequest } from '../../src/ports.ts';
import { cross, type Journey, type Stage } from './journey.ts';
import type { Objects } from './objects.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

export interface KubernetesRequest {
  readonly verb: 'list' | 'read' | 'patchObject' | 'patchStatus';
  readonly key: string;
  readonly patch: object;
}

/** What may befall a request to the API server, beside what a network does. */
export interface KubernetesJourney extends Journey<KubernetesFailure> {
  /** A list shows what was there so long ago. */
  readonly ageMs?: number;
}

export type KubernetesRoad = (request: KubernetesRequest) => Partial<KubernetesJourney> | undefined;
export type KubernetesStage = Stage<KubernetesFailure>;

/** What befalls a watch, decided as it is opened; nothing by default. */
export interface WatchFate {
  /** Instead of all else. */
  readonly refusal?: ErrorFrame;
  /** Each frame comes so late. */
  readonly lagMs?: number;
  /** After so long it carries nothing any more, and does not end either. */
  readonly silentAfterMs?: number;
  /** After so long this is its last frame; `undefined`: it is closed, as by a proxy. */
  readonly end?: { readonly afterMs: number; readonly frame: Frame | undefined };
  /** Beside each frame these come, before it. */
  readonly beside?: (frame: Frame) => readonly Frame[];
}

export type ErrorFrame = Extract<Frame, { kind: 'Error' }>;
export type WatchRoad = (request: WatchRequest) => WatchFate | undefined;

export interface ClusterParts {
  readonly objects: Objects;
  readonly time: VirtualTime;
  readonly life: Life;
  readonly road: KubernetesRoad;
  /** What it takes to connect, before the guard is asked and the request leaves. */
  readonly connectMs?: (request: KubernetesRequest) => number;
  readonly watchRoad?: WatchRoad;
  readonly tell?: (request: KubernetesRequest, stage: KubernetesStage) => void;
  /** What each way takes on a quiet day. */
  readonly journey: Pick<Journey<never>, 'outMs' | 'backMs'>;
  /** A stream that breaks tells this first. */
  readonly breaks: Set<() => void>;
}

const DEADLINE_MS = 10_000;
export const SILENCE: KubernetesFailure = {
  kind: 'KubernetesFailed',
  answered: false,
  status: undefined,
  message: 'no answer',
  retryAfterMs: undefined,
};

/** What a server in trouble answers. */
export function refused(status: number, retryAfterMs?: number): KubernetesFailure {
  const message = `said ${status}`;
  return { kind: 'KubernetesFailed', answered: true, status, message, retryAfterMs };
}

/** @param arrive is told how the request was altered on its way */
export async function send<T>(
  { time, life, road, connectMs, journey, tell }: ClusterParts,
  request: KubernetesRequest,
  call: Call,
  arrive: (journey: KubernetesJourney) => Answer<T, KubernetesFailure>,
) {
  const connectingMs = connectMs?.(request) ?? 0;
  if (connectingMs > 0) await time.clockOf(life).sleep(connectingMs, call.signal);
  let taken: KubernetesJourney = { ...journey, fate: 'Arrives' };
  return cross<T, KubernetesFailure>(
    {
      time,
      life,
      deadlineMs: DEADLINE_MS - connectingMs,
      silence: SILENCE,
      journey: () => (taken = { ...taken, ...road(request) }),
      tell: (stage) => tell?.(request, stage),
    },
    call,
    () => arrive(taken),
  );
}

export function free(signal: AbortSignal): Call {
  return { signal, guard: () => undefined };
}
