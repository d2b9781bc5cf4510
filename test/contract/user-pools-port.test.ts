import { afterEach } from 'vitest';
import { createCognitoRig } from '../adapters/cognito/rig.ts';
import { startCognito } from '../sandbox/cognito/server.ts';
import { describeUserPools } from './user-pools-suite.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describeUserPools('the SDK on the embedded Cognito', async () => {
  const pool = 'eu-west-1_AbCdEfGhI';
  const cognito = await startCognito({ pools: [pool], rates: 'off', shuffleScopes: false });
  const rig = createCognitoRig({ url: cognito.url });
  open.push(
    () => rig.close(),
    () => cognito.close(),
  );
  return {
    userPools: rig.userPools,
    pool,
    serversPerPool: 25,
    mutations: () => cognito.log.calls().length,
    seize: (identifier) => cognito.console.setManagedBy(pool, identifier, 'COGNITO'),
  };
});
