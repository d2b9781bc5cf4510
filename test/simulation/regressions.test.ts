/**
 * Each once went wrong in the running operator, found by a hostile reader of its code; each name
 * says what must hold.
 */
import { describe, expect, test } from 'vitest';
import { SYNC_ANNOTATION } from '../../src/api/names.ts';
import { hashOf } from '../../src/core/drift.ts';
import { CONTENT, POOL } from '../support/builders.ts';
import { cognitoFails } from './cognito.ts';
import {
  at,
  aWorld,
  BAD,
  contentOf,
  denyAllBut,
  HOUR,
  idOf,
  live,
  MINUTE,
  mutations,
  named,
  OTHER_POOL,
  operations,
  SECOND,
  TEAM,
  VANDAL,
} from './regression-stage.ts';
import type { World } from './world.ts';

function poolsListed(world: World, since = 0): readonly string[] {
  const lists = world.calls.filter((each) => each.operation === 'List' && each.atMs >= since);
  return [...new Set(lists.map(({ pool }) => pool))];
}

/** Ready until the operator stopped, and changed since. */
function edited() {
  const before = { hash: hashOf(VANDAL) };
  return named('a').finalized().ready().atGeneration(2).withRemote(before);
}

describe('a pool', () => {
  test.each([
    ['was edited while the operator was down', edited()],
    ['was left with a pending record', named('a').finalized().withPending('Create')],
    ['was created with a sync request', named('a').syncRequested('x')],
  ])('is swept although its only resource %s, and never waits for a sweep', async (_, resource) => {
    const world = aWorld();
    const wasCreated = resource.parsed().remote !== undefined;
    if (wasCreated) world.cognito.put(at(idOf('a')), VANDAL);
    world.people.apply(resource);
    world.start();
    await world.advance(MINUTE);
    expect(world.people.ready('a')).toBe('True Synced');
    world.cognito.put(at(idOf('a')), VANDAL);
    await world.advance(HOUR);
    expect(contentOf(world, 'a')).toBe(CONTENT.name);
  });

  test.each([BAD, 'OperationNotEnabledException', undefined])(
    'that cannot be listed (%s) is looked at resource by resource, and told as not swept',
    async (name) => {
      const world = await live({ pools: [POOL, OTHER_POOL] }, 'a');
      world.roads.cognito = ({ operation }) =>
        operation === 'List'
          ? { fate: name === undefined ? 'AnswerLost' : cognitoFails(name, operation) }
          : undefined;
      world.people.apply(named('b').inPool(OTHER_POOL));
      world.cognito.put(at(idOf('a')), VANDAL);
      await world.advance(6 * HOUR);
      expect(world.people.ready('b')).toBe('True Synced');
      expect(contentOf(world, 'a')).toBe(CONTENT.name);
      const oldest = world.gauges.get('cognito_operator_oldest_sweep_seconds') ?? 0;
      expect(oldest).toBeGreaterThan(5 * 3_600);
    },
  );

  test('of many new resources brings them all to rest', async () => {
    const names = Array.from({ length: 24 }, (_, index) => `api-${index}`);
    const world = await live({}, ...names);
    await world.advance(MINUTE);
    expect(names.map((name) => world.people.ready(name))).toEqual(names.map(() => 'True Synced'));
    expect(operations(world).toSorted()).toEqual(['List', ...names.map(() => 'Create')].toSorted());
  });

  test('that was full before a sweep ended wakes nobody for the slot that its pages showed', async () => {
    const world = await live({}, 'a');
    const lists = () => operations(world).filter((each) => each === 'List').length;
    const creates = () => mutations(world).filter((each) => each === 'Create').length;
    world.roads.cognito = ({ operation, identifier }) => {
      if (operation === 'List') return { backMs: 3 * SECOND };
      const isFull = operation === 'Create' && identifier === idOf('c');
      return isFull ? { fate: cognitoFails('LimitExceededException', operation) } : undefined;
    };
    const before = lists();
    while (lists() === before) await world.advance(SECOND / 10);
    for (const name of ['b', 'c']) {
      world.people.apply(named(name));
      await world.advance(SECOND);
    }
    expect(world.people.ready('c')).toBe('False QuotaExceeded');
    expect(creates()).toBe(3);
    await world.advance(MINUTE);
    expect(creates()).toBe(3);
  });

  test('that is full keeps a slot that we free for the rival who is next, whatever a sweep sees', async () => {
    const world = await live({ settings: { resyncMs: 4 * SECOND } }, 'a');
    const isFull = () => world.cognito.get(at(idOf('a'))) !== undefined;
    world.roads.cognito = ({ operation, identifier }) =>
      operation === 'Create' && (isFull() || identifier === idOf('c'))
        ? { fate: cognitoFails('LimitExceededException', operation) }
        : undefined;
    world.people.apply(named('c'));
    await world.advance(SECOND);
    expect(world.people.ready('c')).toBe('False QuotaExceeded');
    world.people.apply(named('a').inNamespace('other').withUid('uid-of-rival'));
    await world.advance(SECOND);
    world.roads.kubernetes = ({ verb }) =>
      verb === 'patchObject' ? { outMs: 9 * SECOND } : undefined;
    world.people.remove('a');
    const before = world.calls.length;
    await world.advance(2 * MINUTE);
    const creates = world.calls.slice(before).filter(({ operation }) => operation === 'Create');
    expect(world.people.ready('other/a')).toBe('True Synced');
    expect(creates[0]?.identifier).toBe(idOf('a'));
  });
});

