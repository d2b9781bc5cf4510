/** What every implementation of the Leases port promises. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { LeaseRecord } from '../../src/core/lease.ts';
import type { Leases } from '../../src/ports.ts';

const never = new AbortController().signal;
const conflict = { kind: 'Failed', failure: { kind: 'Conflict' } };

const lease: LeaseRecord = {
  holder: 'one_uuid',
  leaseDurationSeconds: 15,
  acquireTime: '2026-01-01T00:00:00.000Z',
  renewTime: '2026-01-01T00:00:01.5Z',
  transitions: 0,
  resourceVersion: '',
};

/** @param start gives the port on a Lease that does not exist */
export function describeLeases(name: string, start: () => Promise<Leases>): void {
  describe(`leases: ${name}`, () => {
    let leases: Leases;
    beforeEach(async () => {
      leases = await start();
    });
    const created = async (): Promise<LeaseRecord> => {
      const answer = await leases.create(lease, never);
      if (answer.kind === 'Failed') throw new Error(JSON.stringify(answer.failure));
      return answer.value;
    };

    test('a Lease that does not exist is read as none', async () => {
      expect(await leases.read(never)).toEqual({ kind: 'Answered', value: undefined });
    });

    test('a created Lease is read as it was written, its times to the microsecond', async () => {
      const record = await created();
      expect(record).toEqual({
        ...lease,
        acquireTime: '2026-01-01T00:00:00.000000Z',
        renewTime: '2026-01-01T00:00:01.500000Z',
        resourceVersion: expect.stringMatching(/./) as string,
      });
      expect(await leases.read(never)).toEqual({ kind: 'Answered', value: record });
    });

    test('of two that create it, one conflicts', async () => {
      await created();
      expect(await leases.create({ ...lease, holder: 'two_uuid' }, never)).toEqual(conflict);
    });

    test('of two that update it, the second conflicts and changes nothing', async () => {
      const before = await created();
      const mine = { ...before, holder: 'two_uuid', transitions: 1 };
      const updated = await leases.update(mine, never);
      expect(updated).toMatchObject({
        kind: 'Answered',
        value: { holder: 'two_uuid', transitions: 1 },
      });
      expect(await leases.update({ ...before, holder: 'three_uuid' }, never)).toEqual(conflict);
      expect(await leases.read(never)).toEqual(updated);
    });

    test('can be given up: nobody holds it then', async () => {
      const before = await created();
      await leases.update({ ...before, holder: '', leaseDurationSeconds: 1 }, never);
      expect(await leases.read(never)).toMatchObject({ value: { holder: '' } });
    });

    test('is watched: each change, until the signal aborts', async () => {
      const before = await created();
      const stop = new AbortController();
      const holders: string[] = [];
      for await (const record of leases.watch(stop.signal)) {
        holders.push(record.holder);
        if (record.holder === 'two_uuid') stop.abort();
        else await leases.update({ ...before, holder: 'two_uuid' }, never);
      }
      expect(holders).toEqual(['one_uuid', 'two_uuid']);
    });

    test('writes nothing when its signal is aborted beforehand', async () => {
      expect(await leases.create(lease, AbortSignal.abort())).toMatchObject({
        failure: { kind: 'NotSent' },
      });
      expect(await leases.read(never)).toEqual({ kind: 'Answered', value: undefined });
    });
  });
}
