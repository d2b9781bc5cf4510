/**
 * A leader that stands still for longer than its lease, while people change their minds and
 * another leader obeys them, and that then goes on as if nothing had happened.
 */
import { expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { aResourceServer } from '../support/builders.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { waitFor } from '../support/wait.ts';
import { ofWallMs } from './moments.ts';
import { openStage } from './stage.ts';
import { STRIKES } from './strike.ts';

const NAMES = Array.from({ length: 12 }, (_, index) => `api-${index}`);

describeOnCluster('a leader that stood still longer than its lease', (admin) => {
  test('signs nothing more, and changes nothing that the next one did', async () => {
    await using stage = await openStage({ admin, launch });
    const { user } = stage;
    const pools = NAMES.map(() => stage.pool());
    for (const [index, name] of NAMES.entries()) {
      const pool = pools[index]?.id ?? '';
      await user.apply(aResourceServer().named(name).inPool(pool).identifiedAs(name));
    }
    const leader = await stage.untilLed();
    await waitFor('the midst of it', () => leader.mutations().length >= NAMES.length / 3);
    const striking = STRIKES.pause(stage, leader);
    for (const name of NAMES) await user.editSpec({ name: 'Another wish' }, name);
    const { signedLate, exit } = await striking;
    expect({ signedLate, exit }).toEqual({ signedLate: 0, exit: 1 });
    expect(leader.said('leadership is lost')).toHaveLength(1);
    for (const name of NAMES) await user.untilReady(name);
    for (const [index, name] of NAMES.entries()) {
      expect(pools[index]?.server(name)).toMatchObject({ name: 'Another wish' });
      expect(pools[index]?.effects(name).filter((each) => each === 'Create')).toHaveLength(1);
    }
    const [next] = stage.replicas.filter((each) => each !== leader);
    const lastSigned = Math.max(...leader.calls().map(({ signedAt = 0 }) => ofWallMs(signedAt)));
    expect(lastSigned).toBeLessThan(next?.ledAtMs ?? 0);
  });
});
