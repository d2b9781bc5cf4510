/** How soon a new process watches. */

import { waitFor } from '../../support/wait.ts';
import type { Scene } from '../row.ts';
import { openStage, type Stage } from '../stage.ts';
import { median } from '../statistics.ts';

const STARTS = 5;

export const startUp: Scene = {
  name: 'start-up',
  play: async (conditions) => {
    await using stage = await openStage(conditions);
    const tookMs: number[] = [];
    for (let start = 0; start < STARTS; start += 1) tookMs.push(await watchingAfterMs(stage));
    const worst = Math.max(...tookMs);
    return [
      {
        measure: 'start of the operator to its watch being open: the worst of 5',
        bar: '<= 1 s',
        measured: `${Math.round(worst)} ms (median ${Math.round(median(tookMs))} ms)`,
        isMet: worst <= 1_000,
      },
    ];
  },
};

async function watchingAfterMs({ start, kubernetes }: Stage): Promise<number> {
  await kubernetes.call('trace');
  const operator = start();
  await operator.untilSaid('started');
  const asked = await waitFor('the watch', async () =>
    (await kubernetes.call('trace')).find(
      ({ verb, resource }) => verb === 'watch' && resource === 'resourceservers',
    ),
  );
  await operator.stop();
  return asked.appliedMs - operator.startedAtMs;
}
