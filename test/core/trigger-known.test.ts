/** What is known of a record again, and of what cannot be named: who is to run for it. */
import { expect, test } from 'vitest';
import { createClaimsIndex } from '../../src/core/claims.ts';
import { trigger, triggerKnown } from '../../src/core/trigger.ts';
import { aResourceServer } from '../support/builders.ts';

const elder = aResourceServer().named('elder').finalized().createdAt('2026-01-01T00:00:00Z');
const younger = aResourceServer().named('younger').finalized().createdAt('2026-01-02T00:00:00Z');
const nameless = aResourceServer().named('nameless').spec({ userPoolId: 'x' });

test('a record that did not land gives the identity back to who waited for it', () => {
  const claims = createClaimsIndex();
  for (const each of [elder, younger]) claims.put(undefined, each.parsed());
  claims.assume(younger.parsed());
  const identity = elder.parsed().identity!;
  expect(claims.holder(identity)?.key).toBe('identity/younger');
  expect(triggerKnown(claims, younger.parsed())).toEqual([
    { key: 'identity/elder', urgency: 'Edit' },
  ]);
  expect(claims.holder(identity)?.key).toBe('identity/elder');
});

test('a record that nobody waited for wakes nobody', () => {
  const claims = createClaimsIndex();
  claims.put(undefined, elder.parsed());
  claims.assume(elder.parsed());
  expect(triggerKnown(claims, elder.parsed())).toEqual([]);
});

test('what names no identity runs by itself, and wakes nobody', () => {
  const claims = createClaimsIndex();
  claims.put(undefined, elder.parsed());
  const parsed = nameless.parsed();
  expect(trigger(claims, undefined, parsed)).toEqual([{ key: parsed.key, urgency: 'Edit' }]);
  expect(trigger(claims, parsed, undefined)).toEqual([{ key: parsed.key, urgency: 'Edit' }]);
  expect(triggerKnown(claims, parsed)).toEqual([]);
});

test('what was not and is not there deserves nothing', () => {
  expect(trigger(createClaimsIndex(), undefined, undefined)).toEqual([]);
});
