/** How long nobody works when a leader ends, at the lease as installed. */
import { startControlPlane } from '../../cluster/control-plane.ts';
import { DEFAULT_LEASE, openStage, type Stage } from '../../ha/stage.ts';
import { type Failover, STRIKES, type StrikeName } from '../../ha/strike.ts';
import { aResourceServer } from '../../support/builders.ts';
import { launchOperator } from '../../support/launch.ts';
import { clusterScene } from '../cluster-scene.ts';

const LEASE_MS = 15_000;
const REST_MS = 3_000;
const LEADS_WITHIN_MS = 1_000;

export const clusterFailover = clusterScene({
  name: 'failover',
  bars: [
    {
      measure: 'real API server: SIGKILL to the first mutation of the next leader',
      bar: '<= 18 s (lease 15 s)',
    },
    {
      measure: 'real API server: last answer before the end by SIGTERM to the next leader',
      bar: '<= 1 s',
    },
  ],
  play: async ({ bundle, nodeOptions }, binaries) => {
    const admin = await startControlPlane({ binaries });
    try {
      await using stage = await openStage({
        admin,
        launch: (flags, environment) =>
          launchOperator(bundle, flags, { ...environment, NODE_OPTIONS: nodeOptions }),
        flags: DEFAULT_LEASE,
      });
      const killed = await failover(stage, 'kill');
      stage.start();
      const stopped = await failover(stage, 'stop');
      return [
        {
          measured: `${(killed.toFirstMutationMs / 1_000).toFixed(1)} s`,
          isMet: killed.toFirstMutationMs <= LEASE_MS + REST_MS,
        },
        {
          measured: `${Math.round(stopped.toLeadingMs)} ms`,
          isMet: stopped.toLeadingMs <= LEADS_WITHIN_MS,
        },
      ];
    } finally {
      await admin.stop();
    }
  },
});

/** Something is wished while nobody leads. */
async function failover(stage: Stage, name: StrikeName): Promise<Failover> {
  const leader = await stage.untilLed();
  for (const replica of stage.replicas) if (replica.isRunning()) await stage.untilReady(replica);
  const before = aResourceServer().named(`${name}-0`).identifiedAs(`${name}-0`);
  const pool = stage.pool();
  await stage.user.apply(before.inPool(pool.id));
  await stage.user.untilReady(`${name}-0`);
  const striking = STRIKES[name](stage, leader);
  await stage.user.editSpec({ name: 'Edited while nobody led' }, `${name}-0`);
  return striking;
}
