/** What one leader knows and has sent, and the next one must find out or leave room for. */
import { describe, expect, test } from 'vitest';
import { POOL } from '../support/builders.ts';
import { STRICT_RATES } from './cognito.ts';
import { aWorld, idOf, MINUTE, named, SECOND } from './regression-stage.ts';

describe('a new leader', () => {
  test('decides on nothing that its watch told while it stood by', async () => {
    const world = aWorld();
    world.start();
    await world.advance(SECOND);
    world.roads.watch = () => ({ silentAfterMs: 10 * SECOND });
    world.start();
    world.people.apply(named('observer').identifiedAs(idOf('a')).observing());
    await world.advance(20 * SECOND);
    world.people.apply(named('a'));
    await world.advance(5 * SECOND);
    world.people.edit('observer', { managementPolicy: 'Enforce' });
    await world.advance(5 * SECOND);
    world.roads.kubernetes = ({ verb }) => (verb === 'list' ? { backMs: 8 * SECOND } : undefined);
    world.kill();
    await world.advance(30 * SECOND);
    expect(world.replicas).toHaveLength(1);
    expect(world.people.ready('a')).toBe('True Synced');
    expect(world.people.ready('observer')).toBe('False IdentityTaken');
  });

  test('begins when the last one has ended what was under way', async () => {
    const world = aWorld();
    world.start();
    world.start();
    await world.advance(5 * SECOND);
    world.roads.cognito = ({ operation }) =>
      operation === 'Create' ? { backMs: 3 * SECOND } : undefined;
    world.people.apply(named('a'));
    await world.advance(SECOND);
    world.replicas[0]?.stop();
    await world.advance(SECOND);
    expect(world.lease.record?.holder).toBe('instance-1');
    await world.advance(3 * SECOND);
    expect(world.lease.record?.holder).toBe('instance-2');
    expect(world.people.ready('a')).toBe('True Synced');
  });

  test('leaves room for what its predecessor sent within the last second', async () => {
    const world = aWorld({ rates: STRICT_RATES, serversPerPool: 300 });
    world.start();
    world.start();
    await world.advance(10 * SECOND);
    for (let at = 0; at < 60; at += 1) world.people.apply(named(`n${at}`));
    await world.advance(3 * SECOND);
    world.replicas[0]?.stop();
    await world.advance(5 * MINUTE);
    expect(world.cognito.servers(POOL)).toHaveLength(60);
    expect(world.cognito.throttled).toBe(0);
  });
});

test('a pool that others use, too, is asked less often when it throttles', async () => {
  const rates = { ...STRICT_RATES, perPool: 1 };
  const world = aWorld({ rates, serversPerPool: 300 });
  world.start();
  await world.advance(10 * SECOND);
  for (let at = 0; at < 60; at += 1) world.people.apply(named(`n${at}`));
  await world.advance(10 * MINUTE);
  expect(world.cognito.servers(POOL)).toHaveLength(60);
  expect(world.cognito.throttled).toBeLessThan(60);
});
