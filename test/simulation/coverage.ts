/**
 * What a swarm has to have lived through before "no violation" means anything: named situations,
 * counted. A run of many lives in which one of them never happened has not searched there.
 */
import { EVENT_REASONS, findCondition, REASONS } from '../../src/api/conditions.ts';
import { FAULTS } from './dice.ts';
import type { Moment, Witness } from './moment.ts';
import { createSituations, SITUATIONS } from './situations.ts';

export type Coverage = Readonly<Record<string, number>>;

/** Told by `count` of the metric `cognito_operator_watch_reconnects_total`. */
const RECONNECTS = [
  'Broken',
  'Expired',
  'Forbidden',
  'Idle',
  'NotFound',
  'Refused',
  'Renewed',
  'Rewound',
  'Short',
  'TooManyRequests',
  'Unauthorized',
] as const;
/**
 * Not `ObservationStale`: it takes a call under way whose resource lost its finalizer by hand, and
 * another that looks at the same server in those milliseconds.
 */
const WITHHELD = ['ClaimChanged', 'NotLeader', 'PlaceVoid'] as const;
const ENDS = ['Stopped', 'LostLease'] as const;
/** No scope of a plan is as long. */
const OUT_OF_REACH: ReadonlySet<string> = new Set(['ScopeTooLong']);

const EXPECTED: readonly string[] = [
  ...SITUATIONS,
  ...REASONS.map((reason) => `Ready says ${reason}`),
  ...EVENT_REASONS.filter((each) => !OUT_OF_REACH.has(each)).map((each) => `event ${each}`),
  ...RECONNECTS.map((reason) => `a watch ended: ${reason}`),
  ...WITHHELD.map((because) => `a request was withheld: ${because}`),
  ...ENDS.map((how) => `a process ended: ${how}`),
  ...FAULTS.map((name) => `fault ${name}`),
];

export const NOTHING: Coverage = Object.fromEntries(EXPECTED.map((each) => [each, 0]));

export function createCoverage(): { readonly see: Witness; counts(): Coverage } {
  const counts: Record<string, number> = { ...NOTHING };
  const count = (situation: string): void => {
    counts[situation] = (counts[situation] ?? 0) + 1;
  };
  const situations = createSituations(count);
  return {
    see: (moment, atMs) => {
      const word = wordOf(moment);
      if (word !== undefined) count(word);
      situations(moment, atMs);
    },
    counts: () => counts,
  };
}

export function sumOf(all: Iterable<Coverage>): Coverage {
  const sum: Record<string, number> = { ...NOTHING };
  for (const each of all)
    for (const [name, times] of Object.entries(each)) sum[name] = (sum[name] ?? 0) + times;
  return sum;
}

export function neverSeen(coverage: Coverage): readonly string[] {
  return EXPECTED.filter((each) => (coverage[each] ?? 0) === 0);
}

/** What one moment alone shows. */
function wordOf(moment: Moment): string | undefined {
  switch (moment.kind) {
    case 'Cognito':
    case 'Kubernetes':
      if (moment.stage.kind !== 'Withheld') return undefined;
      return `a request was withheld: ${moment.stage.because}`;
    case 'Change':
      return saidAnew(moment.change);
    case 'Event':
      return `event ${moment.notice.reason}`;
    case 'Count':
      if (moment.name !== 'cognito_operator_watch_reconnects_total') return undefined;
      return `a watch ended: ${moment.labels['reason']}`;
    case 'Process':
      return moment.passage === 'Ended' ? `a process ended: ${moment.how}` : undefined;
    case 'Fault':
      return `fault ${moment.name}`;
    case 'Effect':
    case 'Line':
    case 'Lease':
      return undefined;
  }
}

function saidAnew({ by, before, object }: Extract<Moment, { kind: 'Change' }>['change']) {
  if (by === 'People' || before?.status === object.status) return undefined;
  const reason = findCondition(object.status.conditions, 'Ready')?.reason;
  const isNews = reason !== findCondition(before?.status.conditions, 'Ready')?.reason;
  return isNews && reason !== undefined ? `Ready says ${reason}` : undefined;
}
