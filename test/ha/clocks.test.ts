/** Wall clocks that disagree: a lease is waited out by the standby's own monotonic clock. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { aResourceServer } from '../support/builders.ts';
import type { Environment } from '../support/launch.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { waitFor } from '../support/wait.ts';
import { nowMs } from './moments.ts';
import { LEASE_MS, openStage } from './stage.ts';

const MINUTE_MS = 60_000;

/** Amazon refuses signatures that are five minutes off. */
const SHIFTS_MINUTES = [-4, 4, -60, 60];

function shifted(minutes: number): Environment {
  const preload = join(import.meta.dirname, 'shifted-clock.ts');
  return {
    NODE_OPTIONS: `--import=${preload}`,
    SHIFTED_CLOCK_MS: String(minutes * MINUTE_MS),
  };
}

describeOnCluster('a standby whose clock is wrong', (admin) => {
  for (const minutes of SHIFTS_MINUTES) {
    test(`by ${minutes} minutes waits a lease out, and no longer`, async () => {
      await using stage = await openStage({ admin, launch, replicas: 1 });
      const [leader = stage.start()] = stage.replicas;
      const standby = stage.start({}, shifted(minutes));
      await stage.untilReady(standby);
      const pool = stage.pool();
      await stage.user.apply(aResourceServer().inPool(pool.id));
      await stage.user.untilReady();
      expect(standby.calls()).toEqual([]);
      await leader.kill();
      const renewedAtMs = await stage.leaseRenewedAtMs();
      await stage.user.editSpec({ name: 'Edited while nobody led' });
      // A clock that was believed would take it at once, or minutes later.
      const { time } = await standby.untilSaid('leading');
      const ledAtMs = Date.parse(String(time)) - minutes * MINUTE_MS;
      expect(ledAtMs - renewedAtMs).toBeGreaterThanOrEqual(LEASE_MS);
      await stage.user.untilReady();
      expect(pool.effects()).toEqual(['Create', 'Update']);
      const [{ signedAt = 0 } = {}] = standby.calls();
      expect(Math.round((signedAt - Date.now()) / MINUTE_MS)).toBe(minutes);
    });
  }
});

describeOnCluster('a leader whose clock is wrong', (admin) => {
  for (const minutes of SHIFTS_MINUTES) {
    test(`by ${minutes} minutes keeps its lease`, async () => {
      await using stage = await openStage({ admin, launch, replicas: 0 });
      const leader = stage.start({}, shifted(minutes));
      await leader.untilLeading();
      const standby = stage.start();
      await stage.untilReady(standby);
      const holder = await stage.leaseHolder();
      const until = nowMs() + 2 * LEASE_MS;
      await waitFor('two leases to pass', () => nowMs() > until);
      expect(await stage.leaseHolder()).toBe(holder);
      expect(standby.said('leading')).toEqual([]);
    });
  }
});
