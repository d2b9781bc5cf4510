/** Many keys in one pool, at Cognito's own rates: whoever waits gets on. */
import { expect } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import { testInOwnHouse } from '../support/house-test.ts';

const test = testInOwnHouse();

const NAMES = Array.from({ length: 10 }, (_, index) => `api-${index}`);

test('deletions that must prove absence all end, though they share the pool’s reads', async ({
  user,
  pool,
}) => {
  for (const name of NAMES) {
    await user.apply(aResourceServer().named(name).identifiedAs(name).inPool(pool.id));
  }
  for (const name of NAMES) await user.untilReady(name);
  for (const name of NAMES) pool.drop(name);
  await Promise.all(NAMES.map((name) => user.remove(name)));
  for (const name of NAMES) await user.untilGone(name);
  expect(NAMES.filter((name) => pool.server(name) !== undefined)).toEqual([]);
});
