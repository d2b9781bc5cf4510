/** A thousand resources in the memory that the chart allows by default. */
import { expect } from 'vitest';
import { waitFor } from '../support/wait.ts';
import { memoryOf } from './control-group.ts';
import type { Installation } from './installation.ts';
import { testInstalled } from './installed-test.ts';

const MIB = 1024 * 1024;
const LIMIT_BYTES = 192 * MIB;
const SERVERS_PER_POOL = 100;
const POOLS = Array.from({ length: 10 }, (_, number) => `eu-west-1_Memory${number}0`);
const COUNT = SERVERS_PER_POOL * POOLS.length;
const AT_ONCE = 20;

/** Rates as fast as they go: nobody waits for a thousand creates at four a second. */
const test = testInstalled({
  cognito: { pools: POOLS, rates: 'off', serversPerPool: SERVERS_PER_POOL },
  values: {
    rateLimit: {
      share: 1,
      accountReadsPerSecond: 1000,
      accountWritesPerSecond: 1000,
      poolCallsPerSecond: 500,
    },
    controller: { resyncPeriod: '10s' },
  },
});

test('1,000 resources fit into 192 MiB', { timeout: 300_000 }, async ({
  installation,
  annotate,
}) => {
  const { cognito, resources } = installation;
  const numbers = Array.from({ length: COUNT }, (_, number) => number);
  const create = async (): Promise<void> => {
    for (let next = numbers.pop(); next !== undefined; next = numbers.pop()) {
      await createLarge(installation, next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, create));
  await resources.untilReady(COUNT, 180_000);
  const lists = () => cognito.counts()['ListResourceServers']?.['Success'] ?? 0;
  const before = lists();
  await waitFor('two more sweeps of all', () => lists() >= before + 4 * POOLS.length, {
    withinMs: 60_000,
  });

  const pods = await installation.pods();
  for (const { name, container } of pods) {
    const { peakBytes, residentBytes } = memoryOf(container.id);
    const [peak, resident] = [peakBytes, residentBytes].map((bytes) => (bytes / MIB).toFixed(0));
    await annotate(
      `${name}: at most ${peak} MiB with the page cache, ${resident} MiB of its own now`,
    );
    expect(peakBytes).toBeLessThanOrEqual(LIMIT_BYTES);
  }
  expect(pods.map(({ memoryLimit }) => memoryLimit)).toEqual(['192Mi', '192Mi']);
  expect(pods.map(({ container }) => [container.restarts, container.end])).toEqual([
    [0, undefined],
    [0, undefined],
  ]);
});

async function createLarge({ resources }: Installation, number: number): Promise<void> {
  const words = `number ${number} of a thousand that are described at some length`;
  const scopes = ['read', 'write', 'admin'].map((name) => ({ name, description: words }));
  await resources.create(`memory-${number}`, {
    userPoolId: POOLS[number % POOLS.length] ?? '',
    identifier: `https://memory-${number}.example.com`,
    name: `Memory ${number}`,
    scopes,
  });
}
