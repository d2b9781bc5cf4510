/** Whom the rounds ask for, and what they tell of those that come late. */
import { describe, expect, test } from 'vitest';
import { sweptPool } from '../../src/keys.ts';
import { createSweeps } from '../../src/memory/sweeps.ts';
import { makeRounds } from '../../src/rounds.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const RESYNC_MS = 60_000;

/** Each pool is swept as soon as it is asked for; `missing` ones cannot be listed. */
async function roundsOf(pools: readonly string[], missing: readonly string[], forMs: number) {
  const clock = createFakeClock();
  const sweeps = createSweeps();
  for (const pool of pools) sweeps.open(pool);
  const failure = { kind: 'NotFound', name: '', message: '', requestId: undefined } as const;
  const asked: string[] = [];
  const told: unknown[] = [];
  let late = 0;
  const over = new AbortController();
  const tell = (_: string, fields?: object) => told.push(fields);
  const log = { debug: tell, info: tell, warn: tell, error: tell };
  const count = () => {
    late += 1;
  };
  const metrics = { count, observe: () => {}, set: () => {} };
  const add = (key: string): void => {
    const pool = sweptPool(key);
    if (pool === undefined) return;
    asked.push(pool);
    if (missing.includes(pool)) sweeps.failed(pool, { kind: 'PoolMissing', failure });
    else sweeps.complete(pool, clock.monotonicMs(), new Map());
  };
  const rounds = makeRounds(
    {
      ports: { clock, log, metrics },
      queue: { add },
      gate: { snapshot: () => [] },
      memory: { pools: () => pools, sweeps },
      pace: { resyncMs: RESYNC_MS, readsPerSecond: 10 },
    },
    new Map(),
    over.signal,
  );
  await clock.advance(forMs);
  over.abort();
  await clock.advance(RESYNC_MS);
  await rounds;
  return { asked, told, late };
}

describe('the rounds of the sweeps', () => {
  test('ask for each pool once in a resync', async () => {
    const { asked, told } = await roundsOf(['a', 'b'].map(poolOf), [], 10 * RESYNC_MS);
    expect(new Set(asked)).toEqual(new Set(['a', 'b'].map(poolOf)));
    expect(asked.length).toBeGreaterThanOrEqual(18);
    expect(asked.length).toBeLessThanOrEqual(24);
    expect(told).toEqual([]);
  });

  test('do not call the others late because one pool is missing', async () => {
    const [living = '', missing = ''] = ['a', 'b'].map(poolOf);
    const { asked, told, late } = await roundsOf([living, missing], [missing], 10 * RESYNC_MS);
    expect(asked.filter((pool) => pool === living).length).toBeGreaterThanOrEqual(9);
    expect({ told, late }).toEqual({ told: [], late: 0 });
  });

  test('count each late sweep, and tell of one in a resync', async () => {
    const many = Array.from({ length: 600 }, (_, at) => poolOf(`p${at}`));
    const { told, late } = await roundsOf(many, [], 10 * RESYNC_MS);
    expect(late).toBeGreaterThan(1_000);
    expect(told.length).toBeGreaterThan(3);
    expect(told.length).toBeLessThanOrEqual(10);
    expect(told[0]).toMatchObject({ userPoolId: expect.stringContaining('eu-west-1_') });
  });
});

function poolOf(name: string): string {
  return `eu-west-1_${name}`;
}
