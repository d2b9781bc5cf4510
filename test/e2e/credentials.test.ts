/** Credentials that are missing, wrong or expired: said so, and put right without a restart. */
import { describe, expect } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import { startHouse, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';

const test = testInOwnHouse(UNMETERED);

describe.concurrent('credentials', () => {
  test('that are unknown to AWS stop nothing for ever', async ({ house, user, pool }) => {
    house.cognito.faults.setCredentialsValid(false);
    await user.apply(aResourceServer().inPool(pool.id));
    const ready = await user.untilReason('AccessDenied');
    expect(ready).toMatchObject({ status: 'False' });
    house.cognito.faults.setCredentialsValid(true);
    await user.requestSync('they are known now');
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
    await user.untilEvent('Created');
    expect(await user.eventReasons()).toEqual(['AccessDenied', 'Created']);
  });

  test('that expire take Ready away, and give it back', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    house.cognito.faults.expireCredentials();
    await user.untilReason('AccessDenied');
    expect(await user.condition('Ready')).toMatchObject({ status: 'False' });
    house.cognito.faults.setCredentialsValid(true);
    await user.requestSync('they are fresh now');
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('that are nowhere to be found are AccessDenied, too', async ({ onTestFinished }) => {
    const house = await startHouse({ ...UNMETERED, operators: 0 });
    onTestFinished(() => house.close());
    house.start({}, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
    const user = await house.user();
    await user.apply(aResourceServer().inPool(house.pool().id));
    const ready = await user.untilReason('AccessDenied');
    expect(ready.message).toContain('credentials');
    expect(house.cognito.log.calls()).toEqual([]);
  });
});
