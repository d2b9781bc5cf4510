import { expect, test } from 'vitest';
import { canaryEnvironment } from './canaries.ts';
import type { OperatorProcess } from './launch.ts';
import { createOutputWatch } from './output-watch.ts';

const KUBERNETES = {
  operatorKubeconfig: 'users: [{user: {token: none}}]',
  request: async () => ({ status: 404, body: {} }),
};

test.each([
  ['standard output', { lines: [{ level: 'info', msg: 'SECRET' }] }],
  ['a field of standard output', { lines: [{ level: 'info', msg: 'm', key: { in: 'SECRET' } }] }],
  ['standard error', { complaints: 'Error: SECRET' }],
])('%s must not hold a secret', async (_, said) => {
  const environment = canaryEnvironment();
  const outputOf = (secret: string) =>
    leaksOf(JSON.parse(JSON.stringify(said).replace('SECRET', secret)), environment);
  expect(await outputOf('nothing')).toEqual([]);
  expect(await outputOf(environment.AWS_SECRET_ACCESS_KEY)).toEqual([
    'the log holds the secret access key, as it is',
  ]);
});

async function leaksOf(
  said: Partial<OperatorProcess>,
  environment: ReturnType<typeof canaryEnvironment>,
): Promise<readonly string[]> {
  const watch = createOutputWatch(KUBERNETES);
  watch.guard(ended(said), environment);
  return watch.leaks();
}

function ended(said: Partial<OperatorProcess>): OperatorProcess {
  const nothing = { lines: [], complaints: '', said: () => [], isRunning: () => false };
  return { ...nothing, ...said } as unknown as OperatorProcess;
}
