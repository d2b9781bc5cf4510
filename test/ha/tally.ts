/** What many rounds came to, by what befell the leader. */
import { percentile } from '../bench/statistics.ts';
import { columns } from '../sandbox/demo/columns.ts';
import type { Outcome } from './round.ts';
import type { StrikeName } from './strike.ts';

export type NamedOutcome = Outcome & { readonly name: StrikeName | 'ended by itself' };

const HEAD = [
  'blow',
  'rounds',
  'next leads: p50 p99 max',
  'next writes: p50 p99 max',
  'doubled',
  'lost',
  'stolen',
  'throttled',
  'delivered late',
];

/** Milliseconds from the blow; from the last answer to whoever was asked to stop. */
export function tallyText(outcomes: readonly NamedOutcome[]): string {
  const byName = Map.groupBy(outcomes, ({ name }) => name);
  const lines = [...byName].map(([name, group]) => cellsOf(name, group));
  return columns([HEAD, ...lines, cellsOf('all', outcomes)]).join('\n');
}

function cellsOf(name: string, group: readonly Outcome[]): readonly string[] {
  const sum = (count: (outcome: Outcome) => number) =>
    String(group.map(count).reduce((total, each) => total + each, 0));
  const spread = (ms: (outcome: Outcome) => number) =>
    [50, 99, 100].map((percent) => Math.round(percentile(group.map(ms), percent))).join(' ');
  return [
    name,
    String(group.length),
    spread(({ failover }) => failover.toLeadingMs),
    spread(({ failover }) => failover.toFirstMutationMs),
    sum(({ doubled }) => doubled),
    sum(({ lost }) => lost),
    sum(({ stolen }) => stolen),
    sum(({ throttled }) => throttled),
    sum(({ failover }) => failover.deliveredLate),
  ];
}
