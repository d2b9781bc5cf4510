/** What differs is written anew as a whole: because the spec changed, or because Cognito did. */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT, FOREIGN, IDENTIFIER, SCOPE } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import { waitFor } from '../support/wait.ts';

const { flags, cognito } = UNMETERED;
const test = testInSharedHouse({
  flags: { ...flags, resync: '1s' },
  cognito: { ...cognito, shuffleScopes: true, omitEmptyScopes: 'null' },
});

const WRITE = { name: 'forecast.write', description: 'Write forecasts' };
const ADMIN = { name: 'admin', description: 'Everything' };

describe.concurrent('an edit of the spec', () => {
  test('is one Update of name and scopes, told as Updated', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ name: 'Weather API 2', scopes: [SCOPE, WRITE] });
    const { status } = await user.untilReady();
    expect(pool.server()).toMatchObject({ name: 'Weather API 2', scopes: [SCOPE, WRITE] });
    expect(pool.effects()).toEqual(['Create', 'Update']);
    expect(status).toMatchObject({ observedGeneration: 2, scopeCount: 2 });
    await user.untilEvent('Updated');
    expect(await user.eventReasons()).toEqual(['Created', 'Updated']);
  });

  test('that only orders the scopes anew changes nothing', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id).withScopes([SCOPE, WRITE, ADMIN]));
    await user.untilReady();
    await user.editSpec({ scopes: [ADMIN, WRITE, SCOPE] });
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ observedGeneration: 2 });
    await pool.untilSwept();
    expect(pool.calls().map(({ operation }) => operation)).not.toContain('UpdateResourceServer');
    await user.untilEvent('Created');
    expect(await user.eventReasons()).toEqual(['Created']);
  });

  test('that takes scopes away warns those who use them', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id).withScopes([SCOPE, WRITE]));
    await user.untilReady();
    await user.editSpec({ scopes: null });
    await user.untilReady();
    expect(pool.server()).toMatchObject({ scopes: [] });
    const warning = await user.untilEvent('ScopesRemoved');
    expect(warning).toMatchObject({ type: 'Warning' });
    expect(warning.note).toContain(SCOPE.name);
    expect(warning.note).toContain(WRITE.name);
    expect(await user.status()).toMatchObject({ scopeCount: 0, scopeIdentifiers: [] });
  });

  test('that makes a scope too long for app clients warns of it', async ({ user, pool }) => {
    const long = { name: 'x'.repeat(256 - IDENTIFIER.length), description: 'One too many' };
    const fits = { name: 'y'.repeat(255 - IDENTIFIER.length), description: 'Just fits' };
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ scopes: [SCOPE, long, fits] });
    await user.untilReady();
    const warning = await user.untilEvent('ScopeTooLong');
    expect(warning).toMatchObject({ type: 'Warning' });
    expect(warning.note).toContain(long.name);
    expect(warning.note).not.toContain(fits.name);
  });

  test('made while an Update is under way is written next', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const holding = pool.hold('Update');
    await user.editSpec({ name: 'First' });
    const held = await holding;
    await user.editSpec({ name: 'Second' });
    held.release();
    await user.untilReady();
    expect(pool.server()).toMatchObject({ name: 'Second' });
    expect(pool.effects()).toEqual(['Create', 'Update', 'Update']);
  });
});

describe.concurrent('a change in the console', () => {
  test('is repaired, told as DriftCorrected', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.put(FOREIGN);
    await user.untilEvent('DriftCorrected');
    expect(pool.server()).toMatchObject(CONTENT);
    expect(await user.eventReasons()).toEqual(['Created', 'DriftCorrected']);
    await user.untilReady();
  });

  test('that deletes the server is repaired by creating it', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.drop();
    await waitFor('the server', () => pool.server());
    await user.untilEvent('DriftCorrected');
    expect(pool.effects()).toEqual(['Create', 'Create']);
    const { status } = await user.untilReady();
    expect(status).toMatchObject({ remote: { origin: 'Created' } });
  });

  test('is seen while the API server is asked for a sync', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.put({ ...CONTENT, name: 'Somebody' });
    await user.requestSync('2026-01-01');
    await user.untilSynced('2026-01-01');
    await user.untilReady();
    expect(pool.server()).toMatchObject(CONTENT);
  });

  test('and an edit of the spec together are one Update', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    pool.put(FOREIGN);
    await user.editSpec({ name: 'Weather API 2' });
    await user.untilReady();
    expect(pool.server()).toMatchObject({ name: 'Weather API 2', scopes: [SCOPE] });
    await pool.untilSwept();
    expect(pool.effects().filter((each) => each === 'Update').length).toBeLessThanOrEqual(2);
  });
});
