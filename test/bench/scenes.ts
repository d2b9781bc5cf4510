/** All scenes, in the order of the table. */
import type { Scene } from './row.ts';
import { auditing } from './scenes/auditing.ts';
import { clusterFailover } from './scenes/cluster-failover.ts';
import { clusterFleet } from './scenes/cluster-fleet.ts';
import { clusterLatency } from './scenes/cluster-latency.ts';
import { clusterRest } from './scenes/cluster-rest.ts';
import { crowdedAccount } from './scenes/crowded-account.ts';
import { crowdedPool } from './scenes/crowded-pool.ts';
import { fleet } from './scenes/fleet.ts';
import { latency } from './scenes/latency.ts';
import { oneCreate } from './scenes/one-create.ts';
import { startUp } from './scenes/start-up.ts';

export const SCENES: readonly Scene[] = [
  oneCreate,
  auditing,
  crowdedPool,
  crowdedAccount,
  latency,
  fleet,
  startUp,
  clusterLatency,
  clusterRest,
  clusterFleet,
  clusterFailover,
];
