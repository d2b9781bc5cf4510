import { describe, expect, test } from 'vitest';
import type { Lane } from '../../src/gate.ts';
import {
  aGate,
  aLane,
  ask,
  type Bench,
  call,
  DRIFT,
  EDIT,
  fill,
  IDLE,
  READ,
  served,
  WRITE,
} from './rate-gate-bench.ts';

const BOTH = [READ, WRITE];

/** A gate whose window for reads of the pool is full, and each call in it answered. */
async function aFullGate(): Promise<Bench> {
  const bench = await aGate();
  for (const place of fill(bench.gate, READ)) call(place);
  return bench;
}

describe('a key that finds no place', () => {
  test('gets a ticket, is woken when there is one, and finds it reserved', async () => {
    const { gate, clock } = await aFullGate();
    await clock.advance(250);
    expect(gate.take(ask('a'))).toBeUndefined();
    expect(gate.waitingSince('a')).toBe(clock.monotonicMs());
    expect(gate.advance()).toEqual({ wake: [], nextMs: 750 });
    await clock.advance(750);
    expect(gate.advance()).toEqual({ wake: ['a'], nextMs: undefined });
    expect(gate.advance().wake).toEqual([]);
    expect(gate.take(ask('a'))?.map(({ lane }) => lane)).toEqual(['pool/read']);
  });

  test('keeps what was reserved for it, however long, against whoever is more urgent', async () => {
    const { gate, clock } = await aFullGate();
    gate.take(ask('a', [READ], IDLE));
    await clock.advance(1_000);
    gate.advance();
    expect(fill(gate, READ)).toHaveLength(3);
    await clock.advance(600_000);
    expect(fill(gate, READ)).toHaveLength(3);
    expect(gate.take(ask('a', [READ], IDLE))).toHaveLength(1);
  });

  test('is not woken for a place that it took before it was told', async () => {
    const { gate, clock } = await aFullGate();
    gate.take(ask('a'));
    await clock.advance(1_000);
    expect(gate.take(ask('a'))).toHaveLength(1);
    expect(gate.advance().wake).toEqual([]);
  });

  test('that waits no longer returns its place, and a return wakes the next', async () => {
    const { gate, clock } = await aGate();
    const lane = aLane('narrow', 'read', 1);
    for (const place of fill(gate, lane)) call(place);
    for (const key of ['a', 'b', 'c']) gate.take(ask(key, [lane]));
    await clock.advance(1_000);
    expect(gate.advance().wake).toEqual(['a']);
    gate.forget('a');
    expect(gate.advance().wake).toEqual(['b']);
    gate.take(ask('b', [lane]))?.[0]?.giveBack();
    expect(gate.advance().wake).toEqual(['c']);
    expect([gate.waitingSince('a'), gate.waitingSince('b')]).toEqual([undefined, 1_000]);
  });
});

describe('a ticket', () => {
  test('is kept when its key steps aside again: the place in line and since when', async () => {
    const bench = await aFullGate();
    const { gate, clock } = bench;
    gate.take(ask('first'));
    await clock.advance(10);
    gate.take(ask('second'));
    gate.take(ask('first'));
    gate.stepAside(ask('first'));
    expect(gate.waitingSince('first')).toBe(1_000);
    expect(await served(bench, [ask('first'), ask('second')], 2_000)).toEqual(['first', 'second']);
  });

  test('lasts through throttles and ends with a call that went through', async () => {
    const { gate, clock } = await aGate();
    call(gate.take(ask('a'))?.[0], 'Throttled');
    expect(gate.waitingSince('a')).toBeUndefined();
    gate.stepAside(ask('a'));
    await clock.advance(1_000);
    call(gate.take(ask('a'))?.[0], 'Throttled');
    gate.stepAside(ask('a'));
    expect(gate.waitingSince('a')).toBe(1_000);
    await clock.advance(2_000);
    call(gate.take(ask('a'))?.[0], 'Answered');
    expect(gate.waitingSince('a')).toBeUndefined();
  });

  test('for two lanes lasts until the call in the last of them went through', async () => {
    const { gate, clock } = await aGate();
    gate.stepAside(ask('a', BOTH));
    const [read, write] = gate.take(ask('a', BOTH)) ?? [];
    call(read, 'Answered');
    call(write, 'Throttled');
    gate.stepAside(ask('a', BOTH));
    await clock.advance(2_000);
    const [again, unneeded] = gate.take(ask('a', BOTH)) ?? [];
    call(again, 'Answered');
    expect(gate.waitingSince('a')).toBe(1_000);
    unneeded?.giveBack();
    expect(gate.waitingSince('a')).toBeUndefined();
  });

  test('is kept when its places went back unused', async () => {
    const { gate } = await aGate();
    gate.stepAside(ask('a'));
    gate.take(ask('a'))?.[0]?.giveBack();
    expect(gate.waitingSince('a')).toBe(1_000);
    gate.forget('a');
    expect(gate.waitingSince('a')).toBeUndefined();
  });

  test('of a key that is woken for one lane and wants two goes back into the line', async () => {
    const { gate, clock } = await aFullGate();
    for (const place of fill(gate, WRITE)) place.enter();
    gate.take(ask('a'));
    gate.take(ask('b'));
    await clock.advance(1_000);
    expect(gate.advance().wake).toEqual(['a', 'b']);
    expect(gate.take(ask('a', BOTH))).toBeUndefined();
    expect([gate.waitingSince('a'), fill(gate, READ).length]).toEqual([1_000, 3]);
  });

  test('of a key that is woken for two lanes and wants one frees the other', async () => {
    const { gate, clock } = await aFullGate();
    gate.take(ask('a', BOTH));
    await clock.advance(1_000);
    gate.advance();
    expect(fill(gate, WRITE)).toHaveLength(3);
    expect(gate.take(ask('a', [READ]))).toHaveLength(1);
    expect(fill(gate, WRITE)).toHaveLength(1);
  });
});

