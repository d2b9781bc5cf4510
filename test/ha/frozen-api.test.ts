/** The API server stands still for longer than the lease: nobody leads, until it goes on. */
import { expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import type { Flags } from '../support/launch.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { waitFor } from '../support/wait.ts';
import { gatherHerd, HERD } from './herd.ts';
import { nowMs, ofLine } from './moments.ts';
import { NOTHING_AMISS, playRound } from './round.ts';
import { openStage } from './stage.ts';
import { failover, type Strike } from './strike.ts';

/** The leader gives up long before another one may lead: a busy machine is late by seconds. */
const LEASE_MS = 20_000;
const FLAGS: Flags = { 'lease-duration': '20s', 'renew-deadline': '6s' };

/** Until its leader has ended, and for two leases. */
function freeze(plane: ControlPlane): Strike {
  return async (stage, leader) => {
    const frozenAtMs = nowMs();
    await plane.freeze();
    try {
      expect(await leader.exited).toBe(1);
      const [lost] = leader.said('leadership is lost');
      expect(ofLine(lost) - frozenAtMs).toBeLessThan(LEASE_MS);
      const until = frozenAtMs + 2 * LEASE_MS;
      await waitFor('two leases to pass', () => nowMs() > until);
      expect(stage.replicas.filter((each) => each.isLeading())).toEqual([]);
      const late = stage.cognito.log.calls().filter(({ at }) => at > frozenAtMs + LEASE_MS);
      expect(late).toEqual([]);
    } finally {
      plane.thaw();
    }
    return failover(stage, leader, nowMs());
  };
}

describeOnCluster('an API server that stood still longer than the lease', () => {
  test('is served again a lease after it goes on', async () => {
    const plane = await startControlPlane();
    try {
      await using stage = await openStage({
        admin: plane,
        launch,
        flags: FLAGS,
        areReplaced: true,
      });
      const herd = await gatherHerd(stage, HERD);
      const { roll } = createSeededChance(2);
      const outcome = await playRound(stage, herd, { strike: freeze(plane), roll });
      expect(outcome).toMatchObject(NOTHING_AMISS);
      // Once, and not a second time: the rest is what a busy machine takes.
      expect(outcome.failover.toFirstMutationMs).toBeLessThan(2 * LEASE_MS);
    } finally {
      await plane.stop();
    }
  });
});
