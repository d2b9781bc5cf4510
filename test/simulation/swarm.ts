/**
 * One seed, one life: a plan under faults, then none, then three hours in which everything has to
 * come to rest, then hours in which nothing may be written any more.
 */
import { PAUSED_ANNOTATION } from '../../src/api/names.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { cognitoFails, isMutation, STRICT_RATES } from './cognito.ts';
import { NAMESPACE } from './people.ts';
import { type Faults, NAMES, type Plan, POOLS, planOf, type Step } from './plan.ts';
import { refused } from './requests.ts';
import { verdictOn } from './verdict.ts';
import { createWorld, type World } from './world.ts';

export interface Life {
  readonly plan: Plan;
  /** Sentences about what is wrong; none is how it should be. */
  readonly findings: readonly string[];
}

const HOUR_MS = 3_600_000;
const HEALING_MS = 3 * HOUR_MS;
const REST_MS = 24 * HOUR_MS;
/** Each timer of a resource at rest rings several times: the longest is 72 minutes. */
export const SHORT_REST_MS = 6 * HOUR_MS;
/** Slower than by default, so that a day has fewer renewals. */
const LEASE = { leaseDurationMs: 180_000, renewDeadlineMs: 120_000, retryPeriodMs: 30_000 };

export async function live(seed: number, atRestMs = REST_MS): Promise<Life> {
  const plan = planOf(seed);
  const world = createWorld({ settings: LEASE, seed, pools: POOLS, rates: STRICT_RATES });
  befall(world, plan);
  world.start();
  await world.advance(1_500);
  for (const step of plan.steps) await take(world, step);
  heal(world);
  await world.advance(HEALING_MS);
  const findings = [...world.broken, ...verdictOn(world)];
  const restMs = world.clock.monotonicMs();
  await world.advance(atRestMs);
  findings.push(...unrest(world, restMs));
  await world.stop();
  return { plan, findings };
}

/** A failure as one reads it: what is wrong, and how to see it again. */
export function tell({ plan, findings }: Life): string {
  const faults = Object.entries(plan.faults).filter(([, likely]) => likely > 0);
  return [
    `seed ${plan.seed}: node test/simulation/run.ts --from ${plan.seed} --to ${plan.seed + 1}`,
    ...findings.map((each) => `  ${each}`),
    `  faults: ${faults.map(([name]) => name).join(', ')}`,
    ...plan.steps.map((step) => `  ${JSON.stringify(step)}`),
  ].join('\n');
}

/* ---------------------------------------------------------------- the faults */

function befall(world: World, { faults, seed }: Plan): void {
  const chance = createSeededChance(seed + 1);
  const is = (fault: keyof Faults): boolean => chance.roll() < faults[fault];
  const ms = (most: number): number => Math.floor(chance.roll() * most);
  world.roads.cognito = ({ operation }) => {
    if (operation === 'List' && is('listDenied'))
      return { fate: cognitoFails('AccessDeniedException', operation) };
    if (is('throttled')) return { fate: cognitoFails('TooManyRequestsException', operation) };
    if (is('bad')) return { fate: cognitoFails('InternalErrorException', operation) };
    if (is('denied')) return { fate: cognitoFails('NotAuthorizedException', operation) };
    if (operation === 'Create' && is('quota'))
      return { fate: cognitoFails('LimitExceededException', operation) };
    if (is('requestLost')) return { fate: 'RequestLost' };
    if (is('answerLost')) return { fate: 'AnswerLost' };
    if (is('late')) return { outMs: 4_000 + ms(25_000) };
    return is('slow') ? { backMs: ms(3_500) } : undefined;
  };
  world.roads.kubernetes = () => {
    if (is('kubernetesRefused')) return { fate: refused(500) };
    if (is('kubernetesRequestLost')) return { fate: 'RequestLost' };
    if (is('kubernetesAnswerLost')) return { fate: 'AnswerLost' };
    return is('kubernetesLate') ? { outMs: 10_000 + ms(15_000) } : undefined;
  };
}

/** No more faults, and nobody paused. What was sent late may still land. */
function heal(world: World): void {
  world.roads.cognito = () => undefined;
  world.roads.kubernetes = () => undefined;
  for (const name of NAMES) {
    const isThere = world.people.find(name) !== undefined;
    if (isThere) world.people.annotate(name, { [PAUSED_ANNOTATION]: null });
  }
}

/* ----------------------------------------------------------------- the steps */

async function take(world: World, step: Step): Promise<void> {
  const { people, cognito } = world;
  switch (step.kind) {
    case 'Apply': {
      const { name, spec } = step;
      if (people.find(name) === undefined)
        people.apply({ metadata: { name, namespace: NAMESPACE }, spec });
      return;
    }
    case 'Edit':
      if (people.find(step.name) !== undefined) people.edit(step.name, step.spec);
      return;
    case 'Remove':
      return people.remove(step.name);
    case 'Annotate':
      if (people.find(step.name) !== undefined)
        people.annotate(step.name, { [step.annotation]: step.value });
      return;
    case 'Vandalise':
      if (cognito.get(step.identity) !== undefined)
        cognito.put(step.identity, { name: 'vandal', scopes: [] });
      return;
    case 'Drop':
      return cognito.drop(step.identity);
    case 'Kill':
      world.kill();
      return world.start();
    case 'ResetWatches':
      return world.resetWatches();
    case 'Compact':
      return world.objects.compact();
    case 'Wait':
      return world.advance(step.ms);
  }
}

/* -------------------------------------------------------------------- the rest */

function unrest(world: World, sinceMs: number): readonly string[] {
  const calls = world.calls.filter(
    ({ atMs, operation }) => atMs > sinceMs && isMutation(operation),
  );
  const writes = world.writes.filter(({ atMs }) => atMs > sinceMs);
  return [
    ...calls.slice(0, 3).map((each) => `has no rest: ${each.operation} of ${each.identifier}`),
    ...writes.slice(0, 3).map(({ key, patch }) => `has no rest: ${key} ${JSON.stringify(patch)}`),
  ];
}
