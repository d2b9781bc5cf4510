/**
 * Each once went wrong in the running operator, found by a hostile reader of its code; each name
 * says what must hold.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';
import type { Requirement } from '../../src/api/selector.ts';
import { hashOf } from '../../src/core/drift.ts';
import { aResourceServer, CONTENT, FOREIGN, POOL } from '../support/builders.ts';
import { refused } from './cluster.ts';
import { cognitoFails, isMutation } from './cognito.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const OTHER_POOL = 'eu-west-1_Other';
const TEAM: Requirement = { key: 'team', operator: 'In', values: ['x'] };
const VANDAL = { name: 'Vandal', scopes: [] };
const BAD = 'InternalErrorException';
const DENIED = 'AccessDeniedException';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) {
    await world.stop();
    expect(world.broken).toEqual([]);
  }
});

function aWorld(options: WorldOptions = {}): World {
  const world = createWorld(options);
  worlds.push(world);
  return world;
}

/** Its own identifier for each name. */
function named(name: string) {
  return aResourceServer().named(name).identifiedAs(idOf(name));
}

function idOf(name: string): string {
  return `https://${name}`;
}

function at(identifier: string, userPoolId = POOL) {
  return { userPoolId, identifier };
}

function contentOf(world: World, name: string): string | undefined {
  return world.cognito.get(at(idOf(name)))?.name;
}

function operations(world: World, since = 0): readonly string[] {
  return world.calls.filter(({ atMs }) => atMs >= since).map(({ operation }) => operation);
}

function mutations(world: World): readonly string[] {
  return world.calls.map(({ operation }) => operation).filter(isMutation);
}

/** @returns what heals */
function denyAllBut(world: World, allowed: readonly ListedOperation[]): () => void {
  world.roads.cognito = ({ operation }) =>
    allowed.includes(operation) ? undefined : { fate: cognitoFails(DENIED, operation) };
  return () => {
    world.roads.cognito = () => undefined;
  };
}

type ListedOperation = World['calls'][number]['operation'];

async function live(options: WorldOptions, ...names: readonly string[]): Promise<World> {
  const world = aWorld(options);
  for (const name of names) world.people.apply(named(name).labelled({ team: 'x' }));
  world.start();
  await world.advance(10 * SECOND);
  return world;
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
    expect(seen).toEqual(['False UserPoolNotFound']);
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
    expect(await readyOver(world, 'b', 5 * SECOND, 1)).toEqual(['-', 'False Drifted']);
  });
});

/** What Ready said in that time, each once. */
async function readyOver(world: World, name: string, ms: number, stepMs = SECOND) {
  const seen = new Set<string>();
  for (let passed = 0; passed < ms; passed += stepMs) {
    seen.add(world.people.ready(name));
    await world.advance(stepMs);
  }
  return [...seen].slice(name === 'o' ? -1 : 0);
}

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
    expect(new Set(operations(world, since))).toEqual(new Set(['List']));
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