describe('a fresh climb', () => {
  test.for([
    { priority: EDIT, takes: true, because: 'only a lower priority waits in that lane' },
    { priority: DRIFT, takes: false, because: 'its priority waits in that lane' },
    { priority: IDLE, takes: false, because: 'a higher priority waits in that lane' },
  ])('of priority $priority takes a free place: $takes, $because', async ({ priority, takes }) => {
    const { gate } = await aGate();
    for (const place of fill(gate, WRITE)) place.enter();
    gate.take(ask('waits for both', BOTH, DRIFT));
    expect(gate.take(ask('fresh', [READ], priority)) !== undefined).toBe(takes);
    expect(gate.take(ask('elsewhere', [aLane('other', 'read')], priority))).toHaveLength(1);
  });

  test('leaves what gets free to those who wait, however urgent it is', async () => {
    const { gate, clock } = await aGate();
    const lane = aLane('narrow', 'read', 1);
    for (const place of fill(gate, lane)) call(place);
    gate.take(ask('waits', [lane], IDLE));
    await clock.advance(1_000);
    expect(gate.take(ask('fresh', [lane], EDIT))).toBeUndefined();
    expect(gate.advance().wake).toEqual(['waits']);
  });
});

describe('the order', () => {
  test('is by priority, and first come first served inside one', async () => {
    const bench = await aFullGate();
    const requests = [
      ask('drift-1', [READ], DRIFT),
      ask('edit-1', [READ], EDIT),
      ask('drift-2', [READ], DRIFT),
      ask('edit-2', [READ], EDIT),
    ];
    for (const request of requests) bench.gate.stepAside(request);
    const want = ['edit-1', 'edit-2', 'drift-1', 'drift-2'];
    expect(await served(bench, requests, 1_100)).toEqual(want);
  });

  test('gives every fourth place to whoever waits longest, whatever its priority', async () => {
    const bench = await aGate();
    const lane = aLane('narrow', 'read', 1);
    const edits = Array.from({ length: 8 }, (_, i) => ask(`edit-${i}`, [lane], EDIT));
    const requests = [ask('idle-1', [lane], IDLE), ask('idle-2', [lane], IDLE), ...edits];
    for (const request of requests) bench.gate.stepAside(request);
    const order = await served(bench, requests, 12_000);
    expect(order.join(' ')).toBe(
      'edit-0 edit-1 edit-2 idle-1 edit-3 edit-4 edit-5 idle-2 edit-6 edit-7',
    );
  });

  test('counts a fresh climb that goes before as one of the four', async () => {
    const bench = await aGate();
    const { gate, clock } = bench;
    const busy = fill(gate, WRITE);
    for (const place of busy) place.enter();
    gate.take(ask('idle', BOTH, IDLE));
    for (const key of ['a', 'b', 'c']) expect(gate.take(ask(key, [READ], EDIT))).toHaveLength(1);
    expect(gate.take(ask('d', [READ], EDIT))).toBeUndefined();
    for (const place of busy) place.leave('Answered');
    await clock.advance(1_000);
    expect(gate.advance().wake).toEqual(['idle']);
  });

  test('lets the lanes of one account take turns', async () => {
    const bench = await aGate();
    const lanes = ['a', 'b', 'c'].map((pool) => aLane(pool, 'read', 4, 1));
    const requests = lanes.flatMap((lane, i) =>
      Array.from({ length: 3 - i }, (_, nth) => ask(`${lane.id}-${nth}`, [lane])),
    );
    for (const request of requests) bench.gate.stepAside(request);
    const order = await served(bench, requests, 8_000);
    expect(order.map((key) => key.replace('/read-', ''))).toEqual([
      'a0',
      'b0',
      'c0',
      'a1',
      'b1',
      'a2',
    ]);
  });
});

