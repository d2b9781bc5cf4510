/** A process that lives the seeds it is sent, one after the other, and reports each. */
import { type Plan, planOf } from './plan.ts';
import { shrink, within } from './shrink.ts';
import { BRIEFLY, type Life, live, type Peace, UNREST } from './swarm.ts';
import { commit, tell } from './telling.ts';

export interface Errand {
  readonly plan: Plan | number;
  readonly peace: Peace;
  /** Lived twice, to see whether both leave the same trace. */
  readonly twice: boolean;
  /** What a failure may take until it is told. */
  readonly shrinkingMs: number;
}

export interface Report extends Pick<Life, 'events' | 'virtualMs' | 'healedInMs' | 'coverage'> {
  readonly seed: number;
  readonly cpuMs: number;
  /** `undefined`: all is well. */
  readonly failure: string | undefined;
}

async function report({ plan, peace, twice, shrinkingMs }: Errand): Promise<Report> {
  const whole = typeof plan === 'number' ? planOf(plan) : plan;
  const cpu = process.cpuUsage();
  const life = await live(whole, peace);
  const { user, system } = process.cpuUsage(cpu);
  const other = twice ? await live(whole, peace) : life;
  const isSame = other.trace === life.trace && other.events.all === life.events.all;
  const { events, virtualMs, healedInMs, coverage } = life;
  const seen = { events, virtualMs, healedInMs, coverage, cpuMs: (user + system) / 1_000 };
  const isWell = life.findings.length === 0 && isSame;
  const failure = isWell ? undefined : await failureOf(life, isSame, { peace, shrinkingMs });
  return { seed: whole.seed, ...seen, failure };
}

async function failureOf(
  life: Life,
  isSame: boolean,
  { peace, shrinkingMs }: Pick<Errand, 'peace' | 'shrinkingMs'>,
): Promise<string> {
  if (!isSame) return `seed ${life.plan.seed} at ${commit()} did not live the same life twice`;
  const isUnrest = life.findings.some((each) => each.startsWith(UNREST));
  const relive = (plan: Plan) => live(plan, isUnrest ? peace : BRIEFLY);
  return tell(await shrink(life, { relive, mayGoOn: within(shrinkingMs) }));
}

process.on('message', (errand: Errand) => {
  void report(errand).then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit());
