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
    .extend('house', furnishing(options))
    .extend('user', ({ house }) => house.user())
    .extend('pool', ({ house }) => house.pool());
}

interface Ending {
  readonly onCleanup: (end: () => Promise<void>) => void;
}

function furnishing(options: HouseOptions) {
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from it what a fixture builds on
  return async ({}, { onCleanup }: Ending) => {
    const house = await startHouse(options);
    onCleanup(() => house.close());
    return house;
  };
}
