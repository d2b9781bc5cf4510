/** The simulated ports keep what the real ones promise; in real time, which the suites wait for. */
import { createSystemClock } from '../../src/adapters/system.ts';
import { describeCluster } from '../contract/cluster-suite.ts';
import { describeUserPools } from '../contract/user-pools-suite.ts';
import { ACCOUNT, POOL } from '../support/builders.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { createSimulatedCluster } from './cluster.ts';
import { SimulatedCognito } from './cognito.ts';
import { type Manifest, Objects } from './objects.ts';
import { createSimulatedUserPools } from './user-pools.ts';

const clock = createSystemClock();
const AT_ONCE = { outMs: 0, backMs: 0 };
const nature = { clock, life: { isOver: false }, journey: AT_ONCE };

describeCluster('simulated', async () => {
  const objects = new Objects(clock);
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
    clock,
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
    userPools: createSimulatedUserPools({ ...nature, cognito, road: () => undefined }),
    pool: POOL,
    serversPerPool: 25,
    mutations: () => effects,
    seize: (identifier) => cognito.seize({ userPoolId: POOL, identifier }),
  };
});
