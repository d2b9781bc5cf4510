import { describe, expect, test } from 'vitest';
import { createRateGate, RATE_GATE_SETTINGS } from '../../src/controller/rate-gate.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';
import { aGate, aLane, ask, call, fill, n, READ, WRITE } from './rate-gate-bench.ts';

describe('a window', () => {
  test('holds N calls at once, and a burst of N costs no waiting', async () => {
    const { gate } = await aGate();
    expect(fill(gate, READ)).toHaveLength(4);
    expect(gate.take(ask('next'))).toBeUndefined();
  });

  test('lets go of a call one second after its answer, however long that took', async () => {
    const { gate, clock } = await aGate();
    const [first] = fill(gate, READ);
    expect(first?.enter()).toBeUndefined();
    await clock.advance(3_500);
    first?.leave('Answered');
    expect(gate.snapshot()[1]).toEqual({
      id: 'pool/read',
      nominal: 4,
      n: 4,
      held: 1,
      waiting: 0,
    });
    const others = fill(gate, READ);
    expect(others).toHaveLength(3);
    gate.take(ask('next'));
    await clock.advance(999);
    expect(gate.advance()).toEqual({ wake: [], nextMs: 1 });
    await clock.advance(1);
    expect(gate.advance().wake).toEqual(['next']);
  });

  test('keeps the place of a call without an answer until it can arrive no more', async () => {
    const { gate, clock } = await aGate();
    const places = fill(gate, READ);
    for (const place of places) place.enter();
    await clock.advance(100);
    places[0]?.leave('Unanswered');
    gate.take(ask('next'));
    await clock.advance(RATE_GATE_SETTINGS.callDeadlineMs - 100 + 999);
    expect(gate.advance().wake).toEqual([]);
    await clock.advance(1);
    expect(gate.advance().wake).toEqual(['next']);
  });

  test('gets an unused place back at once', async () => {
    const { gate } = await aGate();
    const [first] = fill(gate, READ);
    gate.take(ask('next'));
    first?.giveBack();
    first?.giveBack();
    expect(gate.advance().wake).toEqual(['next']);
  });

  test('gets the place back at once of a call that never left', async () => {
    const { gate } = await aGate();
    const [first] = fill(gate, READ);
    first?.leave('Throttled');
    expect([fill(gate, READ).length, n(gate, 'pool/read')]).toEqual([1, 4]);
  });

  test('keeps the place of a call that left, whoever gives it back', async () => {
    const { gate } = await aGate();
    const [first] = fill(gate, READ);
    first?.enter();
    first?.giveBack();
    expect(fill(gate, READ)).toHaveLength(0);
    first?.leave('Answered');
    first?.leave('Throttled');
    expect(n(gate, 'pool/read')).toBe(4);
  });

  test('is idle and forgotten once its last call is over', async () => {
    const { gate, clock } = await aGate();
    for (const place of fill(gate, READ)) call(place);
    expect(gate.snapshot().map(({ id }) => id)).toEqual(['account/read', 'pool/read']);
    await clock.advance(1_000);
    expect(gate.snapshot()).toEqual([]);
  });
});

describe('a place', () => {
  test('is void when its call has not left after two seconds; somebody else gets it', async () => {
    const { gate, clock } = await aGate();
    const [punctual, late] = fill(gate, READ);
    await clock.advance(1_999);
    expect(punctual?.enter()).toBeUndefined();
    await clock.advance(1);
    expect(late?.enter()).toBe('PlaceVoid');
    expect(fill(gate, READ)).toHaveLength(3);
  });

  test('that nobody enters is found again by the clock alone', async () => {
    const { gate, clock } = await aGate();
    fill(gate, READ);
    gate.take(ask('next'));
    expect(gate.advance()).toEqual({ wake: [], nextMs: 2_000 });
    await clock.advance(2_000);
    expect(gate.advance().wake).toEqual(['next']);
  });

  test('is for one call', async () => {
    const { gate } = await aGate();
    const [place] = gate.take(ask('a')) ?? [];
    expect([place?.enter(), place?.enter()]).toEqual([undefined, 'PlaceVoid']);
    place?.leave('Answered');
    expect([place?.enter(), place?.lane]).toEqual(['PlaceVoid', 'pool/read']);
  });
});

describe('a term', () => {
  test('starts with all windows full for one second, also those that come later', async () => {
    const clock = createFakeClock();
    const chance = createLoadedChance(0.5);
    const gate = createRateGate({ clock, chance, settings: RATE_GATE_SETTINGS });
    expect(gate.take(ask('a'))).toBeUndefined();
    await clock.advance(600);
    expect(gate.take(ask('b', [aLane('other', 'read')]))).toBeUndefined();
    expect(gate.advance()).toEqual({ wake: [], nextMs: 400 });
    await clock.advance(400);
    expect(gate.advance().wake).toEqual(['a', 'b']);
    expect(gate.take(ask('c', [aLane('third', 'read')]))).toHaveLength(1);
  });

  test('that began a while ago is so much nearer to its first place', async () => {
    const clock = createFakeClock(5_000);
    const ports = { clock, chance: createLoadedChance(0.5), settings: RATE_GATE_SETTINGS };
    const gate = createRateGate({ ...ports, startedAtMs: 4_300 });
    expect(gate.take(ask('a'))).toBeUndefined();
    expect(gate.advance()).toEqual({ wake: [], nextMs: 300 });
    await clock.advance(300);
    expect(gate.advance().wake).toEqual(['a']);
  });
});

