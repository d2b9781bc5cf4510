/** From an apply to `Ready=True` on a real API server, and what was asked of it for that. */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../support/wait.ts';
import type { Audited } from '../audit.ts';
import { clusterScene } from '../cluster-scene.ts';
import { openClusterStage } from '../cluster-stage.ts';
import type { Called } from '../cognito-server.ts';
import { poolId, range, type Specimen, specimen } from '../resources.ts';
import { percentile } from '../statistics.ts';

const APPLIES = 200;
/** Slower than the account's window: nothing waits for a place. */
const EVERY_MS = 150;
const WRITES = 3;

export const clusterLatency = clusterScene({
  name: 'latency',
  bars: [
    {
      measure: 'real API server: apply to Ready=True, 200 times, less Cognito: p50; p99',
      bar: '<= 40 ms; <= 120 ms',
    },
    { measure: 'real API server: requests for one create, Events aside', bar: '3' },
  ],
  play: async (conditions, binaries) => {
    await using stage = await openClusterStage(conditions, binaries);
    await stage.load(range(APPLIES, (index) => specimen(`known-${index}`, poolId(index))));
    await stage.start().untilSaid('leading');
    await stage.untilListed(APPLIES);
    await stage.cognito.call('trace');
    const all = range(APPLIES, (index) => specimen(`api-${index}`, poolId(index)));
    for (const one of all) {
      await stage.apply(one);
      await sleep(EVERY_MS);
    }
    const asked = await waitFor('all to be written', () => {
      const requests = Map.groupBy(stage.audit.read().filter(isAboutOne), ({ name }) => name);
      const isDone = all.every(({ name }) => (requests.get(name)?.length ?? 0) > WRITES);
      return isDone && requests;
    });
    const calls = await stage.cognito.call('trace');
    const tookMs = all.map((one) => tookFor(one, asked.get(one.name) ?? [], calls));
    const counts = all.map(({ name }) => (asked.get(name) ?? []).filter(isOperators).length);
    const [p50, p99] = [percentile(tookMs, 50), percentile(tookMs, 99)];
    return [
      {
        measured: `${p50.toFixed(1)} ms; ${p99.toFixed(1)} ms`,
        isMet: p50 <= 40 && p99 <= 120,
      },
      {
        measured: [...new Set(counts)].join(' or '),
        isMet: counts.every((count) => count === WRITES),
      },
    ];
  },
});

function isAboutOne({ resource }: Audited): boolean {
  return resource.startsWith('resourceservers');
}

function isOperators({ isOperators: isTheirs }: Audited): boolean {
  return isTheirs;
}

function tookFor(one: Specimen, asked: readonly Audited[], calls: readonly Called[]): number {
  const beganMs = Math.min(...asked.map(({ arrivedMs }) => arrivedMs));
  const endedMs = Math.max(...asked.map(({ answeredMs }) => answeredMs));
  const cognitoMs = calls
    .filter(({ identifier }) => identifier === one.identifier)
    .map(({ arrivedMs, answeredMs }) => answeredMs - arrivedMs)
    .reduce((sum, each) => sum + each, 0);
  return endedMs - beganMs - cognitoMs;
}
