/** The API server stands still for longer than the lease: nobody leads, until it goes on. */
import { expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { waitFor } from '../support/wait.ts';
import { gatherHerd, HERD } from './herd.ts';
import { nowMs, ofLine } from './moments.ts';
import { NOTHING_AMISS, playRound } from './round.ts';
import { CALL_DEADLINE_MS, LEASE_MS, openStage, RENEW_DEADLINE_MS } from './stage.ts';
import { failover, type Strike } from './strike.ts';

const REST_MS = 3_000;
/** The renew deadline, and a timer that is late. */
const LOST_WITHIN_MS = RENEW_DEADLINE_MS + 1_000;
/** For the last answers, the Events and a release that nobody hears. */
const ENDED_WITHIN_MS = 6_000;
/** From when on a leader may send nothing, counted from its last renewal; then the last answer. */
const SILENT_AFTER_MS = RENEW_DEADLINE_MS + CALL_DEADLINE_MS;

/** Until its leader has ended, and then for two leases more. */
function freeze(plane: ControlPlane): Strike {
  return async (stage, leader) => {
    const frozenAtMs = nowMs();
    plane.freeze();
    try {
      expect(await leader.exited).toBe(1);
      const [lost] = leader.said('leadership is lost');
      expect(ofLine(lost) - frozenAtMs).toBeLessThan(LOST_WITHIN_MS);
      expect(nowMs() - frozenAtMs).toBeLessThan(LOST_WITHIN_MS + ENDED_WITHIN_MS);
      const until = nowMs() + 2 * LEASE_MS;
      await waitFor('two leases to pass', () => nowMs() > until);
      expect(stage.replicas.filter((each) => each.isLeading())).toEqual([]);
      const late = stage.cognito.log.calls().filter(({ at }) => at > frozenAtMs + SILENT_AFTER_MS);
      expect(late).toEqual([]);
    } finally {
      plane.thaw();
    }
    return failover(stage, leader, nowMs());
  };
}

describeOnCluster('an API server that stood still longer than the lease', () => {
  test('is served again a lease after it goes on', { timeout: 120_000 }, async () => {
    const plane = await startControlPlane();
    try {
      await using stage = await openStage({ admin: plane, launch, areReplaced: true });
      const herd = await gatherHerd(stage, HERD);
      const { roll } = createSeededChance(2);
      const outcome = await playRound(stage, herd, { strike: freeze(plane), roll });
      expect(outcome).toMatchObject(NOTHING_AMISS);
      expect(outcome.failover.toFirstMutationMs).toBeLessThan(LEASE_MS + REST_MS);
    } finally {
      await plane.stop();
    }
  });
});
