/** Leases of odd content: who may lead is decided in time, and what is written is a Lease. */
import * as fc from 'fast-check';
import type { Connection, KubernetesRequest } from '../../../src/adapters/kubernetes/connection.ts';
import { createLeases } from '../../../src/adapters/kubernetes/leases.ts';
import { unknowns } from '../../../src/api/read.ts';
import { acquired, judge, type LeaseRecord, sight } from '../../../src/core/lease.ts';
import { answered } from '../../../src/ports.ts';
import { createRecorder } from '../../adapters/recorder.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { bent, jsonOf } from '../bend.ts';
import { LEASE } from '../kubernetes-scripts.ts';
import { insist, insistOnPrototypes, laneOf } from './lane.ts';

const TIMES = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
/** A holder that wrote a longer duration is waited for, but not for a typing error. */
const WAIT_MS_MAX = 10 * 60_000;
const NOW_MS = 1_000;
const INT32_MAX = 2 ** 31 - 1;
const never = new AbortController().signal;

const lease = fc.oneof(
  bent(LEASE),
  fc.tuple(fc.double(), fc.double(), fc.string()).map(([seconds, count, holder]) => ({
    ...LEASE,
    spec: { holderIdentity: holder, leaseDurationSeconds: seconds, leaseTransitions: count },
  })),
);

export const LEASES = laneOf(
  {
    name: 'leases',
    promise: 'the Lease is free in ten minutes, and what takes it is a Lease',
    reaches: ['readable lease', 'unreadable lease'],
  },
  (count) =>
    fc.asyncProperty(lease, async (shape) => {
      const body: unknown = JSON.parse(jsonOf(shape));
      const { connection, written } = connectionTo(body);
      const { log } = createRecorder();
      const clock = createFakeClock(0);
      const around = { connection, clock, log, lease: 'default/operator', requestDeadlineMs: 1 };
      const leases = createLeases(around);
      const read = await leases.read(never);
      count(read.kind === 'Answered' ? 'readable lease' : 'unreadable lease');
      if (read.kind === 'Failed' || read.value === undefined) return;
      const next = acquired(read.value, 'us', '2026-01-01T00:00:00.000001Z', TIMES);
      await leases.update(next, never);
      insistOnWait(read.value);
      insistOnWritten(written.at(-1)?.body);
      insistOnPrototypes();
    }),
);

function connectionTo(body: unknown) {
  const written: KubernetesRequest[] = [];
  const connection: Pick<Connection, 'send'> = {
    async send(request) {
      if (request.method === 'PUT') written.push(request);
      return answered({ status: 200, headers: {}, body });
    },
  };
  const whole: Connection = {
    ...connection,
    open: () => Promise.reject(new Error('nobody watches here')),
    close: async () => {},
  };
  return { connection: whole, written };
}

function insistOnWait(record: LeaseRecord): void {
  const sighting = sight(undefined, record, NOW_MS, TIMES);
  const verdict = judge(sighting, 'us', NOW_MS);
  const forMs = verdict.kind === 'StandBy' ? verdict.forMs : 0;
  insist(forMs >= 0 && forMs <= WAIT_MS_MAX, `it is waited for ${forMs} ms`);
}

/** As the API server has it. */
function insistOnWritten(body: unknown): void {
  const spec = unknowns(unknowns(body)['spec']);
  const { leaseTransitions: count, leaseDurationSeconds: seconds } = spec;
  const isCount = Number.isInteger(count) && Number(count) >= 0 && Number(count) <= INT32_MAX;
  insist(isCount, `leaseTransitions: ${String(count)}`);
  insist(seconds === TIMES.leaseDurationMs / 1_000, `leaseDurationSeconds: ${String(seconds)}`);
}
