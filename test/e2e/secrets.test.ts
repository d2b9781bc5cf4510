/**
 * Credentials stay where they are. That no test here lets one out is checked as each house closes;
 * this is about the check, and about those who echo what we sent them.
 */
import { describe, expect, test } from 'vitest';
import { aResourceServer } from '../support/builders.ts';
import { type House, startHouse, UNMETERED } from '../support/house.ts';
import { waitFor } from '../support/wait.ts';

const hex = (text: string) => Buffer.from(text).toString('hex');

describe.concurrent('a house complains as it closes', () => {
  test('of a secret in a page of metrics, in what is asked for', async () => {
    const house = await startHouse({ ...UNMETERED, operators: 0 });
    const name = hex(house.credentials.AWS_ACCESS_KEY_ID);
    await house.start({ 'lease-name': name }).untilSaid('started');
    await waitFor('its Lease to be asked for', () => house.kubernetes.counts.get('get leases'));
    const complaint = await complaintOf(house);
    for (const where of ['the page of metrics', 'a path']) {
      expect(complaint).toContain(`${where} holds the access key id, in hexadecimal`);
    }
    expect(complaint).not.toContain(name);
  });

  test('of a secret in an Event, in what is stored', async () => {
    const house = await startHouse(UNMETERED);
    const user = await house.user();
    const name = hex(house.credentials.AWS_ACCESS_KEY_ID);
    await user.apply(aResourceServer().named(name).inPool(house.pool().id));
    await user.untilEvent('Created', name);
    const complaint = await complaintOf(house);
    for (const where of ['create events', 'v1/resourceservers', 'v1/events']) {
      expect(complaint).toContain(`${where} holds the access key id, in hexadecimal`);
    }
  });

  test('of a secret on standard error', async () => {
    const house = await startHouse({ ...UNMETERED, operators: 0 });
    await house.start({ share: house.credentials.AWS_SECRET_ACCESS_KEY }).exited;
    expect(await complaintOf(house)).toContain('the log holds the secret access key, as it is');
  });
});

/** What it says as it closes; empty when it is content. */
async function complaintOf(house: House): Promise<string> {
  return house.close().then(() => '', String);
}
