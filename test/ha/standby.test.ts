/** A standby is ready and knows all there is; it writes nothing and asks Cognito nothing. */
import { expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { waitFor } from '../support/wait.ts';
import { gatherHerd } from './herd.ts';
import { DEFAULT_LEASE, openStage } from './stage.ts';

const SIZE = { pools: 4, perPool: 3 };
/** With the greedy one of each pool. */
const RESOURCES = 16;

describeOnCluster('two standbys', (admin) => {
  test('are ready, know all resources, and call nobody', async () => {
    await using stage = await openStage({ admin, launch, flags: DEFAULT_LEASE, replicas: 3 });
    const herd = await gatherHerd(stage, SIZE);
    const wishes = await herd.wish(() => 0.5);
    expect(await herd.untilFulfilled(wishes)).toEqual([]);
    const [leader, ...standbys] = stage.replicas;
    for (const standby of standbys) {
      const known = async () => stage.metric(standby, 'cognito_operator_resources');
      await waitFor('a warm standby', async () => (await known()) === RESOURCES);
      await stage.untilReady(standby);
      expect(standby.said('leading')).toEqual([]);
      expect(standby.calls()).toEqual([]);
      expect(standby.said('reconciled')).toEqual([]);
    }
    expect(leader?.calls().length).toBeGreaterThan(0);
    expect(stage.cognito.counts()['GetCallerIdentity']).toEqual({ Success: 1 });
  });

  test('take over one after the other, each at once', async () => {
    await using stage = await openStage({ admin, launch, flags: DEFAULT_LEASE, replicas: 3 });
    for (const { name } of [{ name: 'first' }, { name: 'second' }]) {
      const leader = await stage.untilLed();
      expect(await leader.stop(), name).toBe(0);
      const next = await stage.untilLed(leader);
      expect(await stage.leaseHolder()).not.toBe('');
      expect(next.ledAtMs).toBeGreaterThan(leader.ledAtMs);
    }
  });
});
