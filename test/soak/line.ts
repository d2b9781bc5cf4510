/** A straight line through points, by least squares. */
import { mean } from '../bench/statistics.ts';

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

export interface Line {
  readonly perMinute: number;
  at(ms: number): number;
}

/** NaN everywhere when there are fewer than two moments. */
export function lineThrough(points: readonly Point[]): Line {
  const middleMs = mean(points.map(({ atMs }) => atMs));
  const middle = mean(points.map(({ value }) => value));
  const sum = (of: (point: Point) => number) => points.reduce((all, point) => all + of(point), 0);
  const slope =
    sum(({ atMs, value }) => (atMs - middleMs) * (value - middle)) /
    sum(({ atMs }) => (atMs - middleMs) ** 2);
  return { perMinute: slope * 60_000, at: (ms) => middle + slope * (ms - middleMs) };
}
