/** The soak itself, in seconds: what it counts, it counts right. Half an hour: `npm run soak`. */
import { expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { SMOKE } from './plan.ts';
import { rowsOf } from './rows.ts';
import { soak } from './run.ts';

/** Too short for a slope, and beside other tests nothing is quick. */
const UNJUDGED = /slope|p99|SIGKILL/;

describeOnCluster('a short soak', (admin) => {
  test('loses, doubles and steals nothing, and leaves nothing over', async () => {
    const diary = await soak(SMOKE, { admin, launch, nodeOptions: '', say: () => {} });
    await using _ = diary.stage;
    const { wishes, crews, handOver } = diary;
    expect(new Set(wishes.map(({ kind }) => kind)).size).toBe(4);
    expect(crews.struck.kills.length).toBeGreaterThan(0);
    expect(handOver.exit).toBe(0);
    const judged = rowsOf(diary).filter(({ measure }) => !UNJUDGED.test(measure));
    expect(judged.filter(({ isMet }) => isMet !== true)).toEqual([]);
  });
});
