/**
 * A plan that fails, made as small as it can be and still fail in the same way: first without
 * chunks of steps, ever smaller ones, then without kinds of faults, then in a plainer world.
 */
import { FAULTS } from './dice.ts';
import { PLAIN, type Plan, type Setting } from './plan.ts';
import type { Life } from './swarm.ts';

export type Relive = (plan: Plan) => Promise<Life>;

/** For so long from now, by the clock on the wall. */
export function within(ms: number): () => boolean {
  const startedAtMs = performance.now();
  return () => performance.now() - startedAtMs < ms;
}

export interface Shrinking {
  readonly relive: Relive;
  /** Asked before each life: it ends as far as it came. */
  readonly mayGoOn: () => boolean;
}

export async function shrink(failed: Life, { relive, mayGoOn }: Shrinking): Promise<Life> {
  let best = failed;
  const words = wordsOf(failed);
  const attempt = async (plan: Plan): Promise<boolean> => {
    if (!mayGoOn()) return false;
    const life = await relive(plan);
    if (!wordsOf(life).some((each) => words.includes(each))) return false;
    best = life;
    return true;
  };
  let steps: number;
  do {
    steps = best.plan.steps.length;
    await withFewerSteps(() => best.plan, attempt);
    await withFewerFaults(() => best.plan, attempt);
    await inPlainerWorld(() => best.plan, attempt);
  } while (best.plan.steps.length < steps);
  return best;
}

type Attempt = (plan: Plan) => Promise<boolean>;

/** Two findings are the same when they differ in names and numbers alone. */
function wordsOf({ findings }: Life): readonly string[] {
  return findings.map((each) =>
    each
      .replace(/^\S+\/\S+ /, '')
      .replace(/[:{].*$/s, '')
      .replaceAll(/\d+/g, '#'),
  );
}

async function withFewerSteps(plan: () => Plan, attempt: Attempt): Promise<void> {
  for (let size = Math.ceil(plan().steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < plan().steps.length; ) {
      const { steps } = plan();
      const fewer = [...steps.slice(0, at), ...steps.slice(at + size)];
      const isShorter = await attempt({ ...plan(), steps: fewer });
      if (!isShorter) at += size;
    }
  }
}

async function withFewerFaults(plan: () => Plan, attempt: Attempt): Promise<void> {
  for (const name of FAULTS) {
    const { faults } = plan();
    if (faults[name] > 0) await attempt({ ...plan(), faults: { ...faults, [name]: 0 } });
  }
}

async function inPlainerWorld(plan: () => Plan, attempt: Attempt): Promise<void> {
  for (const name of Object.keys(PLAIN) as (keyof Setting)[]) {
    const { setting } = plan();
    if (setting[name] === PLAIN[name]) continue;
    await attempt({ ...plan(), setting: { ...setting, [name]: PLAIN[name] } });
  }
}
