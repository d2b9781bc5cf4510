/** More of what once went wrong: where a status, a record or an event was not the truth. */
import { describe, expect, test } from 'vitest';
import { PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';
import { CONTENT, FOREIGN, POOL } from '../support/builders.ts';
import { cognitoFails } from './cognito.ts';
import {
  at,
  aWorld,
  BAD,
  contentOf,
  DENIED,
  denyAllBut,
  HOUR,
  idOf,
  live,
  MINUTE,
  mutations,
  named,
  OTHER_POOL,
  operations,
  readyOver,
  SECOND,
} from './regression-stage.ts';
import { refused } from './requests.ts';
import type { CognitoRoad } from './user-pools.ts';

describe('what Cognito answered', () => {
  test('stays answered: a Delete whose finalizer write conflicts needs no proof by List', async () => {
    const world = await live({}, 'a');
    denyAllBut(world, ['Describe', 'Delete']);
    let conflicts = 0;
    world.roads.kubernetes = ({ verb }) => {
      if (verb === 'patchObject' && ++conflicts === 1) world.people.annotate('a', { touched: '1' });
      return undefined;
    };
    world.people.remove('a');
    await world.advance(MINUTE);
    expect(world.people.find('a')).toBeUndefined();
    expect(contentOf(world, 'a')).toBeUndefined();
  });

  test('of a Create is never told as Ready when the resource was deleted meanwhile', async () => {
    const world = aWorld();
    world.people.apply(named('a'));
    let created = 0;
    world.roads.cognito = ({ operation }) => {
      if (operation === 'Create' && ++created === 1) world.people.remove('a');
      return undefined;
    };
    world.start();
    await world.advance(MINUTE);
    expect(world.people.find('a')).toBeUndefined();
    expect(mutations(world)).toEqual(['Create', 'Delete']);
  });

  test('is told once, when it is stored, however often the status write fails', async () => {
    const world = aWorld();
    world.people.apply(named('a'));
    let refusals = 0;
    world.roads.kubernetes = ({ verb, patch }) => {
      const settles = verb === 'patchStatus' && JSON.stringify(patch).includes('"Synced"');
      return settles && ++refusals <= 4 ? { fate: refused(500) } : undefined;
    };
    world.start();
    await world.advance(MINUTE);
    expect(world.people.ready('a')).toBe('True Synced');
    expect(world.events.map(({ reason }) => reason)).toEqual(['Created']);
  });
});

describe('a sync request', () => {
  test('that comes while an Update is under way is looked into after it', async () => {
    const world = await live({}, 'a');
    const since = world.clock.monotonicMs();
    world.roads.cognito = ({ operation }) => {
      if (operation === 'Update') world.people.annotate('a', { [SYNC_ANNOTATION]: 'during' });
      return undefined;
    };
    world.people.edit('a', { name: 'Edited' });
    await world.advance(MINUTE);
    expect(operations(world, since)).toEqual(['Describe', 'Update', 'Describe']);
    expect(world.people.get('a').status.lastHandledSyncRequest).toBe('during');
  });

  test('of one who observes does not spin while another writes to the same server', async () => {
    const world = aWorld({
      settings: {
        accountReadsPerSecond: 1_000,
        accountWritesPerSecond: 1_000,
        poolCallsPerSecond: 200,
      },
    });
    world.people.apply(named('a'));
    world.people.apply(named('o').identifiedAs(idOf('a')).observing());
    world.start();
    await world.advance(40 * SECOND);
    world.roads.cognito = ({ operation }) =>
      operation === 'Update' ? { outMs: 3_900 } : undefined;
    const since = world.clock.monotonicMs();
    world.people.edit('a', { name: 'Edited' });
    await world.advance(SECOND / 2);
    world.people.annotate('o', { [SYNC_ANNOTATION]: '1' });
    await world.advance(3_300);
    expect(operations(world, since)).toEqual(['Describe', 'Update']);
  });

  test('is acknowledged also by a climb that goes on with half a proof', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `r${index}`);
    const sent = new Set<string>();
    const world = aWorld();
    for (const name of names) world.people.apply(named(name));
    world.roads.cognito = (request) => {
      const isFirst = request.operation === 'Create' && !sent.has(request.identifier);
      if (isFirst) sent.add(request.identifier);
      return isFirst ? { fate: 'RequestLost' } : undefined;
    };
    world.start();
    await world.advance(36 * SECOND);
    for (const name of names) world.people.annotate(name, { [SYNC_ANNOTATION]: 'now' });
    await world.advance(10 * MINUTE);
    const handled = names.map((name) => world.people.get(name).status.lastHandledSyncRequest);
    expect(handled).toEqual(names.map(() => 'now'));
  });
});

