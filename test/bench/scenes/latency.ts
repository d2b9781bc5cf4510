/** From an apply to `Ready=True`, one at a time, where nothing is to be waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Called } from '../cognito-server.ts';
import type { Asked } from '../kubernetes-server.ts';
import { poolId, range, type Specimen, specimen } from '../resources.ts';
import type { Scene } from '../row.ts';
import { openStage, type Stage } from '../stage.ts';
import { percentile } from '../statistics.ts';

const APPLIES = 200;
/** Slower than the account's window: nothing waits for a place. */
const EVERY_MS = 90;

export const latency: Scene = {
  name: 'latency',
  play: async (conditions) => {
    await using stage = await openStage(conditions);
    await stage.load(range(APPLIES, (index) => specimen(`known-${index}`, poolId(index))));
    await stage.start().untilSaid('leading');
    await stage.untilListed(APPLIES);
    await sleep(1_000);
    await stage.cognito.call('trace');
    const tookMs: number[] = [];
    for (const one of range(APPLIES, (index) => specimen(`api-${index}`, poolId(index)))) {
      tookMs.push(await applied(stage, one));
      await sleep(EVERY_MS);
    }
    const [p50, p99] = [percentile(tookMs, 50), percentile(tookMs, 99)];
    return [
      {
        measure: 'apply to Ready=True, 200 times, less the servers: p50; p99',
        bar: '<= 20 ms; <= 60 ms',
        measured: `${p50.toFixed(1)} ms; ${p99.toFixed(1)} ms`,
        isMet: p50 <= 20 && p99 <= 60,
      },
    ];
  },
};

async function applied({ kubernetes, cognito }: Stage, one: Specimen): Promise<number> {
  await kubernetes.call('trace');
  const ready = kubernetes.call('untilReady', one.name);
  await kubernetes.call('apply', one);
  await ready;
  const asked = (await kubernetes.call('trace')).filter(
    ({ name, resource }) => name === one.name && resource !== 'events',
  );
  const calls = (await cognito.call('trace')).filter(({ pool }) => pool === one.userPoolId);
  const beganMs = Math.min(...asked.map(({ arrivedMs }) => arrivedMs));
  const endedMs = Math.max(...asked.map(({ appliedMs }) => appliedMs));
  return endedMs - beganMs - spentByServersMs(asked, calls);
}

function spentByServersMs(asked: readonly Asked[], calls: readonly Called[]): number {
  const kubernetesMs = asked.map(({ arrivedMs, appliedMs }) => appliedMs - arrivedMs);
  const cognitoMs = calls.map(({ arrivedMs, answeredMs }) => answeredMs - arrivedMs);
  return [...kubernetesMs, ...cognitoMs].reduce((sum, each) => sum + each, 0);
}
