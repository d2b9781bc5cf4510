/** Rounds of blows under load: nothing is doubled, lost or stolen. Many more: `npm run ha`. */
import { expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { gatherHerd, HERD } from './herd.ts';
import { NOTHING_AMISS, playRound } from './round.ts';
import { openStage } from './stage.ts';
import { STRIKES, type StrikeName } from './strike.ts';

const ROUNDS: readonly StrikeName[] = ['kill', 'stop', 'pause', 'stop', 'kill'];

describeOnCluster('rounds of blows under load', (admin) => {
  test('double, lose and steal nothing', async () => {
    await using stage = await openStage({ admin, launch, replicas: 3, areReplaced: true });
    const herd = await gatherHerd(stage, HERD);
    const { roll } = createSeededChance(1);
    for (const name of ROUNDS) {
      const outcome = await playRound(stage, herd, { strike: STRIKES[name], roll });
      expect(outcome).toMatchObject(NOTHING_AMISS);
    }
  });
});
