import { describe, expect, test } from 'vitest';
import {
  closedFor,
  freed,
  freedBySweep,
  isEmpty,
  leave,
  NOBODY,
  opened,
  type Parking,
  park,
  parkForQuota,
  probes,
  stopAsking,
} from '../../src/core/parking.ts';
import { DENIED, NOT_FOUND } from './failures.ts';

function parked(...keys: readonly string[]): Parking {
  return keys.reduce((parking, key) => park(parking, 'Create', key, DENIED), NOBODY);
}

function quotaLine(held: number | undefined, ...keys: readonly string[]): Parking {
  return keys.reduce((parking, key) => parkForQuota(parking, key, held), NOBODY);
}

describe('who probes', () => {
  test('is the one that waits longest', () => {
    const parking = parked('a', 'b', 'a');
    expect(['a', 'b'].map((key) => probes(parking, 'Create', key))).toEqual([true, false]);
    expect(parking.closed.Create?.keys).toEqual(['a', 'b']);
  });

  test('is another for each operation', () => {
    const parking = park(parked('a', 'b'), 'Describe', 'b', NOT_FOUND);
    expect(probes(parking, 'Describe', 'b')).toBe(true);
    expect(closedFor(parking, 'a')).toEqual({ Describe: NOT_FOUND });
    expect(closedFor(parking, 'b')).toEqual({ Create: DENIED });
    expect(closedFor(parking, 'c')).toEqual({ Describe: NOT_FOUND, Create: DENIED });
  });

  test('is chosen anew, and woken, when the prober leaves', () => {
    const { parking, wake } = leave(parked('a', 'b', 'c'), 'a');
    expect(wake).toEqual(['b']);
    expect(probes(parking, 'Create', 'b')).toBe(true);
    expect(closedFor(parking, 'b')).toEqual({});
  });

  test('stays when another leaves', () => {
    const { parking, wake } = leave(parked('a', 'b', 'c'), 'b');
    expect(wake).toEqual([]);
    expect(parking.closed.Create?.keys).toEqual(['a', 'c']);
  });

  test('tells the others what the last try said', () => {
    const parking = park(parked('a', 'b'), 'Create', 'a', NOT_FOUND);
    expect(closedFor(parking, 'b')).toEqual({ Create: NOT_FOUND });
  });
});

describe('an operation that works again', () => {
  test('wakes all that waited, but the one that found out', () => {
    const { parking, wake } = opened(parked('a', 'b', 'c'), 'Create', 'a');
    expect(wake).toEqual(['b', 'c']);
    expect(isEmpty(parking)).toBe(true);
    expect(closedFor(parking, 'b')).toEqual({});
  });

  test('wakes nobody who waits for another', () => {
    const before = parked('a', 'b');
    expect(opened(before, 'Describe', 'a')).toEqual({ parking: before, wake: [] });
  });
});

describe('the line for a full pool', () => {
  test('is woken oldest first, as many as there are free slots', () => {
    const parking = quotaLine(25, 'a', 'b', 'c');
    expect(freed(parking, 1)).toEqual(['a']);
    expect(freed(parking, 2)).toEqual(['a', 'b']);
    expect(freed(parking, 9)).toEqual(['a', 'b', 'c']);
    expect(freed(parking, -1)).toEqual([]);
  });

  test('learns from a sweep how many slots there are', () => {
    const parking = quotaLine(25, 'a', 'b', 'c');
    expect(freedBySweep(parking, 25)).toEqual([]);
    expect(freedBySweep(parking, 23)).toEqual(['a', 'b']);
    expect(freedBySweep(parking, 30)).toEqual([]);
  });

  test('is not woken by a sweep where nobody knows what was held at the refusal', () => {
    expect(freedBySweep(quotaLine(undefined, 'a'), 0)).toEqual([]);
  });

  test('keeps the place of one that is refused again, and remembers the last refusal', () => {
    const parking = parkForQuota(quotaLine(25, 'a', 'b'), 'a', 20);
    expect(parking.quota).toEqual({ heldAtRefusal: 20, keys: ['a', 'b'] });
  });

  test('is kept by those that only ask no more', () => {
    const { parking, wake } = stopAsking(park(quotaLine(25, 'a', 'b'), 'List', 'a', DENIED), 'a');
    expect(wake).toEqual([]);
    expect(parking.closed).toEqual({});
    expect(freed(parking, 9)).toEqual(['a', 'b']);
  });

  test('loses those that ended otherwise', () => {
    const { parking, wake } = leave(quotaLine(25, 'a', 'b'), 'a');
    expect(wake).toEqual([]);
    expect(freed(parking, 9)).toEqual(['b']);
  });
});

test('a pool that nobody waits for is empty', () => {
  expect(isEmpty(NOBODY)).toBe(true);
  expect(isEmpty(parked('a'))).toBe(false);
  expect(isEmpty(quotaLine(1, 'a'))).toBe(false);
  expect(isEmpty(leave(parked('a'), 'a').parking)).toBe(true);
  expect(leave(NOBODY, 'a')).toEqual({ parking: NOBODY, wake: [] });
});
