/** What is printed of a failure is what it takes, and nothing else. */
import { expect, test } from 'vitest';
import { NOTHING } from './coverage.ts';
import { LIKELY, NO_FAULTS } from './dice.ts';
import { PLAIN, type Plan, planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import type { Life } from './swarm.ts';

/** Fails when a resource is removed and, later, a process is killed, while Cognito is slow. */
async function relive(plan: Plan): Promise<Life> {
  const removed = plan.steps.findIndex(({ kind }) => kind === 'Remove');
  const killed = plan.steps.findLastIndex(({ kind }) => kind === 'Kill');
  const isFatal = removed >= 0 && killed > removed && plan.faults.slow > 0;
  return {
    plan,
    findings: isFatal ? [`identity/a left ${plan.steps.length} servers behind: so it says`] : [],
    trace: '',
    events: { all: 0, underFaults: 0 },
    virtualMs: 0,
    healedInMs: 0,
    coverage: NOTHING,
  };
}

test('a plan that fails is shrunk to the steps and faults that it takes, in the plainest world', async () => {
  const plan = planOf(1);
  const steps: Plan['steps'] = [
    ...plan.steps,
    { kind: 'Remove', name: 'a' },
    ...plan.steps,
    { kind: 'Kill' },
    ...plan.steps,
  ];
  const failed = await relive({ ...plan, steps, faults: LIKELY });
  const shrunk = await shrink(failed, { relive, mayGoOn: () => true });
  expect(shrunk.plan).toMatchObject({
    setting: PLAIN,
    faults: { ...NO_FAULTS, slow: LIKELY.slow },
    steps: [{ kind: 'Remove' }, { kind: 'Kill' }],
  });
  expect(shrunk.plan.steps).toHaveLength(2);
});

test('a failure that costs too many lives is told as far as it was shrunk', async () => {
  const plan = { ...planOf(1), faults: LIKELY };
  const steps: Plan['steps'] = [{ kind: 'Remove', name: 'a' }, ...plan.steps, { kind: 'Kill' }];
  let lives = 0;
  const mayGoOn = () => ++lives <= 3;
  const shrunk = await shrink(await relive({ ...plan, steps }), { relive, mayGoOn });
  expect(shrunk.findings).toHaveLength(1);
  expect(shrunk.plan.steps.length).toBeGreaterThan(2);
});