describe('a record', () => {
  test('whose lost write can no longer land frees the identity for a rival', async () => {
    const world = aWorld();
    world.people.apply(named('a').identifiedAs(idOf('x')));
    let lost = 0;
    world.roads.kubernetes = ({ verb, patch }) => {
      const isRecord = verb === 'patchStatus' && JSON.stringify(patch).includes('"operation"');
      if (!isRecord || ++lost > 1) return undefined;
      world.people.annotate('a', { [PAUSED_ANNOTATION]: 'true' });
      return { fate: 'RequestLost' };
    };
    world.start();
    await world.advance(MINUTE);
    world.people.apply(named('b').identifiedAs(idOf('x')));
    await world.advance(HOUR);
    expect([world.people.ready('a'), world.people.ready('b')]).toEqual([
      'Unknown Paused',
      'True Synced',
    ]);
  });

  test('that met a deletion frees the identity for the rival that waits', async () => {
    const world = aWorld();
    world.cognito.put(at(idOf('x')), FOREIGN);
    world.people.apply(named('b').identifiedAs(idOf('x')));
    world.start();
    await world.advance(MINUTE);
    const later = { creationTimestamp: '2026-01-01T00:01:00Z' };
    world.people.apply(named('d').identifiedAs(idOf('x')).metadata(later));
    await world.advance(MINUTE);
    expect(world.people.ready('d')).toBe('False IdentityTaken');
    let deleted = 0;
    world.roads.kubernetes = ({ verb, key, patch }) => {
      const isAdoption = key.endsWith('/b') && JSON.stringify(patch).includes('"Adopted"');
      if (verb === 'patchStatus' && isAdoption && ++deleted === 1) world.people.remove('b');
      return undefined;
    };
    world.people.edit('b', FOREIGN);
    await world.advance(HOUR);
    expect([deleted, world.people.find('b')]).toEqual([1, undefined]);
    expect(world.people.ready('d')).toBe('False AlreadyExists');
  });

  test('that was forged to name another server deletes nothing', async () => {
    const world = aWorld({ pools: [POOL, OTHER_POOL] });
    const victim = at('https://victim', OTHER_POOL);
    world.cognito.put(victim, FOREIGN);
    world.people.apply(named('a'));
    world.start();
    await world.advance(10 * SECOND);
    const { uid } = world.people.get('a').metadata;
    const remote = { ...victim, origin: 'Created', hash: '1:x' };
    world.people.forge('a', { recordUID: uid, remote });
    world.people.remove('a');
    await world.advance(HOUR);
    expect(world.cognito.get(victim)).toBeDefined();
    expect(world.people.ready('a')).toBe('False DeletionBlocked');
  });
});

describe('a Create that got lost, in a pool whose List does not work', () => {
  const fate = (name: string): CognitoRoad => {
    let sent = 0;
    return ({ operation }) => {
      if (operation === 'List') return { fate: cognitoFails(name, operation) };
      return operation === 'Create' && ++sent === 1 ? { fate: 'RequestLost' } : undefined;
    };
  };

  test.each([
    { name: BAD, ready: 'Unknown ProgressingWithRetry', says: /finding out what became of it$/ },
    { name: DENIED, ready: 'False AccessDenied', says: /cognito-idp:ListResourceServers/ },
  ])('($name) is told as what it is for as long as that lasts', async ({ name, ready, says }) => {
    const world = aWorld();
    world.people.apply(named('a'));
    world.roads.cognito = fate(name);
    world.start();
    await world.advance(2 * HOUR);
    expect(world.people.ready('a')).toBe(ready);
    expect(world.people.message('a')).toMatch(says);
    expect(mutations(world)).toEqual(['Create']);
    world.roads.cognito = () => undefined;
    await world.advance(20 * MINUTE);
    expect(world.people.ready('a')).toBe('True Synced');
  });
});

describe('an observer', () => {
  test('says that the pool is missing, and not that the server is', async () => {
    const world = aWorld();
    world.cognito.put(at(idOf('o')), CONTENT);
    world.people.apply(named('o').observing());
    world.start();
    await world.advance(10 * SECOND);
    expect(world.people.ready('o')).toBe('True Synced');
    world.cognito.removePool(POOL);
    world.people.annotate('o', { [SYNC_ANNOTATION]: '1' });
    const seen = await readyOver(world, 'o', 3 * MINUTE);
    expect(seen).toEqual(['True Synced', 'False UserPoolNotFound']);
  });

  test('that may not list does not say that a server is missing', async () => {
    const world = aWorld();
    denyAllBut(world, ['Describe']);
    world.people.apply(named('o').observing());
    world.start();
    await world.advance(4 * SECOND);
    expect(await readyOver(world, 'o', MINUTE)).toEqual(['False AccessDenied']);
  });

  test('of a pool that was left and is named again believes no old sweep', async () => {
    const world = aWorld();
    world.cognito.put(at(idOf('b')), CONTENT);
    world.people.apply(named('a').observing());
    world.roads.cognito = () => ({ outMs: 3_000 });
    world.start();
    await world.advance(2_500);
    world.people.remove('a');
    await world.advance(10 * SECOND);
    world.cognito.drop(at(idOf('b')));
    await world.advance(5 * HOUR);
    world.roads.cognito = () => undefined;
    world.people.apply(named('b').observing());
    expect(await readyOver(world, 'b', 5 * SECOND)).toEqual(['-', 'False Drifted']);
  });
});
