import { expect, test } from 'vitest';
import { lineThrough } from './line.ts';

const MINUTE_MS = 60_000;

test('a line runs through points that lie on it', () => {
  const points = [0, 1, 2, 3].map((minute) => ({
    atMs: minute * MINUTE_MS,
    value: 7 + 2 * minute,
  }));
  const line = lineThrough(points);
  expect(line.perMinute).toBeCloseTo(2);
  expect(line.at(5 * MINUTE_MS)).toBeCloseTo(17);
});

test('what goes up and down as much has no slope', () => {
  const values = [1, 5, 1, 5, 5, 1, 5, 1];
  const points = values.map((value, minute) => ({ atMs: minute * MINUTE_MS, value }));
  expect(lineThrough(points).perMinute).toBeCloseTo(0);
});

test('a single moment has no slope that could be met', () => {
  expect(lineThrough([{ atMs: 1, value: 1 }]).perMinute < 1).toBe(false);
});
