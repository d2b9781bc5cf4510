/** How long nobody writes to Cognito when a leader ends, however it ends. */
import { expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { aResourceServer } from '../support/builders.ts';
import type { Flags } from '../support/launch.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import type { Pool } from '../support/pool.ts';
import { waitFor } from '../support/wait.ts';
import { AGES, DEFAULT_LEASE, LEASE_MS, openStage, SCALED, type Stage } from './stage.ts';
import { STRIKES } from './strike.ts';

interface Row {
  readonly name: string;
  readonly flags: Flags;
  readonly leaseMs: number;
}

const LEASES: readonly Row[] = [
  { name: 'scaled settings', flags: SCALED, leaseMs: LEASE_MS },
  { name: 'default settings', flags: DEFAULT_LEASE, leaseMs: 15_000 },
];

async function settle({ user }: Stage, pool: Pool, names: readonly string[]): Promise<void> {
  const ofName = (name: string) => aResourceServer().named(name).inPool(pool.id).identifiedAs(name);
  await Promise.all(names.map((name) => user.apply(ofName(name))));
  await Promise.all(names.map((name) => user.untilReady(name)));
}

/** Each of them is being created, and takes a while. */
async function createSlowly({ user }: Stage, pool: Pool, names: readonly string[]): Promise<void> {
  pool.fault('Create', { kind: 'delayMs', ms: 400, stage: 'after-effect' }, names.length);
  const ofName = (name: string) => aResourceServer().named(name).inPool(pool.id).identifiedAs(name);
  await Promise.all(names.map((name) => user.apply(ofName(name))));
  await waitFor('all to be under way', () => pool.calls('Create').length === names.length);
}

describeOnCluster('the next leader', (admin) => {
  for (const { name, flags, leaseMs } of LEASES) {
    test(`works a lease after the SIGKILL, at ${name}`, async () => {
      await using stage = await openStage({ admin, launch, flags });
      const pool = stage.pool();
      await settle(stage, pool, ['api-0']);
      const [leader = stage.start()] = stage.replicas;
      const striking = STRIKES.kill(stage, leader);
      await stage.user.editSpec({ name: 'Edited while nobody led' }, 'api-0');
      const { toFirstMutationMs } = await striking;
      // Once, and not a second time: the rest is what a busy machine takes.
      expect(toFirstMutationMs).toBeLessThan(2 * leaseMs);
      await stage.user.untilReady('api-0');
      expect(pool.effects('api-0')).toEqual(['Create', 'Update']);
    });

    test(`works at once after the SIGTERM, at ${name}`, async () => {
      await using stage = await openStage({ admin, launch, flags: { ...flags, ...AGES } });
      const pool = stage.pool();
      const names = ['api-0', 'api-1', 'api-2'];
      await createSlowly(stage, pool, names);
      const [leader = stage.start()] = stage.replicas;
      const striking = STRIKES.stop(stage, leader);
      await stage.user.apply(aResourceServer().inPool(pool.id));
      expect(await striking).toMatchObject({ exit: 0 });
      for (const each of [...names, 'weather-api']) await stage.user.untilReady(each);
      expect(names.map((each) => pool.effects(each))).toEqual(names.map(() => ['Create']));
    });
  }
});
