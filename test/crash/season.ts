/** All there is to play: the plain runs, every single crash, the stale worlds, sampled pairs. */
import { type Played, playAll, playPlan } from './campaign.ts';
import { type Plan, planText } from './plan.ts';
import { blowsOf, hasStales, singlesOf, stalesOf } from './plans.ts';
import { play, type Run, type Theatre } from './play.ts';
import { CRASHING, SCENARIOS, type Scenario } from './scenarios.ts';

export interface Pace {
  readonly worlds: number;
  readonly isOver?: () => boolean;
  /** Told of each plan as it was played. */
  readonly tell?: (played: Played) => void;
}

export interface Season {
  /** By name of the scenario. */
  readonly plain: ReadonlyMap<string, Run>;
  /** All crash points, whatever became of them. */
  readonly singles: readonly Plan[];
  readonly stales: readonly Plan[];
  play(plans: Iterable<Plan>, pace: Pace): Promise<readonly Played[]>;
}

export async function prepare(
  theatre: Theatre,
  { worlds }: Pace,
  scenarios: readonly Scenario[] = SCENARIOS,
): Promise<Season> {
  const runs = await playAll({ worlds }, scenarios, async (scenario) => {
    return [scenario, await play(theatre, scenario, { kind: 'plain' })] as const;
  });
  const plain = new Map(runs.map(([{ name }, run]) => [name, run]));
  const plainOf = ({ scenario }: Pick<Plan, 'scenario'>): Run => {
    const run = plain.get(scenario);
    if (run === undefined) throw new Error(`no plain run of ${scenario}`);
    return run;
  };
  type Enumerate = (scenario: Scenario, plain: Run) => readonly Plan[];
  const enumerate = (of: readonly Scenario[], plansOf: Enumerate): readonly Plan[] =>
    runs
      .filter(([each]) => of.includes(each))
      .flatMap(([each, run]) => some(each, plansOf(each, run)));
  return {
    plain,
    singles: enumerate(CRASHING, singlesOf),
    stales: enumerate(SCENARIOS.filter(hasStales), stalesOf),
    play: (plans, pace) =>
      playAll(pace, plans, async (plan) => {
        const played = await playPlan(theatre, plan, plainOf(plan));
        pace.tell?.(played);
        return played;
      }),
  };
}

/** @throws when there are none: whoever names calls, or reads notifications, has gone blind */
function some({ name }: Scenario, plans: readonly Plan[]): readonly Plan[] {
  if (plans.length === 0) throw new Error(`the plain run of ${name} has nothing to strike at`);
  return plans;
}

/** Endless: a single crash that was played, and another one at a call of the life after it. */
export function* pairsOf(
  singles: readonly Played[],
  victimOf: (plan: Plan) => number,
  roll: () => number,
): Generator<Plan> {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(roll() * from.length)];
  const ready = singles.filter(
    ({ plan, run }) => (run?.calls[victimOf(plan) + 1] ?? []).length > 0,
  );
  while (ready.length > 0) {
    const first = pick(ready);
    if (first?.plan.fate.kind !== 'kill') throw new Error('a pair begins with a crash');
    const second = pick(blowsOf(first.run?.calls[victimOf(first.plan) + 1]));
    if (second === undefined) throw new Error(`nothing comes after ${planText(first.plan)}`);
    const { scenario, fate } = first.plan;
    yield { scenario, fate: { kind: 'kill', blows: [...fate.blows, second] } };
  }
}
