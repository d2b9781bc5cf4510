/**
 * What people do, and how one sees that it is done. Calls count from the first step on: what a
 * scenario is given is a scenario of its own, or a part of one.
 */
import { aResourceServer, CONTENT, FOREIGN } from '../support/builders.ts';
import type { Flags } from '../support/launch.ts';
import { waitFor } from '../support/wait.ts';
import { patiently } from './patience.ts';
import { HASTY, type World } from './world.ts';

export interface Step {
  readonly act: (world: World) => Promise<unknown>;
  readonly until: (world: World) => Promise<unknown>;
}

export interface Scenario {
  readonly name: string;
  readonly because: string;
  readonly given: (world: World) => Promise<unknown>;
  readonly steps: readonly Step[];
  /**
   * The life whose calls are the points, counted from the one that leads at the first step: 0
   * unless that one dies by the scenario itself.
   */
  readonly victim: number;
  readonly flags?: Flags;
  /** Whether resources of the neighbour take part. */
  readonly isAcross?: boolean;
}

const NEXT = { name: 'Weather API 2' };
const ELDER = 'elder';
const YOUNGER = 'younger';

const resource = (world: World) => aResourceServer().inPool(world.pool.id);

async function started(world: World): Promise<void> {
  const life = await world.start();
  await patiently(() => life.operator.untilLeading());
}

async function ready(world: World): Promise<void> {
  await started(world);
  await world.user.apply(resource(world));
  await isReady(world);
}

const isReady = (world: World, name?: string) =>
  patiently(() => world.user.untilReady(name), world.isStanding);
const isGone = (world: World, name?: string) =>
  patiently(() => world.user.untilGone(name), world.isStanding);

const edit: Step = { act: ({ user }) => user.editSpec(NEXT), until: (world) => isReady(world) };
const revert: Step = {
  act: ({ user }) => user.editSpec({ name: CONTENT.name }),
  until: (world) => isReady(world),
};
const remove: Step = { act: ({ user }) => user.remove(), until: (world) => isGone(world) };
/** People see that it is gone before they make another of its name. */
const replace: Step = {
  async act(world) {
    await isGone(world);
    await world.user.apply(resource(world));
  },
  until: (world) => isReady(world),
};
const apply: Step = {
  act: (world) => world.user.apply(resource(world)),
  until: (world) => isReady(world),
};

export const CRASHING: readonly Scenario[] = [
  {
    name: 'create',
    because: 'from the first call of a process to the last of a creation',
    given: async () => {},
    steps: [
      {
        act: async (world) => {
          await world.user.apply(resource(world));
          await world.start();
        },
        until: (world) => isReady(world),
      },
    ],
    victim: 0,
  },
  { name: 'update', because: 'a spec was edited', given: ready, steps: [edit], victim: 0 },
  { name: 'delete', because: 'a resource was deleted', given: ready, steps: [remove], victim: 0 },
  {
    name: 'adopt',
    because: "what is somebody else's becomes ours, and what the spec says",
    async given(world) {
      world.pool.put(FOREIGN);
      await started(world);
    },
    steps: [
      {
        act: (world) => world.user.apply(resource(world).adoptedBy('Always')),
        until: (world) => isReady(world),
      },
    ],
    victim: 0,
  },
  {
    name: 'takeover',
    because: 'two resources name one identity, and the holder leaves',
    async given(world) {
      const { user } = world;
      await started(world);
      await user.apply(resource(world).named(ELDER));
      await isReady(world, ELDER);
      await user.untilOlder(ELDER);
      await user.apply(resource(world).named(YOUNGER).calling('The Younger'));
      await patiently(() => user.untilReason('IdentityTaken', YOUNGER));
    },
    steps: [
      {
        act: ({ user }) => user.remove(ELDER),
        async until(world) {
          await isGone(world, ELDER);
          await isReady(world, YOUNGER);
        },
      },
    ],
    victim: 0,
  },
  {
    name: 'across',
    because: 'a holder is deleted, and one in another namespace creates what it has waited for',
    async given(world) {
      const { user, neighbour } = world;
      await started(world);
      await user.apply(resource(world).named(ELDER));
      await isReady(world, ELDER);
      await user.untilOlder(ELDER);
      await neighbour.apply(resource(world).named(YOUNGER).calling('The Younger'));
      await patiently(() => neighbour.untilReason('IdentityTaken', YOUNGER));
    },
    steps: [
      {
        act: ({ user }) => user.remove(ELDER),
        async until(world) {
          await isGone(world, ELDER);
          await patiently(() => world.neighbour.untilReady(YOUNGER), world.isStanding);
        },
      },
    ],
    victim: 0,
    isAcross: true,
  },
  {
    name: 'failover',
    because: 'a standby takes over from a leader that dies at any of its calls',
    async given(world) {
      await ready(world);
      await standingBy(world);
    },
    steps: [edit],
    victim: 0,
    flags: HASTY,
  },
  {
    name: 'succession',
    because: 'the leader is dead, and so is its successor at any of its calls',
    async given(world) {
      await ready(world);
      await standingBy(world);
    },
    steps: [
      {
        async act(world) {
          await world.leader()?.kill();
          await world.user.editSpec(NEXT);
        },
        until: (world) => isReady(world),
      },
    ],
    victim: 1,
    flags: HASTY,
  },
];

/** One step undoes the other: who did not hear of the first may spare it. */
export const CANCELLING: readonly Scenario[] = [
  { name: 'revert', because: 'edited and back', given: ready, steps: [edit, revert], victim: 0 },
  { name: 'recreate', because: 'another uid', given: ready, steps: [remove, replace], victim: 0 },
  { name: 'flicker', because: 'come and gone', given: started, steps: [apply, remove], victim: 0 },
];

export const SCENARIOS: readonly Scenario[] = [...CRASHING, ...CANCELLING];

async function standingBy(world: World): Promise<void> {
  const standby = await world.start();
  const { probesPort } = await patiently(() => standby.operator.untilSaid('started'));
  const url = `http://127.0.0.1:${String(probesPort)}/readyz`;
  await patiently(() => waitFor('a standby to be ready', async () => (await fetch(url)).ok));
}
