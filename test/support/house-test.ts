/**
 * `test` with a house around it: one for the whole file, in which each test has a namespace and a
 * user pool of its own and may run beside the others; or one for each test.
 */
import { test } from 'vitest';
import { type HouseOptions, startHouse } from './house.ts';

export function testInSharedHouse(options: HouseOptions = {}) {
  return test
    .extend('house', { scope: 'file' }, furnishing(options))
    .extend('user', ({ house }) => house.user())
    .extend('pool', ({ house }) => house.pool());
}

export function testInOwnHouse(options: HouseOptions = {}) {
  return test
    .extend('house', furnishing(options, createPlaces(OWN_HOUSES_MAX)))
    .extend('user', ({ house }) => house.user())
    .extend('pool', ({ house }) => house.pool());
}

/** In each worker. More processes at once only take turns, and miss their deadlines. */
const OWN_HOUSES_MAX = 4;

interface Ending {
  readonly onCleanup: (end: () => Promise<void>) => void;
}

function furnishing(options: HouseOptions, places: Places = createPlaces(1)) {
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from it what a fixture builds on
  return async ({}, { onCleanup }: Ending) => {
    const leave = await places.enter();
    const house = await startHouse(options).catch((error) => {
      leave();
      throw error;
    });
    onCleanup(() => house.close().finally(leave));
    return house;
  };
}

interface Places {
  /** Waits for a place; what it returns gives it back. */
  enter(): Promise<() => void>;
}

function createPlaces(count: number): Places {
  const waiting: (() => void)[] = [];
  const taken = { count: 0 };
  const leave = (): void => {
    taken.count -= 1;
    waiting.shift()?.();
  };
  return {
    async enter() {
      if (taken.count >= count) await new Promise<void>((resolve) => waiting.push(resolve));
      taken.count += 1;
      return leave;
    },
  };
}
