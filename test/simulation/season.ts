/** What many lives came to, in numbers: for a terminal, and for a page that is generated. */
import { type Coverage, neverSeen, sumOf } from './coverage.ts';
import type { Report } from './lives.ts';
import { commit } from './telling.ts';

export interface Season {
  readonly commit: string;
  readonly node: string;
  readonly lives: number;
  readonly wallSeconds: number;
  /** Timers, requests, answers and frames that happened. */
  readonly events: number;
  readonly eventsUnderFaults: number;
  readonly cpuSeconds: number;
  readonly eventsPerCpuSecond: number;
  readonly virtualDays: number;
  readonly slowestHealingMinutes: number;
  readonly coverage: Coverage;
  readonly neverSeen: readonly string[];
  /** Why what was never seen is no failure; `undefined`: it is one. */
  readonly coverageUnjudged: string | undefined;
  readonly failures: readonly string[];
}

const DAY_MS = 86_400_000;
/** What a nightly lives for: however few lives that were, all that is looked for has to come. */
export const NIGHTLY_MINUTES = 30;

/** How long it was told to be, in minutes; or which lives to live. */
export type Length = number | 'Named';

export function seasonOf(reports: readonly Report[], wallMs: number, length: Length): Season {
  const total = (of: (report: Report) => number): number =>
    reports.reduce((sum, each) => sum + of(each), 0);
  const coverage = sumOf(reports.map((each) => each.coverage));
  const events = total((each) => each.events.all);
  const cpuSeconds = total(({ cpuMs }) => cpuMs) / 1_000;
  return {
    commit: commit(),
    node: process.version,
    lives: reports.length,
    wallSeconds: Math.round(wallMs / 1_000),
    events,
    eventsUnderFaults: total((each) => each.events.underFaults),
    cpuSeconds: Math.round(cpuSeconds),
    eventsPerCpuSecond: Math.round(events / cpuSeconds),
    virtualDays: Math.round(total(({ virtualMs }) => virtualMs) / DAY_MS),
    slowestHealingMinutes: Math.max(0, ...reports.map((each) => (each.healedInMs ?? 0) / 60_000)),
    coverage,
    neverSeen: neverSeen(coverage),
    coverageUnjudged: excuseFor(length),
    failures: reports.flatMap(({ failure }) => failure ?? []),
  };
}

function excuseFor(length: Length): string | undefined {
  if (length === 'Named') return 'these lives were asked for, and no others';
  if (length >= NIGHTLY_MINUTES) return undefined;
  return `${length} minutes were asked for, and ${NIGHTLY_MINUTES} are needed`;
}

export function isWell({ failures, neverSeen: never, coverageUnjudged }: Season): boolean {
  return failures.length === 0 && (never.length === 0 || coverageUnjudged !== undefined);
}

export function asText(season: Season): string {
  const { coverage, neverSeen: never, coverageUnjudged: _, failures, ...numbers } = season;
  const width = Math.max(...Object.keys(coverage).map(({ length }) => length));
  const rows = Object.entries(coverage).map(([name, times]) => `${name.padEnd(width)} ${times}`);
  return [
    ...rows,
    '',
    ...Object.entries(numbers).map(([name, value]) => `${name}: ${value}`),
    `never seen: ${never.join('; ') || 'nothing'}`,
    `coverage: ${verdictOn(season)}`,
    `violations: ${failures.length}`,
  ].join('\n');
}

function verdictOn({ neverSeen: never, coverageUnjudged }: Season): string {
  if (coverageUnjudged !== undefined) return `not judged: ${coverageUnjudged}`;
  return never.length === 0 ? 'complete' : 'FAILED: what is looked for never came';
}
