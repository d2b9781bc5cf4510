/** When a run of lives may pass although it has not seen all that is looked for. */
import { expect, test } from 'vitest';
import { NOTHING } from './coverage.ts';
import type { Report } from './lives.ts';
import { asText, isWell, type Length, NIGHTLY_MINUTES, seasonOf } from './season.ts';

const ALL = Object.fromEntries(Object.keys(NOTHING).map((each) => [each, 1]));
const BLIND: Report = {
  seed: 0,
  cpuMs: 1,
  events: { all: 1, underFaults: 1 },
  virtualMs: 1,
  healedInMs: 1,
  coverage: NOTHING,
  failure: undefined,
};

function seasonThat(length: Length, report: Partial<Report> = {}) {
  return seasonOf([{ ...BLIND, ...report }], 1, length);
}

test('of the length of a nightly it is judged, however few lives that were', () => {
  const season = seasonThat(NIGHTLY_MINUTES);
  expect(isWell(season)).toBe(false);
  expect(asText(season)).toContain('coverage: FAILED');
  expect(isWell(seasonThat(NIGHTLY_MINUTES, { coverage: ALL }))).toBe(true);
});

test.each<{ readonly length: Length; readonly because: string }>([
  { length: 3, because: '3 minutes were asked for, and 30 are needed' },
  { length: 'Named', because: 'these lives were asked for, and no others' },
])('of length $length it passes, and says why coverage is not judged', ({ length, because }) => {
  const season = seasonThat(length);
  expect(isWell(season)).toBe(true);
  expect(asText(season)).toContain(`coverage: not judged: ${because}`);
});

test('a violation fails a run of any length', () => {
  const failure = 'seed 0 at this commit';
  for (const length of [3, 'Named', NIGHTLY_MINUTES] as const)
    expect(isWell(seasonThat(length, { coverage: ALL, failure }))).toBe(false);
});
