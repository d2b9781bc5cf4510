import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Arrival, type Climb, play, type Quota } from './rate-gate-world.ts';

const climb: fc.Arbitrary<Climb> = fc.record({
  pool: fc.nat(2),
  lanes: fc.constantFrom('read', 'write', 'both'),
  priority: fc.constantFrom(30, 20, 10, 0, -10),
  startMs: fc.nat(4_000),
  wakeMs: fc.nat(1_500),
  thinkMs: fc.nat(2_500),
  outMs: fc.nat(3_000),
  backMs: fc.nat(1_000),
  throttles: fc.nat(2),
  breaks: fc.constantFrom(false, false, true),
  ends: fc.constantFrom('Calls', 'Calls', 'Calls', 'GivesUp', 'SpareLast'),
});
const climbs = fc.array(climb, { minLength: 1, maxLength: 40, size: 'max' });
const LATER_MS = 1e9;
const quota: fc.Arbitrary<Quota> = fc.record({
  pool: fc.constantFrom(0.5, 1, 2.5, 4),
  account: fc.constantFrom(0.8, 1, 3, 6, 12),
});

test('no second at the server holds more than N calls, whatever the network does', () => {
  fc.assert(
    fc.property(climbs, quota, fc.nat(), (all, quotas, seed) => {
      const { arrivals } = play(all, quotas, seed);
      expect(crowded(arrivals)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('every key is served in the end, and no place is lost, doubled or above nominal', () => {
  fc.assert(
    fc.property(climbs, quota, fc.nat(), (all, quotas, seed) => {
      const { stuck, wrongs } = play(all, quotas, seed);
      expect({ stuck, wrongs }).toEqual({ stuck: [], wrongs: [] });
    }),
    { numRuns: 150 },
  );
});

test('pools that share no full window are served as if each were alone', () => {
  fc.assert(
    fc.property(climbs, fc.nat(2), (all, pool) => {
      const calm = all.map((one) => ({ ...one, throttles: 0 }));
      const alone = calm.map((one) => (one.pool === pool ? one : { ...one, startMs: LATER_MS }));
      expect(placedOf(pool, calm)).toEqual(placedOf(pool, alone));
    }),
    { numRuns: 100 },
  );
});

test('of four places in a row in one window at least one goes to whoever waited longest', () => {
  const priorities = fc.array(fc.constantFrom(30, 20, 10, 0, -10), { minLength: 8, maxLength: 40 });
  fc.assert(
    fc.property(priorities, fc.constantFrom(1, 2, 4), (all, nominal) => {
      const line = all.map((priority): Climb => ({ ...CALM, priority }));
      const { arrivals } = play(line, { pool: nominal, account: 100 }, 0);
      const order = arrivals.map(({ key }) => Number(key.slice('key-'.length)));
      expect(order).toHaveLength(all.length);
      expect(neglected(order)).toEqual([]);
    }),
  );
});

test('those of one lane and one priority are served in the order in which they came', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(20_000), { maxLength: 40 }),
      fc.constantFrom(1, 2, 4),
      (all, pool) => {
        const line = all.sort((a, b) => a - b).map((startMs): Climb => ({ ...CALM, startMs }));
        const { placedMs } = play(line, { pool, account: 100 }, 0);
        const moments = line.map((_, at) => placedMs.get(`key-${at}`) ?? Infinity);
        expect(moments).toEqual(moments.toSorted((a, b) => a - b));
      },
    ),
  );
});

test('whoever came first is served within seconds, however many urgent ones come', () => {
  const rival = fc.record({
    pool: fc.constantFrom(0, 0, 1, 2),
    lanes: fc.constantFrom<Climb['lanes']>('read', 'write', 'both'),
    startMs: fc.nat(3_000),
  });
  const rivals = fc.array(rival, { minLength: 100, maxLength: 120, size: 'max' });
  const quotas = fc.record({ pool: fc.constantFrom(1, 2, 4), account: fc.constantFrom(1, 4, 12) });
  const lanes = fc.constantFrom<Climb['lanes']>('read', 'write', 'both');
  fc.assert(
    fc.property(rivals, quotas, lanes, (all, given, wanted) => {
      const urgent = all.map((one): Climb => ({ ...CALM, ...one, priority: 30 }));
      const first = { ...CALM, lanes: wanted, priority: -10 };
      const { placedMs } = play([first, ...urgent], given, 0);
      expect(placedMs.get('key-0')).toBeLessThanOrEqual(7_000);
    }),
    { numRuns: 40 },
  );
});

/** All of these come in the first second of the term, and so stand in line in their order. */
const CALM: Climb = {
  pool: 0,
  lanes: 'read',
  priority: 0,
  startMs: 0,
  wakeMs: 0,
  thinkMs: 0,
  outMs: 0,
  backMs: 0,
  throttles: 0,
  breaks: false,
  ends: 'Calls',
};

/** When the keys of a pool got their places, the account being wide. */
function placedOf(pool: number, all: readonly Climb[]): readonly (number | undefined)[] {
  const { placedMs } = play(all, { pool: 4, account: 100 }, 0);
  return all.map((one, index) => (one.pool === pool ? placedMs.get(`key-${index}`) : undefined));
}

/** Places in the order at which four others had been served since the longest waiter was due. */
function neglected(order: readonly number[]): readonly number[] {
  return order.flatMap((_, at) => {
    const longest = Math.min(...order.slice(at));
    return order.slice(at, at + 4).length === 4 && !order.slice(at, at + 4).includes(longest)
      ? [at]
      : [];
  });
}

/** Pairs of calls that are too close: with N others between them, or within 1/N seconds. */
function crowded(arrivals: readonly Arrival[]): readonly string[] {
  return [...byWindow(arrivals)].flatMap(([id, { nominal, timesMs }]) => {
    const apart = Math.max(1, Math.floor(nominal));
    const withinMs = Math.max(1_000, 1_000 / nominal);
    return timesMs
      .sort((a, b) => a - b)
      .filter((atMs, i) => (timesMs[i + apart] ?? Infinity) - atMs < withinMs)
      .map((atMs) => `${id} from ${atMs}`);
  });
}

function byWindow(arrivals: readonly Arrival[]) {
  const windows = new Map<string, { readonly nominal: number; readonly timesMs: number[] }>();
  for (const { lane, atMs } of arrivals) {
    for (const { id, nominal } of lane.windows) {
      const window = windows.get(id) ?? { nominal, timesMs: [] };
      window.timesMs.push(atMs);
      windows.set(id, window);
    }
  }
  return windows;
}
