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
  readonly failures: readonly string[];
}

const DAY_MS = 86_400_000;

export function seasonOf(reports: readonly Report[], wallMs: number): Season {
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
    failures: reports.flatMap(({ failure }) => failure ?? []),
  };
}

export function asText(season: Season): string {
  const { coverage, neverSeen: never, failures, ...numbers } = season;
  const width = Math.max(...Object.keys(coverage).map(({ length }) => length));
  const rows = Object.entries(coverage).map(([name, times]) => `${name.padEnd(width)} ${times}`);
  return [
    ...rows,
    '',
    ...Object.entries(numbers).map(([name, value]) => `${name}: ${value}`),
    `never seen: ${never.join('; ') || 'nothing'}`,
    `violations: ${failures.length}`,
  ].join('\n');
}
