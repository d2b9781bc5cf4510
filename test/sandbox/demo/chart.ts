/** Calls in each second, as bars: ours, and those of others in the same account. */
import type { CallRecord } from '../cognito/log.ts';
import { ACCESS_KEY } from './stage.ts';

export interface Second {
  readonly ours: number;
  readonly others: number;
  readonly refused: number;
}

const CELLS_PER_CALL = 2;

/** Served calls by when they landed, from the first one of ours to the last. */
export function perSecond(calls: readonly CallRecord[]): readonly Second[] {
  const ours = calls.filter(isOurs);
  const first = ours[0]?.at ?? 0;
  const length = Math.floor(((ours.at(-1)?.at ?? first) - first) / 1_000) + 1;
  return Array.from({ length }, (_, second): Second => {
    const isThen = ({ at, landedAt = at }: CallRecord): boolean =>
      Math.floor((landedAt - first) / 1_000) === second;
    const then = calls.filter(isThen);
    const served = then.filter(({ admitted }) => admitted);
    const mine = served.filter(isOurs).length;
    const refused = then.length - served.length;
    return { ours: mine, others: served.length - mine, refused };
  });
}

export type Paint = (who: 'ours' | 'others' | 'quota', text: string) => string;

export function bars(seconds: readonly Second[], quota: number, paint: Paint): readonly string[] {
  return seconds.map(({ ours, others, refused }, index) => {
    const bar =
      paint('ours', '█'.repeat(CELLS_PER_CALL * ours)) +
      paint('others', '▒'.repeat(CELLS_PER_CALL * others)) +
      ' '.repeat(CELLS_PER_CALL * Math.max(quota - ours - others, 0)) +
      paint('quota', '▏');
    const second = `${index + 1}`.padStart(2);
    return `${second}  ${bar} ${ours} + ${others}${refused > 0 ? `, ${refused} refused` : ''}`;
  });
}

/** The most calls that any second held, wherever it begins; by arrival, refused ones too. */
export function mostPerSecond(calls: readonly CallRecord[]): number {
  const arrivals = calls.map(({ at }) => at).sort((a, b) => a - b);
  const from = (first: number): number => {
    const start = arrivals[first] ?? 0;
    const beyond = arrivals.findIndex((at) => at - start >= 1_000);
    return (beyond === -1 ? arrivals.length : beyond) - first;
  };
  return Math.max(0, ...arrivals.map((_, first) => from(first)));
}

export function isOurs({ accessKey }: CallRecord): boolean {
  return accessKey === ACCESS_KEY;
}
