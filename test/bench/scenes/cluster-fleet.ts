/** Ten thousand resources on a real API server: what they weigh. */
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterScene } from '../cluster-scene.ts';
import { openClusterStage } from '../cluster-stage.ts';
import type { Operator } from '../operator.ts';
import { poolId, range, specimen } from '../resources.ts';
import { median } from '../statistics.ts';

const POOLS = 400;
const SERVERS = 25;
const IDLE_SECONDS = 30;
const MIB_MAX = 150;

export const clusterFleet = clusterScene({
  name: 'fleet',
  bars: [
    {
      measure: 'real API server: 10,000 resources, swept once: median RSS of 30 idle seconds',
      bar: `<= ${MIB_MAX} MiB`,
    },
  ],
  play: async (conditions, binaries) => {
    await using stage = await openClusterStage(conditions, binaries);
    await stage.load(range(POOLS * SERVERS, (at) => specimen(`api-${at}`, poolOf(at))));
    const operator = stage.start();
    await operator.untilSaid('leading');
    await stage.untilListed(POOLS, 120_000);
    await sleep(2_000);
    const rssMiB = await idleRssMiB(operator);
    return [{ measured: `${rssMiB.toFixed(0)} MiB`, isMet: rssMiB <= MIB_MAX }];
  },
});

function poolOf(at: number): string {
  return poolId(Math.floor(at / SERVERS));
}

async function idleRssMiB(operator: Operator): Promise<number> {
  const samples: number[] = [];
  for (let second = 0; second < IDLE_SECONDS; second += 1) {
    await sleep(1_000);
    samples.push(operator.rssMiB());
  }
  return median(samples);
}
