/** All plans that follow from the plain run of a scenario, and what may be sampled beside them. */
import type { Blow, Plan } from './plan.ts';
import type { Run } from './play.ts';
import { STAGES } from './proxy.ts';
import type { Scenario } from './scenarios.ts';

/** The Lease is read and renewed by the clock: a third time is like the second. */
const REPEATED = /^(get|update) leases .* #(?!1$|2$)\d+$/;

/** Every call of the life that the scenario is about, at every stage. */
export function blowsOf(calls: readonly string[] | undefined): readonly Blow[] {
  return (calls ?? [])
    .filter((call) => !REPEATED.test(call))
    .flatMap((call) => STAGES.map((stage) => ({ stage, call })));
}

export function singlesOf(
  { name: scenario, victim }: Scenario,
  plain: Pick<Run, 'calls'>,
): readonly Plan[] {
  return blowsOf(plain.calls[victim]).map((blow) => ({
    scenario,
    fate: { kind: 'kill', blows: [blow] },
  }));
}

/** Of the first life, as long as it lives, and of one watch: who serves two namespaces has two. */
export function hasStales({ victim, isAcross = false }: Scenario): boolean {
  return victim === 0 && !isAcross;
}

/** A new process that is told of the past, and notifications that are held up or lost. */
export function stalesOf(
  { name: scenario }: Scenario,
  plain: Pick<Run, 'frames'>,
): readonly Plan[] {
  return Array.from({ length: plain.frames }, (_, index): readonly Plan[] => [
    { scenario, fate: { kind: 'past', frame: index } },
    { scenario, fate: { kind: 'withhold', frame: index + 1 } },
    { scenario, fate: { kind: 'cut', frame: index + 1 } },
  ]).flat();
}

const READ = /^(get|list|watch|Describe|List|GetCallerIdentity)\b/;

/** A call that changes nothing leaves the same world wherever its sender dies before the answer. */
export function isDistinct({ fate }: Plan): boolean {
  if (fate.kind !== 'kill') return true;
  return fate.blows.every(({ stage, call }) => !READ.test(call) || /before|answered/.test(stage));
}
