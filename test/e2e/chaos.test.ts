/**
 * Everything at once, by a seed: people edit, delete and re-create; the console interferes; the
 * network, Cognito, the API server and the operator itself fail again and again. Then all faults
 * end, and all is as the specs say; what was never ours was never touched.
 */
import { describe, expect } from 'vitest';
import type { FaultAction } from '../sandbox/cognito/fault-action.ts';
import type { CallRecord } from '../sandbox/cognito/log.ts';
import type { RequestMatch } from '../sandbox/kubernetes/edge/fault-rules.ts';
import { aResourceServer, FOREIGN } from '../support/builders.ts';
import type { House } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { conditionOf, type User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const test = testInOwnHouse({ flags: { resync: '2s', 'watch-idle': '2s' } });

const SEEDS = [1, 2, 3];
const NAMES = Array.from({ length: 12 }, (_, index) => `api-${index}`);
const STEPS = 60;
const PAUSE_MS = 100;

interface World {
  readonly house: House;
  readonly user: User;
  readonly pools: readonly Pool[];
  /** In [0, below). */
  readonly roll: (below: number) => number;
}

type Deed = (world: World) => Promise<void> | void;

const FAULTS: readonly FaultAction[] = [
  { kind: 'throttle' },
  { kind: 'resetBefore' },
  { kind: 'resetAfter' },
  { kind: 'late', ms: 700 },
  { kind: 'garbage' },
  { kind: 'hang', effect: 'applied' },
  { kind: 'html', status: 502, effect: 'applied' },
  { kind: 'error', name: 'InternalErrorException', message: 'oops', httpStatus: 500 },
];

/** Not the list: after some failures in a row its next try is half a minute away. */
const isWrite: RequestMatch = ({ verb, resource }) =>
  verb === 'patch' && resource === 'resourceservers';

const pick = <T>({ roll }: World, from: readonly T[]): T => from[roll(from.length)] as T;

/** Each name always has the same pool. */
const poolFor = ({ pools }: World, name: string): Pool =>
  pools[NAMES.indexOf(name) % pools.length] as Pool;

const DEEDS: readonly Deed[] = [
  (world) => write(world, pick(world, NAMES)),
  (world) => write(world, pick(world, NAMES)),
  (world) => write(world, pick(world, NAMES)),
  (world) => write(world, pick(world, NAMES)),
  (world) => world.user.removeIfThere(pick(world, NAMES)),
  (world) => {
    const name = pick(world, NAMES);
    const pool = poolFor(world, name);
    if (pool.server(name) !== undefined) pool.put({ ...FOREIGN, name: 'Drifted' }, name);
  },
  (world) => poolFor(world, pick(world, NAMES)).drop(pick(world, NAMES)),
  ({ house, roll }) => {
    const action = FAULTS[roll(FAULTS.length)] as FaultAction;
    house.cognito.faults.add({ action, times: 1 + roll(4) });
  },
  ({ house, roll }) => {
    const kind = (['resetBefore', 'resetAfter', 'hangAfter'] as const)[roll(3)] ?? 'resetAfter';
    house.kubernetes.faults.inject({ match: isWrite, times: 1 + roll(3), action: { kind } });
  },
  ({ house, roll }) => {
    const { faults } = house.kubernetes;
    [faults.cutWatches, faults.endWatches, faults.stallWatches][roll(3)]?.call(faults);
  },
  async ({ house, roll }) => {
    if (roll(3) > 0) return;
    await house.operators.at(-1)?.kill();
    await house.dropLease();
    house.start();
  },
];

async function write(world: World, name: string): Promise<void> {
  const stored = await world.user.find(name);
  if (stored?.metadata.deletionTimestamp !== undefined) return;
  const wish = `Wish ${world.roll(1_000)}`;
  if (stored !== undefined) return void (await world.user.editSpec({ name: wish }, name));
  const resource = aResourceServer().named(name).identifiedAs(name).calling(wish);
  await world.user.apply(resource.inPool(poolFor(world, name).id).adoptedBy('Always'));
}

async function isAsSpecified(world: World, name: string): Promise<void> {
  const { user } = world;
  const pool = poolFor(world, name);
  const stored = await user.find(name);
  if (stored === undefined) return;
  if (stored.metadata.deletionTimestamp !== undefined) return isGone(world, name);
  await user.untilReady(name);
  await waitFor(`${name} in Cognito`, () => pool.server(name)?.name === stored.spec['name']);
}

/** What somebody changed under a Create without an answer is not deleted: the user decides. */
async function isGone({ user }: World, name: string): Promise<void> {
  const isOver = async () => {
    const stored = await user.find(name);
    return stored === undefined || conditionOf(stored, 'Ready')?.reason === 'DeletionBlocked';
  };
  await waitFor(`${name} to be gone or blocked`, isOver);
  if ((await user.find(name)) !== undefined)
    await user.editSpec({ deletionPolicy: 'Retain' }, name);
  await user.untilGone(name);
}

describe.concurrent.each(SEEDS)('with seed %i', (seed) => {
  test('all faults in any order leave the world as the specs say', async ({ house, user }) => {
    const chance = createSeededChance(seed);
    const roll = (below: number) => Math.floor(chance.roll() * below);
    const world: World = { house, user, pools: [house.pool(), house.pool(), house.pool()], roll };
    for (const pool of world.pools) pool.put(FOREIGN, 'never-ours');
    for (let step = 0; step < STEPS; step += 1) {
      await pick(world, DEEDS)(world);
      await waitFor('the next deed', createTimer(PAUSE_MS));
    }
    house.cognito.faults.clear();
    house.kubernetes.faults.clear();
    house.kubernetes.faults.cutWatches();
    if (house.operators.at(-1)?.isRunning() !== true) house.start();
    for (const name of NAMES) await isAsSpecified(world, name);
    for (const pool of world.pools) {
      expect(pool.server('never-ours')).toMatchObject(FOREIGN);
      expect(pool.effects('never-ours')).toEqual([]);
      expect(house.cognito.log.maxPerSecond({ pool: pool.id, category: 'update' })).toBeLessThan(6);
    }
    expect(unprovokedThrottles(house)).toEqual([]);
  });
});

/** But what a dead operator left on its way may land in a second of the next one. */
function unprovokedThrottles({ cognito }: House): readonly CallRecord[] {
  const calls = cognito.log.calls();
  const late = calls.filter(({ fault }) => fault === 'late');
  const isCrowded = ({ pool, landedAt = 0 }: CallRecord) =>
    late.some((each) => each.pool === pool && Math.abs((each.landedAt ?? 0) - landedAt) < 1_000);
  return calls.filter(
    (call) => call.outcome === 'TooManyRequestsException' && !call.fault && !isCrowded(call),
  );
}

function createTimer(ms: number): () => boolean {
  const endsAt = performance.now() + ms;
  return () => performance.now() >= endsAt;
}
