/**
 * F57, through the whole operator: one tenant creates and deletes resources without end, and
 * another's edit is served meanwhile. In a pool of its own it does not notice; in the same pool it
 * waits for those who were there before it, which are as many as a pool's highest quota allows.
 */
import { expect, test } from 'vitest';
import { isMutation, STRICT_RATES } from '../simulation/cognito.ts';
import { createWorld, type World } from '../simulation/world.ts';
import { aResourceServer, POOL } from '../support/builders.ts';

const OTHER_POOL = 'eu-west-1_Other';
/** The highest quota of a pool that Cognito grants. */
const CROWD = 300;
const TICK_MS = 250;
const CHURN_A_TICK = 5;
const CHURN_MS = 30_000;
/** Created, Throttled, Deleted or Retained: each once in a life. */
const EVENTS_MAX = 3;

class Crowd {
  readonly #world: World;
  #made = 0;

  constructor(world: World) {
    this.#world = world;
    for (let each = 0; each < CROWD; each += 1) this.#make();
  }

  #make(): void {
    const name = `churn-${this.#made}`;
    const resource = aResourceServer().named(name).inNamespace('team-a');
    this.#world.people.apply(resource.identifiedAs(`https://${name}`));
    this.#made += 1;
  }

  /** The oldest go, and as many come. */
  churn(): void {
    for (let each = 0; each < CHURN_A_TICK; each += 1) {
      this.#world.people.remove(`team-a/churn-${this.#made - CROWD}`);
      this.#make();
    }
  }

  leave(): void {
    for (let each = this.#made - CROWD; each < this.#made; each += 1)
      this.#world.people.remove(`team-a/churn-${each}`);
  }
}

/** While the crowd goes on; how long the edit took, and how many mutations were before it. */
async function serve(world: World, crowd: Crowd, pool: string) {
  const sinceMs = world.clock.nowMs;
  world.people.edit('team-b/one', { name: 'Edited' });
  while (world.clock.nowMs - sinceMs < CHURN_MS) {
    crowd.churn();
    await world.advance(TICK_MS);
  }
  const later = world.calls.filter(
    ({ atMs, operation }) => atMs >= sinceMs && isMutation(operation),
  );
  const before = later.findIndex((each) => each.pool === pool && each.desired?.name === 'Edited');
  expect(world.people.ready('team-b/one')).toBe('True Synced');
  return { ms: (later[before]?.atMs ?? Number.NaN) - sinceMs, before };
}

test.each([
  { where: 'another pool', pool: OTHER_POOL, msMax: 1_000, beforeMax: 12 },
  { where: 'the same pool', pool: POOL, msMax: 20_000, beforeMax: 80 },
])(
  'an edit in $where is served in $msMax ms, behind $beforeMax mutations of a crowd',
  async ({ pool, msMax, beforeMax }) => {
    const world = createWorld({
      pools: [POOL, OTHER_POOL],
      rates: STRICT_RATES,
      serversPerPool: CROWD,
      seed: 1,
    });
    const one = aResourceServer().named('one').inNamespace('team-b').inPool(pool);
    world.people.apply(one.identifiedAs('https://one'));
    world.start();
    await world.advance(20_000);
    const crowd = new Crowd(world);
    await world.advance(5_000);
    const { ms, before } = await serve(world, crowd, pool);
    expect(ms).toBeLessThanOrEqual(msMax);
    expect(before).toBeLessThanOrEqual(beforeMax);
    crowd.leave();
    await world.advance(120_000);
    expect(world.objects.all().map(({ metadata }) => metadata.name)).toEqual(['one']);
    expect([...world.cognito.servers(POOL), ...world.cognito.servers(OTHER_POOL)]).toHaveLength(1);
    expect(eventsOfOne(world)).toBeLessThanOrEqual(EVENTS_MAX);
    expect([world.broken, world.cognito.throttled]).toEqual([[], 0]);
    await world.stop();
  },
);

/** The most that was ever told of one object of the crowd. */
function eventsOfOne({ events }: World): number {
  const counts = Map.groupBy(events, ({ uid }) => uid);
  return Math.max(...[...counts.values()].map((each) => each.length));
}