describe('one busy pool', () => {
  test('never delays another: not with its line, its full window or its throttles', async () => {
    const { gate } = await aGate();
    call(fill(gate, READ)[0], 'Throttled');
    for (let nth = 0; nth < 1_000; nth += 1) gate.take(ask(`busy-${nth}`, [READ], EDIT));
    for (let nth = 0; nth < 4; nth += 1) {
      expect(gate.take(ask(`calm-${nth}`, [aLane('calm', 'read')], IDLE))).toHaveLength(1);
    }
  });

  test('that waits for its own window keeps no place that pools share', async () => {
    const { gate } = await aGate();
    const [busy, calm] = ['busy', 'calm'].map((pool) => aLane(pool, 'read', 1, 2));
    expect([fill(gate, busy as Lane).length]).toEqual([1]);
    gate.take(ask('waits', [busy as Lane], EDIT));
    expect(gate.take(ask('passes', [calm as Lane], IDLE))).toHaveLength(1);
  });
});

describe('a request for two lanes', () => {
  test('takes a place in both, in order, or none', async () => {
    const { gate } = await aGate();
    expect(gate.take(ask('a', BOTH))?.map(({ lane }) => lane)).toEqual(['pool/read', 'pool/write']);
    fill(gate, WRITE);
    expect(gate.take(ask('b', BOTH))).toBeUndefined();
    gate.forget('b');
    expect(fill(gate, READ)).toHaveLength(3);
  });

  test('keeps one place while it waits for the other, and leaves the rest to others', async () => {
    const { gate } = await aGate();
    fill(gate, WRITE);
    gate.take(ask('both', BOTH, IDLE));
    expect(gate.take(ask('edit', BOTH, EDIT))).toBeUndefined();
    for (const key of ['c', 'd', 'e', 'f']) gate.stepAside(ask(key, [READ], DRIFT));
    expect(gate.advance().wake).toEqual(['c', 'd', 'e']);
  });

  test.for([
    { name: 'their own windows', rivalPool: 'pool', poolN: 1, accountN: 12 },
    { name: 'the windows they share', rivalPool: 'rival', poolN: 4, accountN: 1 },
  ])('is served in the end, though $name are never free together', async (row) => {
    const bench = await aGate();
    const { gate, clock } = bench;
    const lanesOf = (pool: string): readonly Lane[] =>
      (['read', 'write'] as const).map((category) =>
        aLane(pool, category, row.poolN, row.accountN),
      );
    const rivals = Array.from({ length: 12 }, (_, i) =>
      ask(`${i}`, [lanesOf(row.rivalPool)[i % 2]!], EDIT),
    );
    call(gate.take(rivals[0]!)?.[0]);
    await clock.advance(500);
    call(gate.take(rivals[1]!)?.[0]);
    const both = ask('both', lanesOf('pool'), IDLE);
    for (const request of [both, ...rivals]) gate.stepAside(request);
    const order = await served(bench, [both, ...rivals], 14_000);
    expect(order).toHaveLength(13);
    expect(order.indexOf('both')).toBeLessThanOrEqual(8);
  });

  test('is not overtaken in one of them, though it is the turn of that lane', async () => {
    const { gate, clock } = await aGate();
    const [read, write] = [aLane('pool', 'read'), aLane('pool', 'write', 4, 1)];
    call(gate.take(ask('before', [write]))?.[0]);
    call(gate.take(ask('before', [read]))?.[0]);
    gate.stepAside(ask('older', [read, write]));
    gate.stepAside(ask('younger', [write]));
    await clock.advance(1_000);
    expect(gate.advance().wake).toEqual(['older']);
  });

  test('that names a window twice, or a lane without one, is a bug', async () => {
    const { gate } = await aGate();
    expect(() => gate.take(ask('a', [READ, READ]))).toThrow('a window is named twice: pool/read');
    expect(() => gate.take(ask('a', [{ id: 'x', windows: [] }]))).toThrow(
      'a lane has no window: x',
    );
  });
});
