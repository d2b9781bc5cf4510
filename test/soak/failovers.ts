/** How long nobody led, and nobody wrote, after each kill. */
import { isMutation } from '../sandbox/cognito/log.ts';
import type { Diary } from './diary.ts';

export interface Failover {
  /** Infinity when nobody did. */
  readonly toLeadingMs: number;
  /** Of the next leader; undefined when it had nothing to write before it was killed itself. */
  readonly toMutationMs: number | undefined;
}

export function failoversOf({ crews }: Diary): readonly Failover[] {
  const { kills, terms } = crews.struck;
  return kills.map(({ atMs }) => {
    const next = terms
      .filter(({ fromMs }) => fromMs > atMs)
      .sort((one, other) => one.fromMs - other.fromMs)[0];
    const first = next?.replica.calls().find(isMutation);
    return {
      toLeadingMs: (next?.fromMs ?? Number.POSITIVE_INFINITY) - atMs,
      toMutationMs: first && first.at - atMs,
    };
  });
}
