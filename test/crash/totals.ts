/** What a season came to, in numbers: for people, and as JSON for a page about it. */
import { columns } from '../sandbox/demo/columns.ts';
import type { Played } from './campaign.ts';
import { isPair, type Plan, planText } from './plan.ts';
import type { Season } from './season.ts';

export interface Totals {
  /** What the operators ran against. */
  readonly server: string;
  readonly seed: number;
  readonly minutes: number;
  /** By scenario: the calls of its plain run, and the crash points they make. */
  readonly scenarios: Readonly<Record<string, { readonly calls: number; readonly points: number }>>;
  /** By kind: plans there were, of those that are finite, and plans that were played. */
  readonly plans: Readonly<Record<string, { readonly of: number | null; readonly played: number }>>;
  readonly kills: number;
  readonly killsPerMinute: number;
  readonly findings: readonly Told[];
  /** Plans whose fate did not befall, pairs aside. */
  readonly unreached: readonly string[];
}

interface Told {
  readonly plan: string;
  readonly harm: string;
  readonly what: string;
}

export interface Outcome {
  readonly server: string;
  readonly seed: number;
  readonly minutes: number;
  readonly season: Season;
  readonly played: readonly Played[];
}

export function totalsOf({ season, played, ...told }: Outcome): Totals {
  const kills = played.reduce((sum, { run }) => sum + (run?.deaths ?? 0), 0);
  return {
    ...told,
    minutes: rounded(told.minutes),
    scenarios: scenariosOf(season),
    plans: plansOf(season, played),
    kills,
    killsPerMinute: rounded(kills / told.minutes),
    findings: played.flatMap(({ plan, findings }) =>
      findings.map(({ harm, what }) => ({ plan: planText(plan), harm, what })),
    ),
    unreached: played.filter(({ isUnreached }) => isUnreached).map(({ plan }) => planText(plan)),
  };
}

function scenariosOf({ singles }: Season): Totals['scenarios'] {
  const groups = Map.groupBy(singles, ({ scenario }) => scenario);
  return Object.fromEntries(
    [...groups].map(([name, plans]) => [name, { calls: callsOf(plans), points: plans.length }]),
  );
}

function callsOf(plans: readonly Plan[]): number {
  const calls = plans.flatMap(({ fate }) => (fate.kind === 'kill' ? fate.blows : []));
  return new Set(calls.map(({ call }) => call)).size;
}

function plansOf({ singles, stales }: Season, played: readonly Played[]): Totals['plans'] {
  const plans = played.map(({ plan }) => plan);
  const among = (all: readonly Plan[], kind: string) => all.filter((each) => kindOf(each) === kind);
  const finite = ['single crash', 'past', 'withhold', 'cut'].map((kind) => {
    const of = among([...singles, ...stales], kind).length;
    return [kind, { of, played: among(plans, kind).length }] as const;
  });
  const pairs = { of: null, played: among(plans, 'pair of crashes').length };
  return Object.fromEntries([...finite, ['pair of crashes', pairs]]);
}

function kindOf(plan: Plan): string {
  const { fate } = plan;
  if (isPair(plan)) return 'pair of crashes';
  return fate.kind === 'kill' ? 'single crash' : fate.kind;
}

/** Nothing is amiss, nothing finite was left out, and there was something of everything. */
export function isFlawless({ findings, unreached, plans }: Totals): boolean {
  const isWhole = Object.values(plans).every(
    ({ of, played }) => of === null || (of > 0 && played === of),
  );
  return findings.length === 0 && unreached.length === 0 && isWhole;
}

export function totalsText(totals: Totals): string {
  const { server, seed, minutes, kills, killsPerMinute, findings, unreached } = totals;
  const scenarios = Object.entries(totals.scenarios).map(([name, { calls, points }]) => [
    name,
    String(calls),
    String(points),
  ]);
  const plans = Object.entries(totals.plans).map(([kind, { of, played }]) => [
    kind,
    String(played),
    of === null ? 'sampled' : String(of),
  ]);
  return [
    `against ${server}, seed ${seed}, ${minutes} minutes`,
    '',
    columns([['scenario', 'calls', 'crash points'], ...scenarios]).join('\n'),
    '',
    columns([['plan', 'played', 'of'], ...plans]).join('\n'),
    '',
    `${kills} kills, ${killsPerMinute} a minute`,
    `${findings.length} findings, ${unreached.length} plans whose fate did not befall`,
    ...findings.map(({ plan, harm, what }) => `  ${harm}: ${plan}: ${what}`),
    ...unreached.map((plan) => `  not reached: ${plan}`),
    '',
  ].join('\n');
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
