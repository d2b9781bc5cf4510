import { describe, expect, test } from 'vitest';
import { createEventLedger, type Series } from '../../../src/adapters/kubernetes/event-ledger.ts';
import type { Notice } from '../../../src/ports.ts';

const MINUTE_MS = 60_000;
const notice: Notice = {
  key: 'default/weather',
  uid: 'uid-1',
  resourceVersion: '1',
  type: 'Normal',
  reason: 'Created',
  action: 'Create',
  reconcileID: 'process-1',
  note: 'created resource server weather',
};

function start() {
  const names = { count: 0 };
  const ledger = createEventLedger(() => `event-${(names.count += 1)}`);
  const note = (minutes: number, change: Partial<Notice> = {}) => {
    const monotonicMs = minutes * MINUTE_MS;
    return ledger.note({ ...notice, ...change }, { wallMs: monotonicMs, monotonicMs });
  };
  /** As the sender does: what is due is told at once. */
  const tell = (minutes: number, change: Partial<Notice> = {}) => {
    const due = note(minutes, change);
    if (due === 'Flood') return due;
    return due.map((series) => {
      series.toldCount = series.count;
      series.toldAtMs = minutes * MINUTE_MS;
      return `${series.name} x${series.count}`;
    });
  };
  return { ledger, note, tell };
}

describe('a notice', () => {
  test('is told; its first repeat too, further ones are only counted', () => {
    const { tell, ledger } = start();
    expect([0, 1, 2, 3].map((minutes) => tell(minutes))).toEqual([
      ['event-1 x1'],
      ['event-1 x2'],
      [],
      [],
    ]);
    expect(ledger.untold().map(({ count }) => count)).toEqual([4]);
  });

  test('begins another Event when its last repeat is six minutes old', () => {
    const { tell } = start();
    expect(tell(0)).toEqual(['event-1 x1']);
    expect(tell(5.9)).toEqual(['event-1 x2']);
    expect(tell(11.9)).toEqual(['event-2 x1']);
  });

  test('that ends a series uncounted is preceded by its last count', () => {
    const { tell } = start();
    for (const minutes of [0, 1, 2, 3]) tell(minutes);
    expect(tell(10)).toEqual(['event-1 x4', 'event-2 x1']);
  });

  test('that goes on is told again after thirty minutes', () => {
    const { tell } = start();
    const told = Array.from({ length: 13 }, (_, index) => tell(index * 5));
    expect(told.flat()).toEqual(['event-1 x1', 'event-1 x2', 'event-1 x8']);
  });

  test.each([
    ['reason', { reason: 'Updated' }],
    ['type', { type: 'Warning' as const }],
    ['action', { action: 'Update' }],
    ['note', { note: 'something else' }],
    ['resource', { key: 'default/other', uid: 'uid-2' }],
    ['incarnation', { uid: 'uid-2' }],
  ])('of another %s is another Event', (_, change) => {
    const { tell } = start();
    expect([tell(0), tell(0, change)]).toEqual([['event-1 x1'], ['event-2 x1']]);
  });

  test('of another resourceVersion is a repeat', () => {
    const { tell } = start();
    expect([tell(0), tell(0, { resourceVersion: '2' })]).toEqual([['event-1 x1'], ['event-1 x2']]);
  });

  test('that could not be told begins anew', () => {
    const { tell, note, ledger } = start();
    const [series] = note(0) as readonly Series[];
    ledger.forget(series!);
    expect(tell(1)).toEqual(['event-2 x1']);
    ledger.forget(series!);
    expect(tell(2)).toEqual(['event-2 x2']);
  });
});

describe('a flood', () => {
  test('about one resource is cut after 25, then one passes every five minutes', () => {
    const { tell } = start();
    const burst = Array.from({ length: 30 }, (_, index) => tell(0, { note: `note ${index}` }));
    expect(burst.filter((each) => each !== 'Flood')).toHaveLength(25);
    expect(tell(4.9, { note: 'early' })).toBe('Flood');
    expect(tell(5, { note: 'on time' })).toEqual(['event-26 x1']);
    expect(tell(5, { note: 'too much' })).toBe('Flood');
  });

  test('about one does not silence another', () => {
    const { tell } = start();
    for (let index = 0; index < 30; index += 1) tell(0, { note: `note ${index}` });
    expect(tell(0, { key: 'default/other', uid: 'uid-2' })).toEqual(['event-26 x1']);
  });

  test('about very many resources is forgotten from its beginning', () => {
    const { tell, note, ledger } = start();
    note(0);
    for (let index = 0; index < 4_200; index += 1) tell(0, { uid: `other-${index}` });
    expect(ledger.untold()).toEqual([]);
    expect(tell(0)).toEqual(['event-4202 x1']);
  });
});
