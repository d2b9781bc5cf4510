/** How much of a window was used: calls a second beside N / (1 s + the time a place is held). */
import type { Called } from './cognito-server.ts';
import type { Asked } from './kubernetes-server.ts';
import { specimen } from './resources.ts';
import { mean } from './statistics.ts';

export interface Throughput {
  readonly perSecond: number;
  readonly possiblePerSecond: number;
  readonly heldMs: number;
  /** 1: as much as there is. */
  readonly ratio: number;
}

interface Moment {
  readonly atMs: number;
  readonly heldMs: number;
}

/** @param n places of the window; so many calls cost no waiting */
export function throughputOf(moments: readonly Moment[], n: number): Throughput {
  const times = moments.map(({ atMs }) => atMs);
  const spanMs = Math.max(...times) - Math.min(...times);
  const heldMs = mean(moments.map((each) => each.heldMs));
  const perSecond = ((moments.length - n) / spanMs) * 1_000;
  const possiblePerSecond = (n * 1_000) / (1_000 + heldMs);
  return { perSecond, possiblePerSecond, heldMs, ratio: perSecond / possiblePerSecond };
}

/** A place is held from the record on, which goes to Kubernetes just before the call leaves. */
export function createdMoments(
  calls: readonly Called[],
  asked: readonly Asked[],
): readonly Moment[] {
  const statusWrites = Map.groupBy(
    asked.filter(({ resource }) => resource === 'resourceservers/status'),
    ({ name }) => specimen(name, '').identifier,
  );
  return calls
    .filter(({ operation, effect }) => operation === 'CreateResourceServer' && effect)
    .map(({ identifier = '', arrivedMs, answeredMs }) => {
      const writes = statusWrites.get(identifier) ?? [];
      const record = writes.findLast((write) => write.arrivedMs < arrivedMs);
      return { atMs: arrivedMs, heldMs: answeredMs - (record?.arrivedMs ?? arrivedMs) };
    });
}

export function listedMoments(calls: readonly Called[]): readonly Moment[] {
  return calls
    .filter(({ operation }) => operation === 'ListResourceServers')
    .map(({ arrivedMs, answeredMs }) => ({ atMs: arrivedMs, heldMs: answeredMs - arrivedMs }));
}

export function throughputText({ ratio, perSecond, heldMs }: Throughput): string {
  const percent = (100 * ratio).toFixed(1);
  return `${percent} % (${perSecond.toFixed(2)}/s, held ${heldMs.toFixed(1)} ms)`;
}
