/**
 * Resources by the dozen, in several pools, and what people wish of each of them: once a round
 * all get a wish, and every wish takes one mutation at Cognito, no more and no less.
 *
 * In each pool there is a server of somebody else, and a resource that names it and may not have
 * it.
 */
import type { CallRecord } from '../sandbox/cognito/log.ts';
import { isMutation } from '../sandbox/cognito/log.ts';
import { aResourceServer, FOREIGN } from '../support/builders.ts';
import type { Pool } from '../support/pool.ts';
import { conditionOf, type StoredResource } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';
import type { Stage } from './stage.ts';

export interface Wish {
  readonly name: string;
  readonly pool: Pool;
  readonly operation: 'Create' | 'Update' | 'Delete';
  /** What its server is to be called. */
  readonly title: string;
}

export interface Herd {
  /** One for each resource; people do it all at once. */
  wish(roll: () => number): Promise<readonly Wish[]>;
  /** Waits until all have come true, and gives those that never did. */
  untilFulfilled(wishes: readonly Wish[]): Promise<readonly Wish[]>;
  /** Calls that would change what is somebody else's, and what of it was changed. */
  thefts(): number;
}

export interface HerdSize {
  readonly pools: number;
  readonly perPool: number;
}

/** Takes the account's writes more than two seconds, and none of the pools a queue. */
export const HERD: HerdSize = { pools: 10, perPool: 3 };

const THEIRS = 'theirs';
/** Of the wishes for what exists. */
const DELETIONS = 0.25;
const FULFILLED_WITHIN_MS = 60_000;

export async function gatherHerd(stage: Stage, size: HerdSize): Promise<Herd> {
  const { user, cognito } = stage;
  const pools = Array.from({ length: size.pools }, () => stage.pool());
  const members = pools.flatMap((pool) =>
    Array.from({ length: size.perPool }, (_, index) => ({
      name: `${pool.id.replace(/.*_/, '').toLowerCase()}-${index}`,
      pool,
    })),
  );
  for (const pool of pools) pool.put(FOREIGN, THEIRS);
  await Promise.all(pools.map((pool, index) => covet(stage, pool, `greedy-${index}`)));
  const living = new Set<string>();
  const count = { rounds: 0 };
  return {
    async wish(roll) {
      count.rounds += 1;
      const wishes = members.map((member): Wish => {
        const isLiving = living.has(member.name);
        const operation = isLiving ? (roll() < DELETIONS ? 'Delete' : 'Update') : 'Create';
        return { ...member, operation, title: `Round ${count.rounds}` };
      });
      for (const { name, operation } of wishes)
        if (operation === 'Delete') living.delete(name);
        else living.add(name);
      await Promise.all(wishes.map((wish) => make(stage, wish)));
      return wishes;
    },
    untilFulfilled: async (wishes) => {
      const open = async () => {
        const stored = new Map((await user.all()).map((each) => [each.metadata.name, each]));
        return wishes.filter((wish) => !isFulfilled(wish, stored.get(wish.name)));
      };
      const deadline = performance.now() + FULFILLED_WITHIN_MS;
      return waitFor(
        'the wishes',
        async () => {
          const left = await open();
          return left.length === 0 || performance.now() > deadline ? left : undefined;
        },
        { withinMs: 2 * FULFILLED_WITHIN_MS },
      );
    },
    thefts: () =>
      cognito.log.calls().filter((call) => isMutation(call) && call.identifier === THEIRS).length +
      pools.filter((pool) => pool.server(THEIRS)?.name !== FOREIGN.name).length,
  };
}

async function covet({ user }: Stage, pool: Pool, name: string): Promise<void> {
  await user.apply(aResourceServer().named(name).inPool(pool.id).identifiedAs(THEIRS));
  await user.untilReason('AlreadyExists', name);
}

async function make({ user }: Stage, { name, pool, operation, title }: Wish): Promise<void> {
  switch (operation) {
    case 'Create': {
      const resource = aResourceServer().named(name).inPool(pool.id).identifiedAs(name);
      await user.apply(resource.calling(title));
      return;
    }
    case 'Update':
      await user.editSpec({ name: title }, name);
      return;
    case 'Delete':
      await user.remove(name);
  }
}

function isFulfilled(
  { name, pool, operation, title }: Wish,
  stored: StoredResource | undefined,
): boolean {
  const server = pool.server(name);
  if (operation === 'Delete') return stored === undefined && server === undefined;
  const ready = conditionOf(stored, 'Ready');
  const isTold = ready?.status === 'True';
  const isPresent = ready?.observedGeneration === stored?.metadata.generation;
  return server?.name === title && isTold && isPresent;
}

/** Requests for one wish that came within the rates, whatever became of them. */
export function requestsFor(wish: Wish, calls: readonly CallRecord[]): readonly CallRecord[] {
  const { name, pool } = wish;
  return calls.filter(
    (call) =>
      isMutation(call) && call.pool === pool.id && call.identifier === name && call.admitted,
  );
}