describe('an Update that Cognito did not take', () => {
  test.each(['TooManyRequestsException', BAD])('(%s) is no sign of a fight', async (name) => {
    const world = await live({}, 'a');
    let refusals = 0;
    world.roads.cognito = ({ operation }) =>
      operation === 'Update' && ++refusals <= 6
        ? { fate: cognitoFails(name, operation) }
        : undefined;
    world.people.edit('a', { name: 'Edited' });
    await world.advance(5 * MINUTE);
    expect([world.people.ready('a'), contentOf(world, 'a')]).toEqual(['True Synced', 'Edited']);
  });
});

describe('a resource that probes for others which wait', () => {
  const letGo: readonly (readonly [string, (world: World) => Promise<void>])[] = [
    ['is stripped of its finalizer', async (world) => world.people.stripFinalizers('p')],
    ['is no longer selected', async (world) => world.people.label('p', { team: null })],
    [
      'is followed by one that is no longer selected',
      async (world) => {
        world.people.label('q', { team: null });
        await world.advance(SECOND);
        world.people.edit('p', { deletionPolicy: 'Retain' });
      },
    ],
  ];

  test.each(letGo)('and %s is followed by the next', async (_, leave) => {
    const world = await live({ settings: { labelSelector: [TEAM] } }, 'p', 'q', 'r');
    const heal = denyAllBut(world, ['List']);
    for (const name of ['p', 'q']) {
      world.people.remove(name);
      await world.advance(3 * SECOND);
    }
    world.people.edit('r', { name: 'Edited' });
    await world.advance(3 * SECOND);
    expect(world.people.ready('r')).toBe('False AccessDenied');
    await leave(world);
    await world.advance(SECOND);
    heal();
    const since = world.clock.monotonicMs();
    const others = world.objects.all().filter(({ metadata }) => !metadata.labels?.['team']);
    const letAlone = others.map(({ spec }) => spec.identifier);
    await world.advance(HOUR);
    expect([world.people.ready('r'), contentOf(world, 'r')]).toEqual(['True Synced', 'Edited']);
    const called = world.calls.filter(({ atMs }) => atMs >= since);
    expect(called.filter(({ identifier }) => letAlone.includes(identifier))).toEqual([]);
  });

  test('and only observes, and is deleted, is followed by the next', async () => {
    const world = await live({}, 'q', 'r');
    world.cognito.put(at(idOf('p')), CONTENT);
    world.people.apply(named('p').observing());
    await world.advance(10 * SECOND);
    const heal = denyAllBut(world, ['List']);
    world.people.annotate('p', { [SYNC_ANNOTATION]: '1' });
    await world.advance(3 * SECOND);
    world.people.edit('r', { name: 'Edited' });
    await world.advance(3 * SECOND);
    world.people.remove('p');
    await world.advance(SECOND);
    heal();
    await world.advance(HOUR);
    expect(world.people.ready('r')).toBe('True Synced');
  });

  test('and is refused something else wakes the others when its own probe succeeds', async () => {
    const world = await live({}, 'q');
    denyAllBut(world, []);
    world.people.apply(named('p').syncRequested('1'));
    await world.advance(3 * SECOND);
    world.people.edit('q', { name: 'Edited' });
    await world.advance(3 * SECOND);
    denyAllBut(world, ['List', 'Describe', 'Update']);
    await world.advance(HOUR);
    expect(world.people.ready('p')).toBe('False AccessDenied');
    expect(world.people.ready('q')).toBe('True Synced');
  });
});

