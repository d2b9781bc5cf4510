/** Many plans, some worlds at a time, and what they came to. */
import { isPair, type Plan, planText } from './plan.ts';
import { play, type Run, type Theatre } from './play.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { type Finding, findingsOf } from './verdict.ts';

export interface Played {
  readonly plan: Plan;
  /** Undefined when it did not come to an end. */
  readonly run: Run | undefined;
  readonly findings: readonly Finding[];
  /** Its fate did not befall, however often it was tried; of pairs nobody promises that. */
  readonly isUnreached: boolean;
}

/**
 * Calls that run beside each other come in any order, and once in a while not at all: in 22 of 60
 * plain runs of `create` the operator led before its first watch was open, and opened only one.
 * Three tries missed such a second watch in 5 % of its plans; ten miss it in 5 of 100,000.
 */
const TRIES_MAX = 10;

export function scenarioOf({ scenario }: Plan): Scenario {
  const found = SCENARIOS.find(({ name }) => name === scenario);
  if (found === undefined) throw new Error(`no scenario ${scenario}`);
  return found;
}

export async function playPlan(theatre: Theatre, plan: Plan, plain: Run): Promise<Played> {
  const scenario = scenarioOf(plan);
  for (let tries = 1; ; tries += 1) {
    const run = await play(theatre, scenario, plan.fate).catch((error: unknown) => String(error));
    if (typeof run === 'string') {
      const what = `it did not come to its end: ${run}`;
      return { plan, run: undefined, findings: [{ harm: 'lost', what }], isUnreached: false };
    }
    const findings = findingsOf({ scenario, fate: plan.fate }, plain, run);
    const isUnreached = !run.isFulfilled && !isPair(plan);
    if (!isUnreached || findings.length > 0 || tries === TRIES_MAX)
      return { plan, run, findings, isUnreached };
  }
}

/** Some at a time, in their order; no other one is begun once `isOver`. */
export async function playAll<T, R>(
  { worlds, isOver = () => false }: { readonly worlds: number; readonly isOver?: () => boolean },
  plans: Iterable<T>,
  playOne: (plan: T) => Promise<R>,
): Promise<readonly R[]> {
  const all = plans[Symbol.iterator]();
  const played: R[] = [];
  const work = async (): Promise<void> => {
    while (!isOver()) {
      const { done, value } = all.next();
      if (done === true) return;
      played.push(await playOne(value));
    }
  };
  await Promise.all(Array.from({ length: worlds }, work));
  return played;
}

/** What went wrong, and how to see it again. */
export function complaintOf({ plan, findings, isUnreached, run }: Played): string | undefined {
  if (findings.length === 0 && !isUnreached) return undefined;
  const what = findings.map((each) => `  ${each.harm}: ${each.what}`);
  const unreached = isUnreached ? ['  its fate did not befall'] : [];
  return [planText(plan), ...what, ...unreached, run?.words ?? ''].join('\n');
}
