import { describe, expect, test } from 'vitest';
import { createClaimsIndex } from '../../src/core/claims.ts';
import { trigger } from '../../src/core/trigger.ts';
import { aResourceServer, type ResourceServerBuilder } from '../support/builders.ts';

type Maybe = ResourceServerBuilder | undefined;

/** Who deserves a run, as `key urgency`, when one of `others` and `before` becomes `after`. */
function deserving(before: Maybe, after: Maybe, ...others: readonly ResourceServerBuilder[]) {
  const claims = createClaimsIndex();
  for (const each of others) claims.put(undefined, each.parsed());
  if (before) claims.put(undefined, before.parsed());
  const found = trigger(claims, before?.parsed(), after?.parsed());
  return found.map(({ key, urgency }) => `${key} ${urgency}`);
}

const elder = aResourceServer().named('elder').finalized().withRemote().ready();
const younger = aResourceServer().named('younger').finalized().createdAt('2026-01-02T00:00:00Z');

describe('its own key', () => {
  test.each([
    { name: 'appeared', before: undefined, after: elder },
    { name: 'went', before: elder, after: undefined },
    { name: 'was replaced by another of its name', before: elder, after: elder.withUid('reborn') },
    { name: 'got another spec', before: elder, after: elder.atGeneration(2) },
    { name: 'is being deleted', before: elder, after: elder.deleting() },
    { name: 'was paused', before: elder, after: elder.paused() },
    { name: 'goes on', before: elder.paused(), after: elder },
    { name: 'asks for a sync', before: elder, after: elder.syncRequested('now') },
  ])('is an edit when it $name', ({ before, after }) => {
    expect(deserving(before, after)).toContain('identity/elder Edit');
  });

  test.each([
    { name: 'status was edited by hand', before: younger, after: younger.ready() },
    {
      name: 'records were edited by hand',
      before: elder,
      after: elder.withRemote({ hash: '1:x' }),
    },
    { name: 'finalizer was taken', before: elder, after: elder.metadata({ finalizers: [] }) },
    {
      name: 'finalizer was replaced by another',
      before: elder,
      after: elder.metadata({ finalizers: ['example.com/x'] }),
    },
  ])('is a touch when its $name', ({ before, after }) => {
    expect(deserving(before, after)).toEqual([expect.stringMatching(/ Touch$/)]);
  });

  test('deserves a run when its labels change: they may begin to select it', () => {
    expect(deserving(elder, elder.labelled({ team: 'weather' }))).toHaveLength(1);
  });

  test.each([
    { name: 'our own echo', before: elder, after: elder },
    { name: 'a version without a change', before: elder, after: elder.atVersion('2') },
    {
      name: 'an annotation of others',
      before: elder,
      after: elder.annotated({ 'example.com/note': 'x' }),
    },
  ])('deserves nothing for $name', ({ before, after }) => {
    expect(deserving(before, after)).toEqual([]);
  });
});

describe('its rivals', () => {
  test('run when the holder begins to leave', () => {
    expect(deserving(elder, elder.deleting(), younger)).toEqual([
      'identity/elder Edit',
      'identity/younger Edit',
    ]);
  });

  test('run when the holder is gone', () => {
    expect(deserving(elder.deleting(), undefined, younger)).toContain('identity/younger Edit');
  });

  test('run when the holder loses its finalizer on its way out', () => {
    const after = elder.deleting().metadata({ finalizers: ['x'] });
    expect(deserving(elder.deleting(), after, younger)).toContain('identity/younger Edit');
  });

  test('run when the holder is paused before it had a record', () => {
    const free = aResourceServer().named('elder').finalized();
    expect(deserving(free, free.paused(), younger)).toContain('identity/younger Edit');
  });

  test('run when the holder has begun a call, and when it has ended', () => {
    const calling = elder.withPending('Update');
    expect(deserving(elder, calling, younger)).toContain('identity/younger Edit');
    expect(deserving(calling, elder, younger)).toContain('identity/younger Edit');
  });

  test('run when one with a record appears', () => {
    const free = aResourceServer().named('elder').finalized();
    expect(deserving(undefined, younger.withRemote(), free)).toContain('identity/elder Edit');
  });

  test('rest when nothing changes hands', () => {
    expect(deserving(elder, elder.atGeneration(2), younger)).toEqual(['identity/elder Edit']);
    expect(deserving(undefined, younger, elder)).toEqual(['identity/younger Edit']);
  });

  test('of another identity rest', () => {
    const apart = younger.identifiedAs('https://other.example.com');
    expect(deserving(elder, undefined, apart)).toEqual(['identity/elder Edit']);
  });
});

test('the change counts in the claims afterwards', () => {
  const claims = createClaimsIndex();
  trigger(claims, undefined, elder.parsed());
  trigger(claims, undefined, younger.parsed());
  const { identity } = elder.parsed();
  expect(identity && claims.holder(identity)?.key).toBe('identity/elder');
  trigger(claims, elder.parsed(), undefined);
  expect(identity && claims.holder(identity)?.key).toBe('identity/younger');
});