describe('N', () => {
  test.for([
    { nominal: 3.9, places: 3, because: 'its whole part' },
    { nominal: 1, places: 1, because: 'its whole part' },
    { nominal: 0.25, places: 1, because: 'below 1, one place held 1/N seconds' },
  ])('$nominal gives $places at once: $because', async ({ nominal, places }) => {
    const { gate, clock } = await aGate();
    const lane = aLane('slow', 'read', nominal);
    const taken = fill(gate, lane);
    expect(taken).toHaveLength(places);
    for (const place of taken) call(place);
    const closedMs = Math.max(1_000, 1_000 / nominal);
    await clock.advance(closedMs - 1);
    expect(fill(gate, lane)).toHaveLength(0);
    await clock.advance(1);
    expect(fill(gate, lane)).toHaveLength(places);
  });
});

describe('a throttle', () => {
  test('halves the N of its pool and category, and pauses it a second', async () => {
    const { gate, clock } = await aGate();
    const [first] = gate.take(ask('a')) ?? [];
    call(first, 'Throttled');
    expect([n(gate, 'pool/read'), n(gate, 'account/read')]).toEqual([2, 12]);
    expect(gate.take(ask('write', [WRITE]))).toHaveLength(1);
    expect(gate.take(ask('other', [aLane('other', 'read')]))).toHaveLength(1);
    expect(gate.take(ask('b'))).toBeUndefined();
    await clock.advance(999);
    expect(gate.advance().wake).toEqual([]);
    await clock.advance(1);
    expect(gate.advance().wake).toEqual(['b']);
  });

  test.for([
    { roll: 0, pauseMs: 800 },
    { roll: 0.999_999, pauseMs: 1_200 },
  ])('pauses $pauseMs ms when the dice say $roll', async ({ roll, pauseMs }) => {
    const clock = createFakeClock();
    const chance = createLoadedChance(roll);
    const gate = createRateGate({ clock, chance, settings: RATE_GATE_SETTINGS });
    await clock.advance(1_000);
    call(gate.take(ask('a'))?.[0], 'Throttled');
    gate.take(ask('b'));
    await clock.advance(pauseMs - 1);
    expect(gate.advance().wake).toEqual([]);
    await clock.advance(1);
    expect(gate.advance().wake).toEqual(['b']);
  });

  test('counts only when its call left after the last decrease', async () => {
    const { gate, clock } = await aGate();
    const [first, second] = fill(gate, READ);
    first?.enter();
    second?.enter();
    await clock.advance(10);
    first?.leave('Throttled');
    await clock.advance(1_500);
    second?.leave('Throttled');
    expect(n(gate, 'pool/read')).toBe(2.4);
  });

  test('decreases at most once a second, and pauses again', async () => {
    const { gate, clock } = await aGate();
    const [first, second] = fill(gate, READ);
    call(first, 'Throttled');
    await clock.advance(900);
    call(second, 'Throttled');
    expect(n(gate, 'pool/read')).toBe(2);
    gate.take(ask('next'));
    await clock.advance(999);
    expect(gate.advance()).toEqual({ wake: [], nextMs: 1 });
  });

  test('of two pools within a second halves the window they share as well', async () => {
    const { gate, clock } = await aGate();
    const [one] = gate.take(ask('a', [aLane('one', 'read')])) ?? [];
    const [two] = gate.take(ask('b', [aLane('two', 'read')])) ?? [];
    for (const place of [one, two]) place?.enter();
    await clock.advance(1);
    one?.leave('Throttled');
    await clock.advance(1_000);
    two?.leave('Throttled');
    expect(n(gate, 'account/read')).toBe(6);
  });

  test.for([
    { name: 'of one pool twice', pools: ['one', 'one'], apartMs: 10 },
    { name: 'of two pools more than a second apart', pools: ['one', 'two'], apartMs: 1_001 },
  ])('$name leaves the window that pools share alone', async ({ pools, apartMs }) => {
    const { gate, clock } = await aGate();
    const places = pools.flatMap((pool, i) => gate.take(ask(`${i}`, [aLane(pool, 'read')])) ?? []);
    for (const place of places) place.enter();
    for (const place of places) {
      await clock.advance(apartMs);
      place.leave('Throttled');
    }
    expect([places.length, n(gate, 'account/read')]).toEqual([2, 12]);
  });

  test('is made good by a tenth of nominal for each second without one, never above', async () => {
    const { gate, clock } = await aGate();
    call(gate.take(ask('a'))?.[0], 'Throttled');
    const seen: unknown[] = [];
    for (let second = 0; second < 6; second += 1) {
      await clock.advance(1_000);
      gate.stepAside(ask('waiting', [aLane('pool', 'read', 4, 0.001)]));
      seen.push(n(gate, 'pool/read')?.toFixed(1));
    }
    expect(seen).toEqual(['2.4', '2.8', '3.2', '3.6', '4.0', '4.0']);
  });
});
