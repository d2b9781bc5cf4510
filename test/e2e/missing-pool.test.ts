/** A resource is deleted whose user pool is not there: gone for good, or only out of sight? */
import { describe, expect } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import type { House } from '../support/house.ts';
import { UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';

const test = testInOwnHouse(UNMETERED);
const testWithoutSts = testInOwnHouse({ ...UNMETERED, operators: 0 });

/** Another account's credentials come with another process: no climb sees both. */
async function restartAs(house: House, accountId: string): Promise<void> {
  await house.operators.at(-1)?.stop();
  house.cognito.setAccountId(accountId);
  await house.start().untilLeading();
}

describe.concurrent('deleting a resource whose pool is not there', () => {
  test('ends when the account is the recorded one', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilAtRest();
    house.cognito.removePool(pool.id);
    await user.remove();
    await user.untilGone();
    expect(pool.calls('Delete')).toEqual([]);
  });

  test('is blocked under another account, until that is mended', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilAtRest();
    await restartAs(house, '999999999999');
    await user.remove();
    const ready = await user.untilReason('DeletionBlocked');
    expect(ready.message).toContain('111122223333');
    expect(ready.message).toContain('`deletionPolicy` to Retain');
    expect(await user.condition('Stalled')).toMatchObject({ status: 'True' });
    await restartAs(house, '111122223333');
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('is let go by Retain under another account', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilAtRest();
    await restartAs(house, '999999999999');
    await user.remove();
    await user.untilReason('DeletionBlocked');
    await user.editSpec({ deletionPolicy: 'Retain' });
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('under another account while it lives is said so', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilAtRest();
    await restartAs(house, '999999999999');
    const ready = await user.untilReason('AccountMismatch');
    expect(ready.message).toContain('111122223333');
    expect(ready.message).toContain('999999999999');
  });

  testWithoutSts('is blocked when nobody knows whose it was', async ({ house, user, pool }) => {
    const silence = house.cognito.faults.add({
      match: { operation: 'GetCallerIdentity' },
      action: { kind: 'accessDenied' },
    });
    house.start();
    await user.apply(aResourceServer().inPool(pool.id));
    const { status } = await user.untilReady();
    expect(status?.remote).not.toHaveProperty('accountId');
    house.cognito.removePool(pool.id);
    await user.remove();
    const ready = await user.untilReason('DeletionBlocked');
    expect(ready.message).toContain('`deletionPolicy` to Retain');
    silence.clear();
    await user.editSpec({ deletionPolicy: 'Retain' });
    await user.untilGone();
    await user.untilEvent('Retained');
  });

  testWithoutSts(
    'takes no account for its own that sees no pool',
    async ({ house, user, pool }) => {
      const silence = house.cognito.faults.add({
        match: { operation: 'GetCallerIdentity' },
        action: { kind: 'accessDenied' },
      });
      house.start();
      await user.apply(aResourceServer().inPool(pool.id));
      await user.untilReady();
      silence.clear();
      await restartAs(house, '999999999999');
      await user.remove();
      await user.untilReason('DeletionBlocked');
      expect((await user.status()).remote).not.toHaveProperty('accountId');
      await restartAs(house, '111122223333');
      await user.untilGone();
      expect(pool.effects()).toEqual(['Create', 'Delete']);
    },
  );

  testWithoutSts('records the account once it is known', async ({ house, user, pool }) => {
    const silence = house.cognito.faults.add({
      match: { operation: 'GetCallerIdentity' },
      action: { kind: 'accessDenied' },
    });
    house.start({ resync: '1s' });
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    silence.clear();
    await user.until('its account', ({ status }) => status?.remote?.accountId === '111122223333');
  });
});
