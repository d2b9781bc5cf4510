/** Many pools at once: none is at its own limit, and the account's window is. */
import { poolId, range, specimen } from '../resources.ts';
import type { Scene } from '../row.ts';
import { openStage } from '../stage.ts';
import { createdMoments, throughputOf, throughputText } from '../throughput.ts';

const POOLS = 20;
const SERVERS = 25;
/** Of the account: 15 writes a second, and the share of them that is ours. */
const N = 12;

export const crowdedAccount: Scene = {
  name: 'crowded-account',
  play: async (conditions) => {
    await using stage = await openStage(conditions);
    const { kubernetes, cognito } = stage;
    const pools = range(POOLS, poolId);
    await cognito.call('addPools', pools, SERVERS);
    await stage.start().untilSaid('leading');
    for (const [at, pool] of pools.entries()) {
      for (const one of range(SERVERS, (index) => specimen(`api-${at}-${index}`, pool))) {
        await kubernetes.call('apply', one);
      }
    }
    await stage.untilCreated(POOLS * SERVERS);
    const calls = await cognito.call('trace');
    const throughput = throughputOf(createdMoments(calls, await kubernetes.call('trace')), N);
    const throttles = await cognito.call('throttled');
    return [
      {
        measure: '20 pools x 25 creates: of what the account allows; throttles',
        bar: '>= 97 %; 0',
        measured: `${throughputText(throughput)}; ${throttles}`,
        isMet: throughput.ratio >= 0.97 && throttles === 0,
      },
    ];
  },
};
