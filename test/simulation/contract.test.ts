/** The simulated ports keep what the real ones promise; in real time, which the suites wait for. */
import { afterAll } from 'vitest';
import { describeCluster } from '../contract/cluster-suite.ts';
import { describeUserPools } from '../contract/user-pools-suite.ts';
import { ACCOUNT, POOL } from '../support/builders.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { createSimulatedCluster } from './cluster.ts';
import { SimulatedCognito } from './cognito.ts';
import { type Manifest, Objects } from './objects.ts';
import { createSimulatedUserPools } from './user-pools.ts';
import { aliveLife, createVirtualTime } from './virtual-time.ts';

const PACE_MS = 10;
const time = createVirtualTime();
const pace = setInterval(() => void time.advance(PACE_MS), PACE_MS);
afterAll(() => clearInterval(pace));

const AT_ONCE = { outMs: 0, backMs: 0 };
const nature = { time, life: aliveLife(), journey: AT_ONCE };

describeCluster('simulated', async () => {
  const objects = new Objects(time);
  const breaks = new Set<() => void>();
  return {
    cluster: createSimulatedCluster({ ...nature, objects, breaks, road: () => undefined }),
    namespaces: ['default', 'elsewhere'],
    async create(manifest) {
      objects.create(manifest as Manifest);
    },
    async remove(namespace, name) {
      objects.remove(`${namespace}/${name}`);
    },
  };
});

describeUserPools('simulated', async () => {
  const cognito = new SimulatedCognito({
    clock: time,
    chance: createSeededChance(0),
    account: ACCOUNT,
    pools: [POOL],
    rates: 'off',
    serversPerPool: 25,
    shuffleScopes: false,
  });
  let effects = 0;
  cognito.onEffect(({ by }) => {
    effects += by === 'Us' ? 1 : 0;
  });
  return {
    userPools: createSimulatedUserPools({
      ...nature,
      account: ACCOUNT,
      cognito,
      road: () => undefined,
    }),
    pool: POOL,
    serversPerPool: 25,
    mutations: () => effects,
    seize: (identifier) => cognito.seize({ userPoolId: POOL, identifier }),
  };
});