describe('a slow service', () => {
  test('whose Describe outlasts a place in the gate is still written to', async () => {
    const world = await live({}, 'a');
    world.roads.cognito = ({ operation }) =>
      operation === 'Describe' ? { outMs: 1_050, backMs: 1_050 } : undefined;
    world.people.edit('a', { name: 'Edited' });
    await world.advance(MINUTE);
    expect([world.people.ready('a'), contentOf(world, 'a')]).toEqual(['True Synced', 'Edited']);
    world.people.remove('a');
    await world.advance(MINUTE);
    expect([world.people.find('a'), contentOf(world, 'a')]).toEqual([undefined, undefined]);
  });

  test('whose records outlast a place in the gate still has its resource server', async () => {
    const world = aWorld();
    world.roads.kubernetes = ({ verb }) =>
      verb.startsWith('patch') ? { outMs: 1_050, backMs: 1_050 } : undefined;
    world.people.apply(named('a'));
    world.start();
    await world.advance(2 * MINUTE);
    expect(world.people.ready('a')).toBe('True Synced');
    expect(mutations(world)).toEqual(['Create']);
  });
});

describe('a resource that is no longer selected', () => {
  test('is let alone, although its last climb was to be repeated', async () => {
    const world = aWorld({ settings: { labelSelector: [TEAM] } });
    world.roads.cognito = ({ operation }) =>
      operation === 'Create' ? { fate: cognitoFails(BAD, operation) } : undefined;
    world.people.apply(named('a').labelled({ team: 'x' }));
    world.start();
    await world.advance(3 * SECOND);
    world.people.label('a', { team: null });
    await world.advance(SECOND / 20);
    const since = world.clock.monotonicMs();
    world.roads.cognito = () => undefined;
    await world.advance(HOUR);
    expect(operations(world, since)).toEqual([]);
  });

  test('has its pool swept no more, until another there is selected', async () => {
    const world = aWorld({ pools: [POOL, OTHER_POOL], settings: { labelSelector: [TEAM] } });
    world.people.apply(named('a').labelled({ team: 'x' }));
    world.people.apply(named('b').inPool(OTHER_POOL));
    world.start();
    await world.advance(HOUR);
    expect(poolsListed(world)).toEqual([POOL]);
    const since = world.clock.monotonicMs();
    world.people.label('a', { team: null });
    world.people.label('b', { team: 'x' });
    await world.advance(HOUR);
    expect(poolsListed(world, since)).toEqual([OTHER_POOL]);
    expect(world.people.ready('b')).toBe('True Synced');
  });
});

describe('resources that are deleted together', () => {
  test.each([4, 8, 20])(
    'after their %i servers were deleted by hand are all let go, with two calls each',
    async (count) => {
      const names = Array.from({ length: count }, (_, index) => `api-${index}`);
      const world = await live({}, ...names);
      await world.advance(MINUTE);
      for (const { identifier } of world.cognito.servers(POOL)) world.cognito.drop(at(identifier));
      const since = world.clock.monotonicMs();
      for (const name of names) world.people.remove(name);
      await world.advance(5 * MINUTE);
      expect(world.objects.all()).toEqual([]);
      expect(operations(world, since)).toHaveLength(2 * count);
    },
  );
});

describe('a new leader', () => {
  test('finishes what the last one had begun before it looks at all pools', async () => {
    const pools = Array.from({ length: 20 }, (_, index) => `eu-west-1_P${index}`);
    const world = aWorld({ pools, settings: { lateMs: 5 * SECOND } });
    const last = pools.length - 1;
    for (const [n, pool] of pools.entries()) world.people.apply(named(`n${n}`).inPool(pool));
    world.start();
    await world.advance(MINUTE);
    world.roads.cognito = ({ operation }) =>
      operation === 'Update' ? { backMs: SECOND } : undefined;
    world.people.edit(`n${last}`, { name: 'Edited' });
    await world.advance(SECOND / 2);
    world.kill();
    const since = world.clock.monotonicMs();
    world.start();
    await world.advance(MINUTE);
    expect(world.people.ready(`n${last}`)).toBe('True Synced');
    expect(operations(world, since)[0]).toBe('Describe');
  });
});
