import { describe, expect, test } from 'vitest';
import {
  acquired,
  judge,
  judgeAsLeader,
  type LeaseRecord,
  released,
  type Sighting,
  sight,
} from '../../src/core/lease.ts';

const TIMES = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
const T1 = '2026-01-01T00:00:01.000Z';
const T2 = '2026-01-01T00:00:02.000Z';
const NOW_MS = 100_000;

function lease(changes: Partial<LeaseRecord> = {}): LeaseRecord {
  return {
    holder: 'other',
    leaseDurationSeconds: 15,
    acquireTime: T1,
    renewTime: T1,
    transitions: 3,
    resourceVersion: '7',
    ...changes,
  };
}

function firstSight(record: LeaseRecord | undefined): Sighting {
  return sight(undefined, record, NOW_MS, TIMES);
}

describe('a Lease seen for the first time', () => {
  const ROWS = [
    { name: 'missing', given: undefined, want: 0, because: 'nobody ever led' },
    { name: 'held', given: lease(), want: 15_000, because: 'it may have been renewed just now' },
    {
      name: 'held, with times of long ago',
      given: lease({ acquireTime: '1999-01-01T00:00:00Z', renewTime: '1999-01-01T00:00:00Z' }),
      want: 15_000,
      because: 'times of another machine are never judged',
    },
    {
      name: 'held by one who wrote a longer duration',
      given: lease({ leaseDurationSeconds: 35 }),
      want: 35_000,
      because: 'its settings differ during an upgrade',
    },
    {
      name: 'held by one who wrote a shorter duration',
      given: lease({ leaseDurationSeconds: 5 }),
      want: 15_000,
      because: 'waiting longer harms nobody',
    },
    {
      name: 'edited to last for years',
      given: lease({ leaseDurationSeconds: 1e9 }),
      want: 600_000,
      because: 'everything has a limit',
    },
    {
      name: 'released',
      given: released(lease(), T2),
      want: 0,
      because: 'its holder said that it leads no more',
    },
    {
      name: 'with the holder edited away',
      given: lease({ holder: '' }),
      want: 15_000,
      because: 'its holder does not know yet',
    },
  ];

  test.each(ROWS)('$name is free after $want ms: $because', ({ given, want }) => {
    expect(firstSight(given)).toEqual({ record: given, freeAtMs: NOW_MS + want });
  });
});

describe('a Lease seen again', () => {
  const CHANGES = [
    { name: 'nothing changed', change: {}, counts: false },
    { name: 'a label was edited', change: { resourceVersion: '8' }, counts: false },
    { name: 'it was renewed', change: { renewTime: T2, resourceVersion: '8' }, counts: true },
    { name: 'it changed hands', change: { holder: 'third', transitions: 4 }, counts: true },
    { name: 'it changed hands and back', change: { transitions: 5 }, counts: true },
  ];

  test.each(CHANGES)('$name: counting starts anew is $counts', ({ change, counts }) => {
    const record = lease(change);
    const again = sight(firstSight(lease()), record, NOW_MS + 9_000, TIMES);
    expect(again.freeAtMs).toBe(NOW_MS + 15_000 + (counts ? 9_000 : 0));
    expect(again.record).toBe(record);
  });

  test('that vanished is not free before its holder must have noticed', () => {
    const gone = sight(firstSight(lease()), undefined, NOW_MS + 1_000, TIMES);
    expect(gone).toEqual({ record: undefined, freeAtMs: NOW_MS + 16_000 });
    expect(sight(gone, undefined, NOW_MS + 5_000, TIMES)).toEqual(gone);
  });

  test('that vanished after its release is free', () => {
    const gone = sight(firstSight(released(lease(), T2)), undefined, NOW_MS + 1_000, TIMES);
    expect(gone.freeAtMs).toBe(NOW_MS + 1_000);
  });
});

describe('a replica that does not lead', () => {
  test('creates what never was', () => {
    expect(judge(firstSight(undefined), 'me', NOW_MS)).toEqual({ kind: 'Create' });
  });

  test('stands by until the Lease is free, then acquires it', () => {
    const sighting = firstSight(lease());
    expect(judge(sighting, 'me', NOW_MS)).toEqual({ kind: 'StandBy', forMs: 15_000 });
    expect(judge(sighting, 'me', NOW_MS + 14_999)).toEqual({ kind: 'StandBy', forMs: 1 });
    const verdict = { kind: 'Acquire', record: lease() };
    expect(judge(sighting, 'me', NOW_MS + 15_000)).toEqual(verdict);
  });

  test('acquires a released Lease at once', () => {
    const record = released(lease(), T2);
    expect(judge(firstSight(record), 'me', NOW_MS)).toEqual({ kind: 'Acquire', record });
  });

  test('renews a Lease that names it: an answer was lost', () => {
    const record = lease({ holder: 'me' });
    expect(judge(firstSight(record), 'me', NOW_MS)).toEqual({ kind: 'Renew', record });
  });
});

describe('the leader', () => {
  test.each([
    ['renews what names it', lease({ holder: 'me' }), 'Renew'],
    ['creates again what somebody deleted', undefined, 'Create'],
    ['has lost what names another', lease(), 'Lost'],
    ['has lost what names nobody', lease({ holder: '' }), 'Lost'],
  ])('%s', (_name, record, want) => {
    expect(judgeAsLeader(record, 'me').kind).toBe(want);
  });
});

describe('what is written', () => {
  test('to acquire: the holder changes, and transitions count it', () => {
    expect(acquired(lease(), 'me', T2, TIMES)).toEqual({
      holder: 'me',
      leaseDurationSeconds: 15,
      acquireTime: T2,
      renewTime: T2,
      transitions: 4,
      resourceVersion: '7',
    });
  });

  test('to renew: only the renew time moves', () => {
    const mine = lease({ holder: 'me' });
    expect(acquired(mine, 'me', T2, TIMES)).toEqual({ ...mine, renewTime: T2 });
  });

  test('to create: no transition yet, and no resourceVersion', () => {
    const want = { transitions: 0, resourceVersion: '', acquireTime: T2, renewTime: T2 };
    expect(acquired(undefined, 'me', T2, TIMES)).toMatchObject(want);
  });

  test('to release: nobody holds it, for a second; transitions stay', () => {
    expect(released(lease({ holder: 'me' }), T2)).toEqual({
      holder: '',
      leaseDurationSeconds: 1,
      acquireTime: T2,
      renewTime: T2,
      transitions: 3,
      resourceVersion: '7',
    });
  });

  test('whole seconds, never less than the duration', () => {
    const scaled = { ...TIMES, leaseDurationMs: 1_500 };
    expect(acquired(undefined, 'me', T2, scaled).leaseDurationSeconds).toBe(2);
  });
});
