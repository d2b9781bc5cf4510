/** The checks of memory find what leaks, and forgive what comes and goes. */
import { expect, test } from 'vitest';
import type { Replica } from '../ha/replica.ts';
import { changesOf, slopesOf } from './memory.ts';
import type { Inside, Patient } from './vitals.ts';

const MINUTE_MS = 60_000;
const SPANS = {
  before: { fromMs: 0, toMs: 5 * MINUTE_MS },
  load: { fromMs: 5 * MINUTE_MS, toMs: 35 * MINUTE_MS },
  after: { fromMs: 35 * MINUTE_MS, toMs: 40 * MINUTE_MS },
};

/** A sample a minute. */
function patientOf(insideAt: (minute: number) => Partial<Inside>): Patient {
  const calm: Inside = { rssBytes: 100e6, heapBytes: 20e6, resources: {}, descriptors: 30 };
  const samples = Array.from({ length: 41 }, (_, minute) => ({
    atMs: minute * MINUTE_MS,
    rssBytes: 0,
    metrics: new Map(),
    inside: { ...calm, ...insideAt(minute) },
  }));
  return { replica: {} as Replica, inspector: undefined, samples };
}

test('growth of the last two thirds of the load is a slope', () => {
  const patient = patientOf((minute) => ({ rssBytes: 100e6 + 2e6 * minute }));
  expect(slopesOf(patient, { spans: SPANS }).rss.perMinute).toBeCloseTo(2e6);
  expect(slopesOf(patient, { spans: SPANS }).heap.perMinute).toBeCloseTo(0);
});

test('growth of the first third, and at rest, is none', () => {
  const patient = patientOf((minute) => ({ heapBytes: minute < 15 || minute > 35 ? 20e6 : 50e6 }));
  expect(slopesOf(patient, { spans: SPANS }).heap.perMinute).toBeCloseTo(0);
});

test('a timer that is left behind counts, one of a call that is under way does not', () => {
  const patient = patientOf((minute) => ({
    resources: { Timeout: minute > 30 ? 5 : 4, TCPSocketWrap: minute % 2 },
  }));
  expect(changesOf(patient, { spans: SPANS })).toEqual([
    { kind: 'TCPSocketWrap', before: 0, after: 0 },
    { kind: 'Timeout', before: 4, after: 5 },
    { kind: 'open files', before: 30, after: 30 },
  ]);
});
